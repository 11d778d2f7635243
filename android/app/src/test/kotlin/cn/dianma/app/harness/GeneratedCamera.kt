// A camera whose pictures are generated: it goes through the same analysis as the phone's, on a thread of
// its own, and can be denied, missing or taken away like it.
package cn.dianma.app.harness

import android.content.Context
import android.graphics.Bitmap
import android.view.View
import android.widget.ImageView
import cn.dianma.app.camera.Camera
import cn.dianma.app.camera.CameraAbilities
import cn.dianma.app.camera.CameraProblem
import cn.dianma.app.camera.CameraWatcher
import cn.dianma.app.camera.Frame
import java.io.File

class GeneratedCamera : Camera {
    /** Refuses to open. */
    var problem: CameraProblem? = null

    /** What is before the lens. */
    var plate = Plate(null)

    /** Width and height of a frame. Smaller ones for what takes the decoder long: it is built for tests here. */
    var size = WIDTH to HEIGHT

    /** How the phone is held: 90 as usual, 0 on its side. */
    var rotationDegrees = 90

    /** The shutter fails. */
    var hasBrokenShutter = false

    /** The app dies between shutter and answer: the picture is there, nobody is told. */
    var diesAtShutter = false

    val wishes = ArrayList<String>()
    var isOpen = false
        private set
    private var watcher: CameraWatcher? = null
    private var seen: ImageView? = null
    private var onFilm: ((Boolean) -> Unit)? = null

    override fun preview(context: Context): View =
        ImageView(context).apply {
            scaleType = ImageView.ScaleType.CENTER_CROP
            setImageBitmap(plate.picture(PREVIEW_WIDTH, PREVIEW_HEIGHT))
            seen = this
        }

    override fun open(watcher: CameraWatcher) {
        this.watcher = watcher
        val trouble = problem
        isOpen = trouble == null
        if (trouble ==
            null
        ) {
            watcher.onOpened(CameraAbilities(true, MOST_ZOOM, aspect()))
        } else {
            watcher.onProblem(trouble)
        }
    }

    private fun aspect(): Float {
        val shape = WIDTH.toFloat() / HEIGHT
        return if (rotationDegrees % 180 == 0) shape else 1 / shape
    }

    override fun close() {
        isOpen = false
        watcher = null
    }

    /** The camera looks at [plate] for so many frames. */
    fun look(plate: Plate = this.plate, frames: Int = 1) {
        this.plate = plate
        seen?.setImageBitmap(plate.picture(PREVIEW_WIDTH, PREVIEW_HEIGHT))
        val told = checkNotNull(watcher) { "the camera is not open" }
        val (width, height) = size
        val frame = Frame(plate.luma(width, height, width + PADDING), width, height, width + PADDING, rotationDegrees)
        val thread = Thread { repeat(frames) { told.onFrame(frame) } }
        thread.start()
        thread.join()
    }

    /** Another app takes it. */
    fun take(why: CameraProblem = CameraProblem.TAKEN) {
        val told = watcher
        close()
        told?.onProblem(why)
    }

    override fun useTorch(isOn: Boolean) {
        wishes += "torch $isOn"
    }

    override fun zoomTo(factor: Float) {
        wishes += "zoom $factor"
    }

    override fun focusAt(x: Float, y: Float) {
        wishes += "focus"
    }

    override fun takePicture(file: File, done: (Boolean) -> Unit) {
        if (hasBrokenShutter) return done(false)
        file.outputStream().use { output ->
            plate.picture(PHOTO_WIDTH, PHOTO_HEIGHT).compress(Bitmap.CompressFormat.JPEG, QUALITY, output)
        }
        if (!diesAtShutter) done(true)
    }

    override fun beginFilm(
        file: File,
        longestMs: Int,
        done: (Boolean) -> Unit,
    ) {
        file.writeBytes(film())
        onFilm = done
    }

    override fun endFilm() {
        onFilm?.invoke(true)
        onFilm = null
    }

    companion object {
        private const val WIDTH = 1280
        private const val HEIGHT = 720
        private const val PADDING = 64
        private const val PREVIEW_WIDTH = 720
        private const val PREVIEW_HEIGHT = 1280
        private const val PHOTO_WIDTH = 1800
        private const val PHOTO_HEIGHT = 1350
        private const val QUALITY = 90
        private const val MOST_ZOOM = 4f

        /** A film as far as its boxes go: brand, index, pictures. */
        fun film(): ByteArray =
            "\u0000\u0000\u0000\u0018ftypmp42\u0000\u0000\u0000\u0000mp42isom".toByteArray(Charsets.ISO_8859_1) +
                "\u0000\u0000\u0000\u0014moovvide\u0000\u0000\u0000\u0000trak".toByteArray(Charsets.ISO_8859_1) +
                "\u0000\u0000\u0020\u0000mdat".toByteArray(Charsets.ISO_8859_1) + ByteArray(0x1FF8)
    }
}
