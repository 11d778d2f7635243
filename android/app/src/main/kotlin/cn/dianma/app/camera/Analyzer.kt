// From frames to codes: crops to what is seen, asks the core's decoder, tells the home thread what was
// found and where. One frame at a time, on the camera's thread; nothing is copied.
package cn.dianma.app.camera

import cn.dianma.core.FrameView
import cn.dianma.core.Scanner
import cn.dianma.core.ScannerInterface
import java.util.concurrent.Executor

/**
 * A code in the picture.
 *
 * @param isSure one may act on it; otherwise another frame has to agree.
 */
data class Sight(
    val text: String,
    val isSure: Boolean,
    val corners: List<Spot>,
)

class Analyzer(
    private val counts: FrameCounts,
    private val home: Executor,
    private val onSight: (Sight?) -> Unit,
    private val onDefect: (Throwable) -> Unit,
    makeScanner: () -> ScannerInterface = { Scanner() },
) {
    private val made = lazy(makeScanner)
    private val scanner by made
    private var hasFailed = false

    /** Frames are let pass: something was found and is being looked at. */
    @Volatile
    var isPaused = false

    /** Size of the view that shows the preview. */
    @Volatile
    private var view = 0 to 0

    fun seenIn(width: Int, height: Int) {
        view = width to height
    }

    /** Searches a frame; called by the camera, one frame after the other. */
    fun search(frame: Frame) {
        if (isPaused || hasFailed) return
        val visible = Visible.of(frame, view.first, view.second)
        val found = try {
            look(frame, visible)
        } catch (error: Exception) {
            return fail(error)
        } catch (error: LinkageError) {
            return fail(error)
        }
        counts.onSearched(found.elapsedUs.toLong(), found.codes.isNotEmpty())
        val code = found.codes.firstOrNull()
        val sight = code?.let {
            Sight(
                it.text,
                it.isSure,
                it.corners.map { corner ->
                    visible.spot(corner.x, corner.y)
                },
            )
        }
        home.execute { if (!isPaused) onSight(sight) }
    }

    /** The screen is gone: a search under way ends soon. */
    fun end() {
        isPaused = true
        if (made.isInitialized()) scanner.cancel()
    }

    private fun look(frame: Frame, visible: Visible): FrameView {
        val rows = frame.luma.duplicate()
        rows.position(visible.top * frame.stride + visible.left)
        return scanner.frame(
            rows.slice(),
            visible.width.toUInt(),
            visible.height.toUInt(),
            frame.stride.toUInt(),
            frame.rotationDegrees.toUInt(),
        )
    }

    // A decoder that fails once would fail thirty times a second: it is told once.
    private fun fail(error: Throwable) {
        hasFailed = true
        home.execute { onDefect(error) }
    }
}
