// Which camera of the phone, which sizes: the back one, frames near 1280 × 720, photos near 12 megapixels.
package cn.dianma.app.camera

import android.graphics.ImageFormat
import android.graphics.Rect
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraManager
import android.util.Size
import android.view.SurfaceHolder

/** A camera with what this app needs to know of it. */
class CameraChoice(
    val id: String,
    private val facts: CameraCharacteristics,
) {
    val largestZoom =
        (facts.get(CameraCharacteristics.SCALER_AVAILABLE_MAX_DIGITAL_ZOOM) ?: 1f).coerceIn(1f, MOST_ZOOM)

    /** The sensor's pixels; regions of zoom and focus are told in them. */
    val sensor: Rect =
        facts.get(CameraCharacteristics.SENSOR_INFO_ACTIVE_ARRAY_SIZE) ?: Rect(0, 0, FRAME_WIDTH, FRAME_HEIGHT)

    /** Frames and preview have the same shape, so that corners fit. */
    val frameSize: Size = nearest(sizes(ImageFormat.YUV_420_888), FRAME_WIDTH * FRAME_HEIGHT)
    val previewSize: Size = nearest(previewSizes(), FRAME_WIDTH * FRAME_HEIGHT)
    val photoSize: Size = nearest(sizes(ImageFormat.JPEG), PHOTO_PIXELS)

    fun abilities(displayDegrees: Int): CameraAbilities {
        val shape = previewSize.width.toFloat() / previewSize.height
        val isTurned = rotation(displayDegrees) % (FULL / 2) != 0
        val hasTorch = facts.get(CameraCharacteristics.FLASH_INFO_AVAILABLE) == true
        return CameraAbilities(hasTorch, largestZoom, if (isTurned) 1 / shape else shape)
    }

    /** How far a picture is turned for a display that is turned by [displayDegrees]. */
    fun rotation(displayDegrees: Int): Int {
        val own = facts.get(CameraCharacteristics.SENSOR_ORIENTATION) ?: QUARTER
        val isFront = facts.get(CameraCharacteristics.LENS_FACING) == CameraCharacteristics.LENS_FACING_FRONT
        val turned = if (isFront) own + displayDegrees else own - displayDegrees + FULL
        return turned % FULL
    }

    val canFocusAtSpot: Boolean = (facts.get(CameraCharacteristics.CONTROL_MAX_REGIONS_AF) ?: 0) > 0

    fun hasFocusMode(mode: Int): Boolean =
        facts.get(CameraCharacteristics.CONTROL_AF_AVAILABLE_MODES)?.contains(mode) == true

    private fun map() = facts.get(CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP)

    private fun sizes(format: Int): List<Size> = map()?.getOutputSizes(format)?.toList().orEmpty()

    private fun previewSizes(): List<Size> = map()?.getOutputSizes(SurfaceHolder::class.java)?.toList().orEmpty()

    // Among sizes of the same shape the one with the nearest number of pixels; another shape only if need be.
    private fun nearest(sizes: List<Size>, pixels: Int): Size =
        sizes.minByOrNull { size ->
            val shape = size.width.toFloat() / size.height
            val isOther = Math.abs(shape - FRAME_WIDTH.toFloat() / FRAME_HEIGHT) > SHAPE_SLACK
            Math.abs(size.width * size.height - pixels).toLong() + if (isOther) OTHER_SHAPE else 0L
        } ?: Size(FRAME_WIDTH, FRAME_HEIGHT)

    companion object {
        private const val FRAME_WIDTH = 1280
        private const val FRAME_HEIGHT = 720
        private const val PHOTO_PIXELS = 12_000_000
        private const val MOST_ZOOM = 8f
        private const val SHAPE_SLACK = 0.02f
        private const val OTHER_SHAPE = 100_000_000L
        private const val QUARTER = 90
        private const val FULL = 360

        /** The back camera, else any; none when the phone has no camera. */
        fun best(manager: CameraManager): CameraChoice? {
            val all = manager.cameraIdList.map { CameraChoice(it, manager.getCameraCharacteristics(it)) }
            return all.firstOrNull { it.isBack } ?: all.firstOrNull()
        }
    }

    private val isBack get() =
        facts.get(CameraCharacteristics.LENS_FACING) == CameraCharacteristics.LENS_FACING_BACK
}
