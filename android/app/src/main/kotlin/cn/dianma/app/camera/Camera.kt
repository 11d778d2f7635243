// What screens need of a camera, whatever makes the pictures: the phone's own camera, or generated frames
// in tests. Frames come on the camera's thread, everything else on the home thread.
package cn.dianma.app.camera

import android.content.Context
import android.view.View
import java.io.File
import java.nio.ByteBuffer

/**
 * Grey rows of one picture, as they lie in the camera's memory. Valid during the call only.
 *
 * @param luma direct buffer from the first pixel on.
 * @param stride bytes from one row to the next.
 * @param rotationDegrees how far the display turns it, clockwise.
 */
class Frame(
    val luma: ByteBuffer,
    val width: Int,
    val height: Int,
    val stride: Int,
    val rotationDegrees: Int,
)

/** Why there is no picture. */
enum class CameraProblem {
    /** The person, or who manages the phone, does not allow it. */
    DENIED,

    /** The phone has none. */
    ABSENT,

    /** Another app has it, or has just taken it. */
    TAKEN,

    /** It does not answer. */
    BROKEN,
}

/** What the opened camera can do. */
data class CameraAbilities(
    val hasTorch: Boolean = false,
    val largestZoom: Float = 1f,
    /** Width over height of the preview as displayed; 0 when unknown. */
    val aspect: Float = 0f,
)

/** Who is told. */
interface CameraWatcher {
    /** Pictures come. */
    fun onOpened(abilities: CameraAbilities)

    /** A picture, on the camera's thread; the next one waits until this returns or is dropped. */
    fun onFrame(frame: Frame)

    /** No pictures any more; the camera is closed. */
    fun onProblem(problem: CameraProblem)
}

/** What the pictures are for: frames to search, or files to keep. */
enum class CameraUse { FRAMES, PHOTO, FILM }

interface Camera {
    /** What the person sees; a screen puts it where it shall be seen and may crop it. */
    fun preview(context: Context): View

    /** Opens it; one of [CameraWatcher.onOpened] and [CameraWatcher.onProblem] follows. */
    fun open(watcher: CameraWatcher)

    /** Closes it. It may be opened again. */
    fun close()

    fun useTorch(isOn: Boolean)

    fun zoomTo(factor: Float)

    /** Sharp there; shares of the preview's width and height. */
    fun focusAt(x: Float, y: Float)

    /** Writes a full-size JPEG to [file]; [done] says whether it is there, whole and on disk. */
    fun takePicture(file: File, done: (Boolean) -> Unit)

    /** Begins a film with sound in [file], at most [longestMs]; [done] says whether there is one when it ends. */
    fun beginFilm(
        file: File,
        longestMs: Int,
        done: (Boolean) -> Unit,
    )

    /** Ends the film. */
    fun endFilm()
}
