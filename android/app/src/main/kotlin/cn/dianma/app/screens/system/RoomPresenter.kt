// Room on the phone: what takes how much, and freeing what the server has.
package cn.dianma.app.screens.system

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.RoomView
import cn.dianma.core.Words

/** What the screen draws. */
data class RoomState(
    val room: RoomView? = null,
    val outcome: Words? = null,
    val trouble: Trouble? = null,
)

/** @param left bytes the system says are left. */
class RoomPresenter(
    door: CoreDoor,
    private val left: () -> Long,
) : Presenter<RoomState>(door, RoomState()) {
    fun refresh() =
        ask({ it.room(left().toULong()) }) { answer ->
            state =
                when (answer) {
                    is Answer.Good ->
                        state.copy(room = answer.value, trouble = state.trouble?.takeUnless { it.isGate })
                    is Answer.Bad -> state.copy(trouble = answer.trouble)
                }
        }

    fun free() =
        ask({ it.freeRoom() }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> state.copy(outcome = answer.value, trouble = null)
                    is Answer.Bad -> state.copy(trouble = answer.trouble)
                }
            refresh()
        }
}
