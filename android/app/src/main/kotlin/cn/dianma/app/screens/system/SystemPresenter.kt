// The 系统 tab: whose phone it is and how it stands, duty, locking, and signing out, which is asked twice
// while work is unsent.
package cn.dianma.app.screens.system

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.InstalledApp
import cn.dianma.core.SessionView
import cn.dianma.core.SyncStrip
import cn.dianma.core.UpdateView

/** How far signing out has come. */
enum class Leaving { NO, ASKED, REFUSED, LAST }

/** What the tab draws. */
data class SystemState(
    val session: SessionView? = null,
    val strip: SyncStrip? = null,
    val update: UpdateView? = null,
    val leaving: Leaving = Leaving.NO,
    val trouble: Trouble? = null,
    /** Locked or signed out: somebody else's turn. */
    val isClosed: Boolean = false,
)

/** @param installed the running app. */
class SystemPresenter(
    door: CoreDoor,
    private val installed: InstalledApp,
) : Presenter<SystemState>(door, SystemState()) {
    fun refresh() =
        ask({ Triple(it.session(), it.strip(), it.update(installed)) }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> {
                        val (session, strip, update) = answer.value
                        val trouble = state.trouble?.takeUnless { it.isGate }
                        state.copy(
                            session = session,
                            strip = strip,
                            update = update,
                            isClosed = false,
                            trouble = trouble,
                        )
                    }
                    is Answer.Bad -> state.copy(trouble = answer.trouble)
                }
        }

    fun onStrip(strip: SyncStrip) {
        state = state.copy(strip = strip)
    }

    fun toggleDuty() {
        val isOnDuty = state.session?.isOnDuty ?: return
        ask({ it.setDuty(!isOnDuty) }) { answer ->
            state = state.copy(trouble = (answer as? Answer.Bad)?.trouble)
            refresh()
        }
    }

    fun confirmRestored() = ask({ it.confirmRestored() }) { refresh() }

    fun lock() = ask({ it.lock() }) { state = state.copy(isClosed = true) }

    fun stay() {
        state = state.copy(leaving = Leaving.NO, trouble = null)
    }

    /** One step further out: asked, refused because of unsent work, asked a last time, gone. */
    fun leave() {
        when (state.leaving) {
            Leaving.NO -> state = state.copy(leaving = Leaving.ASKED)
            Leaving.ASKED -> signOut(false)
            Leaving.REFUSED -> state = state.copy(leaving = Leaving.LAST)
            Leaving.LAST -> signOut(true)
        }
    }

    private fun signOut(isConfirmed: Boolean) =
        ask({ it.signOut(isConfirmed) }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> state.copy(leaving = Leaving.NO, trouble = null, isClosed = true)
                    is Answer.Bad -> state.copy(leaving = Leaving.REFUSED, trouble = answer.trouble)
                }
        }
}
