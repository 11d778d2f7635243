// The diagnosis: the core's text, shown before it goes anywhere.
package cn.dianma.app.screens.system

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble

/** What the screen draws. */
data class DiagnosisState(
    val text: String? = null,
    val trouble: Trouble? = null,
)

/** @param platform lines about the phone itself. */
class DiagnosisPresenter(
    door: CoreDoor,
    private val platform: List<String>,
) : Presenter<DiagnosisState>(door, DiagnosisState()) {
    fun refresh() =
        ask({ it.diagnosis(platform) }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> DiagnosisState(answer.value)
                    is Answer.Bad -> DiagnosisState(trouble = answer.trouble)
                }
        }
}
