// A newer version of the app: asked for, fetched piece by piece while the screen is there, and handed to the
// installer only after the core's last look.
package cn.dianma.app.screens.system

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.InstalledApp
import cn.dianma.core.PackageView
import cn.dianma.core.UpdateView

/** What the screen draws. */
data class UpdateState(
    val update: UpdateView? = null,
    val isAsking: Boolean = false,
    val isFetching: Boolean = false,
    val isChecking: Boolean = false,
    val trouble: Trouble? = null,
    /** The person has to allow installing in the system's settings first. */
    val needsLeave: Boolean = false,
    /** There is no installer on this phone. */
    val hasNoInstaller: Boolean = false,
) {
    val isBusy: Boolean get() = isAsking || isFetching || isChecking
}

/** What only the platform can do with a package. */
interface Installer {
    /** The person has allowed this app to install. */
    fun isAllowed(): Boolean

    /** What the system reads in the file. Called off the home thread. */
    fun read(path: String): PackageView

    /** Makes the file readable for the installer; gives its address. Called off the home thread. */
    fun offer(path: String): String
}

/**
 * @param installed the running app.
 * @param left bytes the system says are left.
 */
class UpdatePresenter(
    door: CoreDoor,
    private val installed: InstalledApp,
    private val installer: Installer,
    private val left: () -> Long,
) : Presenter<UpdateState>(door, UpdateState()) {
    private var isThere = false

    /** The screen is there: what is known first, then the server is asked. */
    fun start() {
        isThere = true
        ask({ it.update(installed) }) { answer ->
            if (answer is Answer.Good) state = state.copy(update = answer.value)
            if (state.update?.state == "unknown") check()
        }
    }

    /** The screen goes: the piece under way is kept, no other is asked for. */
    fun stop() {
        isThere = false
    }

    fun check() {
        if (state.isBusy) return
        state = state.copy(isAsking = true, trouble = null)
        askNetwork({ it.askUpdate(installed) }) { answer ->
            state = state.copy(isAsking = false).with(answer)
        }
    }

    fun fetch() {
        if (state.isBusy) return
        state = state.copy(isFetching = true, trouble = null)
        piece()
    }

    private fun piece() {
        askNetwork({ it.fetchUpdate(installed, left().toULong()) }) { answer ->
            state = state.with(answer)
            val goesOn = isThere && answer is Answer.Good && answer.value.state == "offered"
            if (goesOn) piece() else state = state.copy(isFetching = false)
            if (answer is Answer.Bad) reread()
        }
    }

    /** The last look, then [open] with the address of the package. */
    fun install(open: (String) -> Boolean) {
        if (state.isBusy) return
        if (!installer.isAllowed()) {
            state = state.copy(needsLeave = true)
            return
        }
        state = state.copy(isChecking = true, needsLeave = false, hasNoInstaller = false, trouble = null)
        ask({ core ->
            val path = core.updatePackage(installed)
            core.judgePackage(installed, installer.read(path))
            installer.offer(path)
        }) { answer ->
            state = state.copy(isChecking = false)
            when (answer) {
                is Answer.Good -> if (!open(answer.value)) state = state.copy(hasNoInstaller = true)
                is Answer.Bad -> {
                    state = state.copy(trouble = answer.trouble)
                    reread()
                }
            }
        }
    }

    /** What is left of the package after a failure. */
    private fun reread() =
        ask({ it.update(installed) }) { answer ->
            if (answer is Answer.Good) state = state.copy(update = answer.value)
        }

    private fun UpdateState.with(answer: Answer<UpdateView>) =
        when (answer) {
            is Answer.Good -> copy(update = answer.value)
            is Answer.Bad -> copy(trouble = answer.trouble)
        }
}
