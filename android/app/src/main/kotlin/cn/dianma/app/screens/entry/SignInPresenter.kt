// Signing in: by the one-time code of the console, or by server, name and password. Nothing typed here is
// kept by the screen.
package cn.dianma.app.screens.entry

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.SessionView
import cn.dianma.core.SignIn

/** What the screen draws. */
data class SignInState(
    val session: SessionView? = null,
    val isTyping: Boolean = false,
    val isBusy: Boolean = false,
    val trouble: Trouble? = null,
    val isDone: Boolean = false,
) {
    /** Somebody was signed in here before: name and server are known. */
    val isKnown: Boolean get() = session?.isEnrolled == true

    /** Work in hand can go on without a network. */
    val canUnlock: Boolean get() = session?.run { hasPin && isLocked && pinTriesLeft > 0u } == true
}

class SignInPresenter(
    door: CoreDoor,
    private val model: String,
    private val osVersion: String,
) : Presenter<SignInState>(door, SignInState()) {
    /** Reads who was signed in before. */
    fun start() {
        if (state.session != null) return
        ask({ it.session() }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> state.copy(session = answer.value, isTyping = answer.value.isEnrolled)
                    is Answer.Bad -> state.copy(trouble = answer.trouble)
                }
        }
    }

    /** Shows the form. */
    fun type() {
        state = state.copy(isTyping = true, trouble = null)
    }

    /** Shows the way by the code of the console. */
    fun scan() {
        state = state.copy(isTyping = false, trouble = null)
    }

    fun signIn(
        server: String,
        loginName: String,
        password: String,
    ) = enter { it.signIn(SignIn(server, loginName, password, model, osVersion)) }

    /** Signs in by the text of an enrolment code. */
    fun enrol(text: String) = enter { it.enrol(text, model, osVersion) }

    private fun enter(work: (cn.dianma.core.CoreInterface) -> SessionView) {
        if (state.isBusy) return
        state = state.copy(isBusy = true, trouble = null)
        askNetwork(work) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> state.copy(isBusy = false, session = answer.value, isDone = true)
                    is Answer.Bad -> state.copy(isBusy = false, trouble = answer.trouble)
                }
        }
    }
}
