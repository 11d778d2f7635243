// The cost tab: orders under way with how far their sheets are, and the kinds to look a card up by.
package cn.dianma.app.screens.cost

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.ChoiceView
import cn.dianma.core.SheetRowView

/** What the cost tab draws. */
data class CostsState(
    val rows: List<SheetRowView> = emptyList(),
    val kinds: List<ChoiceView> = emptyList(),
    val isLoading: Boolean = true,
    val trouble: Trouble? = null,
)

class CostsPresenter(
    door: CoreDoor,
) : Presenter<CostsState>(door, CostsState()) {
    fun refresh() {
        ask({ it.sheets() to it.orderKinds() }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> CostsState(answer.value.first, answer.value.second, isLoading = false)
                    is Answer.Bad -> state.copy(isLoading = false, trouble = answer.trouble)
                }
        }
    }
}
