// A new password: asked of the server, kept nowhere.
package cn.dianma.app.screens.system

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble

/** What the screen draws. */
data class PasswordState(
    val isBusy: Boolean = false,
    val isDifferent: Boolean = false,
    val isDone: Boolean = false,
    val trouble: Trouble? = null,
)

class PasswordPresenter(
    door: CoreDoor,
) : Presenter<PasswordState>(door, PasswordState()) {
    fun change(
        old: String,
        new: String,
        again: String,
    ) {
        if (state.isBusy) return
        if (new != again) {
            state = PasswordState(isDifferent = true)
            return
        }
        state = PasswordState(isBusy = true)
        askNetwork({ it.changePassword(old, new) }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> PasswordState(isDone = true)
                    is Answer.Bad -> PasswordState(trouble = answer.trouble)
                }
        }
    }
}
