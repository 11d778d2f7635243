// One piece of evidence as it lies on this phone.
package cn.dianma.app.screens.orders

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.EvidenceView

/** What the screen draws. */
data class EvidenceState(
    val piece: EvidenceView? = null,
    /** A file to show while the screen is in front; none when the bytes are no longer here. */
    val path: String? = null,
    val isLoading: Boolean = true,
    val trouble: Trouble? = null,
)

class EvidencePresenter(
    door: CoreDoor,
    private val order: String,
    private val sha256: String,
) : Presenter<EvidenceState>(door, EvidenceState()) {
    fun refresh() =
        ask({ core ->
            val piece = core.order(order).evidence.firstOrNull { it.sha256 == sha256 }
            piece to core.lendEvidence(sha256)
        }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> EvidenceState(answer.value.first, answer.value.second, isLoading = false)
                    is Answer.Bad -> EvidenceState(isLoading = false, trouble = answer.trouble)
                }
        }

    /** The screen is left: what was lent goes back. */
    fun giveBack() = ask({ it.returnEvidence() }) { }
}
