// What goes on while no screen is in front, and who starts it: the exchange with the server, alerts,
// reminders, the on-duty service. One per process; screens know nothing of it.
package cn.dianma.app.sync

import android.app.Activity
import android.app.Application
import android.os.Bundle
import cn.dianma.app.platform.DianmaApp
import cn.dianma.app.platform.OwnPackage
import cn.dianma.bridge.Answer
import cn.dianma.bridge.Watcher
import cn.dianma.core.CoreInterface
import cn.dianma.core.FaultView
import cn.dianma.core.SyncStrip
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicBoolean

class Background(
    private val app: DianmaApp,
) : Watcher,
    Application.ActivityLifecycleCallbacks {
    /** Beside the screens' worker: an exchange may take minutes and must not hold them up. */
    val worker: ExecutorService = Executors.newSingleThreadExecutor { Thread(it, "dianma-background") }
    private val shade = Shade(app)
    private val reminders = Reminders(app)
    private val network = NetworkWatch(app, this)
    private val installed by lazy { OwnPackage(app).installed() }
    private val isRefreshing = AtomicBoolean()

    /** A screen came: the service may now ask for the place too. */
    private val hasComeForward = AtomicBoolean()

    @Volatile
    private var screens = 0

    @Volatile
    private var isOnDuty = false
    private var isOnline = false

    /** Before any screen: nothing in here opens the core. */
    fun start() {
        shade.makeChannels()
        app.registerActivityLifecycleCallbacks(this)
        app.changes.watch(this)
        SyncJobs(app).keepPeriodic()
    }

    /** Asks the core off the main thread, beside the screens. */
    fun <T> now(work: (CoreInterface) -> T): Answer<T> = app.door.now(work)

    /** Exchanges, then tells what came of it. True when the server answered. Blocking. */
    fun exchange(): Boolean {
        val answer = now { it.syncNow() }
        refreshNow()
        seekUpdate()
        return (answer as? Answer.Good)?.value?.isReached == true
    }

    /** Brings shade, alarm and duty in line with the core, soon; several calls become one. */
    fun refresh() {
        if (!app.isLive || !isRefreshing.compareAndSet(false, true)) return
        worker.execute {
            isRefreshing.set(false)
            refreshNow()
            seekUpdate()
        }
    }

    /** The core knows when it is due; what turns up is told like everything else. */
    private fun seekUpdate() {
        val found = now { it.seekUpdate(installed) } as? Answer.Good
        if (found?.value == true) refreshNow()
    }

    /** The same at once. Blocking; the wake stream's thread comes here too. */
    @Synchronized
    fun refreshNow() {
        val alerts = (now { it.alerts(installed) } as? Answer.Good)?.value ?: return
        shade.show(alerts.alerts)
        reminders.next(alerts.nextInMs)
        now { it.alertsTold(alerts.alerts.flatMap { alert -> alert.covers }) }
        val session = (now { it.session() } as? Answer.Good)?.value ?: return
        isOnDuty = session.isSignedIn && session.isOnDuty
        DutyService.bringInLine(app, isOnDuty, hasComeForward.getAndSet(false))
        goOnline(screens > 0 || isOnDuty)
    }

    // Only when it changes: the core exchanges at once when told.
    private fun goOnline(isWanted: Boolean) {
        if (isOnline == isWanted) return
        isOnline = isWanted
        now { it.setOnline(isWanted) }
    }

    override fun onOrdersChanged() = refresh()

    override fun onSyncChanged(strip: SyncStrip) = refresh()

    override fun onSignInNeeded(fault: FaultView) = refresh()

    override fun onActivityStarted(activity: Activity) {
        screens++
        if (screens > 1 || !app.isLive) return
        hasComeForward.set(true)
        network.start()
        refresh()
    }

    override fun onActivityStopped(activity: Activity) {
        screens--
        if (screens > 0 || !app.isLive) return
        SyncJobs(app).sendSoon()
        refresh()
    }

    override fun onActivityResumed(activity: Activity) {
        if (app.isLive && isOnDuty) Asking.once(activity)
    }

    override fun onActivityCreated(activity: Activity, saved: Bundle?) = Unit

    override fun onActivityPaused(activity: Activity) = Unit

    override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit

    override fun onActivityDestroyed(activity: Activity) = Unit
}
