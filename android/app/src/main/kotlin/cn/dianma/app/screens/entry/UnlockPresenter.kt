// The locked app: the PIN opens it without a network; after too many wrong ones only the password helps.
package cn.dianma.app.screens.entry

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.SessionView

/** What the screen draws. */
data class UnlockState(
    val session: SessionView? = null,
    val isBusy: Boolean = false,
    val trouble: Trouble? = null,
    val isOpen: Boolean = false,
) {
    /** No try is left. */
    val isLockedOut: Boolean get() = session?.run { hasPin && pinTriesLeft == 0u } == true
}

class UnlockPresenter(
    door: CoreDoor,
) : Presenter<UnlockState>(door, UnlockState()) {
    fun refresh() =
        ask({ it.session() }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> state.copy(session = answer.value, isOpen = answer.value.gate in OPEN)
                    is Answer.Bad -> state.copy(trouble = answer.trouble)
                }
        }

    fun unlock(pin: String) {
        if (state.isBusy) return
        state = state.copy(isBusy = true)
        ask({ it.unlock(pin) }) { answer ->
            when (answer) {
                is Answer.Good -> state = state.copy(isBusy = false, trouble = null, isOpen = true)
                is Answer.Bad -> {
                    state = state.copy(isBusy = false, trouble = answer.trouble)
                    refresh()
                }
            }
        }
    }

    private companion object {
        /** Words of the gate that no PIN is asked at. */
        val OPEN = setOf("open", "set_pin")
    }
}
