// The process: opens the core once, on its worker thread, and lends it to the screens.
package cn.dianma.app.platform

import android.app.Application
import android.os.Handler
import android.os.Looper
import cn.dianma.bridge.Changes
import cn.dianma.bridge.CoreDoor
import cn.dianma.core.Core
import cn.dianma.core.HttpTransport
import cn.dianma.core.KeyWrapper
import cn.dianma.core.LocationSource
import cn.dianma.core.Platform
import java.io.File
import java.util.concurrent.Executor
import java.util.concurrent.Executors

open class DianmaApp : Application() {
    private val home = Handler(Looper.getMainLooper())
    private val atHome = Executor { work -> home.post(work) }
    val worker: Executor = Executors.newSingleThreadExecutor { Thread(it, "dianma-core") }
    val changes = Changes(atHome)
    val look by lazy { Look(this) }
    val door =
        CoreDoor(worker, atHome, { Looper.myLooper() == Looper.getMainLooper() }) {
            Core.open(folder().path, Platform(http(), keys(), location(), changes))
        }

    /** Where the store lies: excluded from backups. */
    protected open fun folder(): File = File(noBackupFilesDir, "store")

    protected open fun http(): HttpTransport = UrlTransport()

    protected open fun keys(): KeyWrapper = KeystoreKeys()

    protected open fun location(): LocationSource = LastKnownPlace(this)
}

/** The process behind any part of the app. */
val android.content.Context.dianma: DianmaApp get() = applicationContext as DianmaApp
