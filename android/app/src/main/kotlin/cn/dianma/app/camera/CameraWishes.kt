// What the person wants of the camera now - torch, zoom, focus on a spot - and the requests that say so.
package cn.dianma.app.camera

import android.graphics.Rect
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraMetadata
import android.hardware.camera2.CaptureRequest
import android.hardware.camera2.params.MeteringRectangle
import android.view.Surface

class CameraWishes(
    private val choice: CameraChoice,
) {
    var isTorchOn = false
    var zoom = 1f

    /** Where to be sharp, in shares of the sensor; none = the camera decides. */
    var focus: Spot? = null

    /** Pictures one after the other. */
    fun preview(device: CameraDevice, targets: List<Surface>): CaptureRequest {
        val isFilm = targets.size > 2
        val template = if (isFilm) CameraDevice.TEMPLATE_RECORD else CameraDevice.TEMPLATE_PREVIEW
        return request(device, template, targets)
            .apply {
                val torch = if (isTorchOn) CameraMetadata.FLASH_MODE_TORCH else CameraMetadata.FLASH_MODE_OFF
                set(CaptureRequest.FLASH_MODE, torch)
            }.build()
    }

    /** One full-size photo, turned upright by its own note. */
    fun photo(
        device: CameraDevice,
        target: Surface,
        rotationDegrees: Int,
    ): CaptureRequest =
        request(device, CameraDevice.TEMPLATE_STILL_CAPTURE, listOf(target))
            .apply {
                set(CaptureRequest.JPEG_ORIENTATION, rotationDegrees)
                set(CaptureRequest.JPEG_QUALITY, PHOTO_QUALITY)
                val flash = if (isTorchOn) CameraMetadata.FLASH_MODE_TORCH else CameraMetadata.FLASH_MODE_OFF
                set(CaptureRequest.FLASH_MODE, flash)
            }.build()

    private fun request(
        device: CameraDevice,
        template: Int,
        targets: List<Surface>,
    ): CaptureRequest.Builder {
        val builder = device.createCaptureRequest(template)
        targets.forEach(builder::addTarget)
        val spot = focus
        if (spot == null) {
            continuous()?.let { builder.set(CaptureRequest.CONTROL_AF_MODE, it) }
        } else {
            val region = arrayOf(region(spot))
            builder.set(CaptureRequest.CONTROL_AF_MODE, CameraMetadata.CONTROL_AF_MODE_AUTO)
            builder.set(CaptureRequest.CONTROL_AF_REGIONS, region)
            builder.set(CaptureRequest.CONTROL_AE_REGIONS, region)
            builder.set(CaptureRequest.CONTROL_AF_TRIGGER, CameraMetadata.CONTROL_AF_TRIGGER_START)
        }
        if (zoom > 1f) builder.set(CaptureRequest.SCALER_CROP_REGION, cropped())
        return builder
    }

    private fun continuous(): Int? =
        listOf(
            CameraMetadata.CONTROL_AF_MODE_CONTINUOUS_PICTURE,
            CameraMetadata.CONTROL_AF_MODE_CONTINUOUS_VIDEO,
            CameraMetadata.CONTROL_AF_MODE_AUTO,
        ).firstOrNull(choice::hasFocusMode)

    /** The middle of the sensor that fills the picture at this zoom. */
    private fun cropped(): Rect {
        val sensor = choice.sensor
        val factor = zoom.coerceIn(1f, choice.largestZoom)
        val (width, height) = (sensor.width() / factor).toInt() to (sensor.height() / factor).toInt()
        val (left, top) = (sensor.width() - width) / 2 to (sensor.height() - height) / 2
        return Rect(left, top, left + width, top + height)
    }

    private fun region(spot: Spot): MeteringRectangle {
        val area = if (zoom > 1f) cropped() else choice.sensor
        val side = area.width() / FOCUS_SHARE
        val x = (area.left + spot.x * area.width() - side / 2f).toInt().coerceIn(0, choice.sensor.width() - side)
        val y = (area.top + spot.y * area.height() - side / 2f).toInt().coerceIn(0, choice.sensor.height() - side)
        return MeteringRectangle(x, y, side, side, MeteringRectangle.METERING_WEIGHT_MAX)
    }

    private companion object {
        const val PHOTO_QUALITY: Byte = 92
        const val FOCUS_SHARE = 8
    }
}
