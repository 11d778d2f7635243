// Taking a piece of evidence: room and a place first, then the picture or sound, then the person looks at it
// and keeps it or takes it again. The core holds the bytes from the first one on; what an earlier process
// left is offered before anything new.
package cn.dianma.app.screens.capture

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.CapturePurpose
import cn.dianma.core.CaptureView
import cn.dianma.core.DemandView

/** How far it is. */
enum class CapturePhase { READY, TAKING, REVIEW, SAVING, SAVED }

/** What went wrong at the phone's end, not at the core's. */
enum class CaptureProblem { DENIED, ABSENT, TAKEN, BROKEN, FAILED }

/** What a capture screen draws. */
data class CaptureState(
    val phase: CapturePhase = CapturePhase.READY,
    val demand: DemandView? = null,
    val capture: CaptureView? = null,
    val isLeft: Boolean = false,
    val hasSaved: Boolean = false,
    val seconds: Int = 0,
    val isCameraOpen: Boolean = false,
    val problem: CaptureProblem? = null,
    val trouble: Trouble? = null,
)

class CapturePresenter(
    door: CoreDoor,
    private val orderId: String,
    private val slot: String,
    private val kind: String,
    private val freeBytes: () -> Long,
) : Presenter<CaptureState>(door, CaptureState()) {
    private var hasLoaded = false

    /** What is asked for, and what was left behind by a process that died; again until it could be read. */
    fun load() {
        if (hasLoaded) return
        ask({ core ->
            val demand = core.order(orderId).demands.firstOrNull { it.slot == slot && it.kind == kind }
            demand to core.leftCaptures(orderId).firstOrNull { it.kind == kind }
        }) { answer ->
            when (answer) {
                is Answer.Good -> show(answer.value.first, answer.value.second)
                is Answer.Bad -> state = state.copy(trouble = answer.trouble)
            }
        }
    }

    private fun show(demand: DemandView?, left: CaptureView?) {
        hasLoaded = true
        state = state.copy(demand = demand, trouble = null)
        if (left != null && state.phase == CapturePhase.READY) {
            state = state.copy(phase = CapturePhase.REVIEW, capture = left, isLeft = true)
        }
    }

    /** The camera or the microphone is there, or why it is not. A picture under way is answered by [onTaken]. */
    fun onCamera(isOpen: Boolean, problem: CaptureProblem? = null) {
        state = state.copy(isCameraOpen = isOpen, problem = problem)
    }

    /** Makes room and a place; [write] is called with the path to write to, and says later how it went. */
    fun begin(isImported: Boolean, write: (String) -> Unit) {
        if (state.phase != CapturePhase.READY) return
        state =
            state.copy(phase = CapturePhase.TAKING, problem = null, trouble = null, hasSaved = false, seconds = 0)
        val purpose = CapturePurpose(slot, kind, isImported)
        val free = freeBytes().coerceAtLeast(0).toULong()
        ask({ it.beginCapture(orderId, purpose, free) }) { answer ->
            when (answer) {
                is Answer.Good -> onPlace(answer.value, write)
                is Answer.Bad -> state = state.copy(phase = CapturePhase.READY, trouble = answer.trouble)
            }
        }
    }

    // The finger may be up again before the place is there.
    private fun onPlace(capture: CaptureView, write: (String) -> Unit) {
        if (state.phase != CapturePhase.TAKING) return ask({ it.dropCapture(capture.token) }) { }
        state = state.copy(capture = capture)
        write(capture.path)
    }

    /** The bytes are there, or are not. */
    fun onTaken(isThere: Boolean) {
        if (state.phase != CapturePhase.TAKING) return
        if (!isThere) return fail()
        state = state.copy(phase = CapturePhase.REVIEW, isLeft = false)
    }

    fun onSecond() {
        if (state.phase == CapturePhase.TAKING) state = state.copy(seconds = state.seconds + 1)
    }

    private fun fail() {
        val lost = state.capture
        val problem = state.problem ?: CaptureProblem.FAILED
        state = state.copy(phase = CapturePhase.READY, capture = null, problem = problem)
        if (lost != null) ask({ it.dropCapture(lost.token) }) { }
    }

    /** Keeps it: it is in the store and on the order's list when the screen says so. */
    fun keep() {
        val capture = state.capture ?: return
        if (state.phase != CapturePhase.REVIEW) return
        state = state.copy(phase = CapturePhase.SAVING, trouble = null)
        ask({ core ->
            core.keepCapture(capture.token)
            core.order(orderId).demands.firstOrNull { it.slot == slot && it.kind == kind }
        }) { answer ->
            when (answer) {
                is Answer.Good -> onKept(answer.value, capture)
                is Answer.Bad -> state = state.copy(phase = CapturePhase.REVIEW, trouble = answer.trouble)
            }
        }
    }

    // What was left may have been for another item of the list: then this one is still to be taken.
    private fun onKept(demand: DemandView?, capture: CaptureView) {
        val isDone = demand?.isMet ?: (capture.slot == slot)
        state =
            state.copy(
                phase = if (isDone) CapturePhase.SAVED else CapturePhase.READY,
                demand = demand ?: state.demand,
                capture = null,
                isLeft = false,
                hasSaved = true,
            )
    }

    /** Throws it away and takes it again. */
    fun again() {
        val capture = state.capture ?: return
        if (state.phase != CapturePhase.REVIEW) return
        state =
            state.copy(phase = CapturePhase.READY, capture = null, isLeft = false, trouble = null, problem = null)
        ask({ it.dropCapture(capture.token) }) { answer ->
            if (answer is Answer.Bad) state = state.copy(trouble = answer.trouble)
        }
    }
}
