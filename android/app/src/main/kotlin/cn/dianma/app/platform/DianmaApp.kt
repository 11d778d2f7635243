// The process: opens the core once, on its worker thread, and lends it to the screens.
package cn.dianma.app.platform

import android.app.Application
import android.net.ConnectivityManager
import android.os.Handler
import android.os.HandlerThread
import android.os.Looper
import android.provider.Settings
import cn.dianma.app.camera.Camera
import cn.dianma.app.camera.CameraUse
import cn.dianma.app.camera.FrameCounts
import cn.dianma.app.camera.PhoneCamera
import cn.dianma.app.screens.entry.Gatekeeper
import cn.dianma.app.sync.Background
import cn.dianma.bridge.Changes
import cn.dianma.bridge.CoreDoor
import cn.dianma.core.Core
import cn.dianma.core.CoreInterface
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
    val network: Executor = Executors.newSingleThreadExecutor { Thread(it, "dianma-network") }
    val changes = Changes(atHome)
    val look by lazy { Look(this) }
    val door: CoreDoor =
        CoreDoor(worker, atHome, ::isHome, network, { gatekeeper.onTrouble(it) }) {
            openCore()
        }

    /** Opens the core; once, on the worker thread. */
    protected open fun openCore(): CoreInterface =
        Core.open(folder().path, Platform(http(), keys(), location(), changes, boots()))

    /** How the decoder keeps up, for the diagnosis. */
    val frames = FrameCounts()

    /** Frames are searched on it. One for all screens: only one of them has the camera. */
    private val cameraThread by lazy { HandlerThread("dianma-camera").apply { start() } }

    /** A camera for a screen; each screen has its own and closes it. */
    open fun camera(use: CameraUse): Camera = PhoneCamera(this, use, frames) { Handler(cameraThread.looper) }

    /** A microphone for a screen. */
    open fun voice(): VoiceRecorder = PhoneVoice(this)

    /** Room left where the store lies, bytes. */
    open fun freeBytes(): Long = noBackupFilesDir.usableSpace

    /** There is a network; whether the server is behind it shows when it is asked. */
    open fun hasSignal(): Boolean = service<ConnectivityManager>().activeNetwork != null

    val background by lazy { Background(this) }

    /** The app works by itself: exchanges, alerts, the on-duty service. Tests of screens switch it off. */
    open val isLive: Boolean get() = true

    override fun onCreate() {
        super.onCreate()
        background.start()
    }

    /** Apps may not read the kernel's boot number; the system counts too. */
    private fun boots(): UInt = Settings.Global.getInt(contentResolver, Settings.Global.BOOT_COUNT, 0).toUInt()

    /** Leads to sign-in and unlock, and locks an app that nobody touches. */
    val gatekeeper: Gatekeeper by lazy { Gatekeeper(door) }

    private fun isHome(): Boolean = Looper.myLooper() == Looper.getMainLooper()

    /** Where the store lies: excluded from backups. */
    protected open fun folder(): File = File(noBackupFilesDir, "store")

    protected open fun http(): HttpTransport = UrlTransport()

    protected open fun keys(): KeyWrapper = KeystoreKeys()

    protected open fun location(): LocationSource = LastKnownPlace(this)
}

/** The process behind any part of the app. */
val android.content.Context.dianma: DianmaApp get() = applicationContext as DianmaApp
