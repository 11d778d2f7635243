// The app as tests run it: the real core in a folder of its own, an in-memory key store, a place that
// tests choose, and a network that tests can switch off.
package cn.dianma.app.harness

import android.content.Context
import cn.dianma.app.camera.Camera
import cn.dianma.app.camera.CameraUse
import cn.dianma.app.platform.DianmaApp
import cn.dianma.app.platform.VoiceRecorder
import cn.dianma.bridge.CoreDoor
import cn.dianma.core.Core
import cn.dianma.core.CoreInterface
import cn.dianma.core.Fix
import cn.dianma.core.HttpAnswer
import cn.dianma.core.HttpProblem
import cn.dianma.core.HttpRequest
import cn.dianma.core.HttpTransport
import cn.dianma.core.KeyWrapper
import cn.dianma.core.KeyWrapperProblem
import cn.dianma.core.LocationSource
import org.robolectric.RuntimeEnvironment
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowApplication
import org.robolectric.util.ReflectionHelpers
import org.robolectric.util.ReflectionHelpers.ClassParameter
import java.io.File
import java.net.URI
import java.nio.file.Files
import java.security.GeneralSecurityException
import java.security.SecureRandom
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.ExecutorService
import java.util.concurrent.TimeUnit
import javax.crypto.Cipher
import javax.crypto.spec.GCMParameterSpec
import javax.crypto.spec.SecretKeySpec

class TestApp : DianmaApp() {
    /** Set before the first screen opens to go on with another test's store (process death). */
    var store: File = Files.createTempDirectory("dianma-store").toFile()

    /** No network at all. */
    @Volatile
    var isAirplane = false

    /** After so many answers the signal is gone. */
    @Volatile
    var answersLeft = Int.MAX_VALUE

    /** Exchanges and alerts by itself, as on a phone. Tests of screens want every exchange to be theirs. */
    override var isLive = false

    /** What was answered: method, path, status. */
    val answers = CopyOnWriteArrayList<String>()

    /** Longest wait for an answer, ms; set before the first screen opens. */
    var answerMs = 50_000

    /** Where the phone is. */
    var place: Fix? = Fix(30_500_500, 114_300_500, 8u, false)

    /** What the screens' cameras see; set [GeneratedCamera.problem] before a screen opens. */
    var camera = GeneratedCamera()
        private set

    /** What the microphone hears. */
    val microphone = GeneratedVoice()

    /** The phone's key store. */
    var keyStore: KeyWrapper = memoryKeys

    /** Room left on the phone, bytes. */
    var free = 8L * 1024 * 1024 * 1024

    /** Opens the core; another one for what a sound core does not do. */
    var opens: (() -> CoreInterface) -> CoreInterface = { it() }

    /** Sends what is for the server somewhere else: a portal, a broken gateway. */
    @Volatile
    var detour: String? = null

    /** The process is gone from one moment to the next; the store stays. The next call opens it again. */
    fun die() {
        closeCore()
        // Screens keep the door they were given; behind it the core is opened anew.
        opening.set(door, lazy { openCore() })
    }

    /**
     * The process is gone and the app is started again: every object anew, on the folder that is left. What is
     * not in the process (network, place, what stands before the lens) is as it was.
     */
    fun reborn(): TestApp {
        for (thread in listOf(worker, network)) {
            (thread as ExecutorService).shutdown()
            check(thread.awaitTermination(END_S, TimeUnit.SECONDS)) { "a worker does not end" }
        }
        closeCore()
        val next = TestApp()
        next.store = store
        next.isAirplane = isAirplane
        next.answerMs = answerMs
        next.place = place
        next.keyStore = keyStore
        next.free = free
        next.camera.plate = camera.plate
        next.camera.size = camera.size
        next.camera.rotationDegrees = camera.rotationDegrees
        next.startInsteadOf(this)
        return next
    }

    /** As the system does when it starts a process: there is one app, and everything finds this one. */
    private fun startInsteadOf(old: TestApp) {
        val context = old.baseContext
        Shadow.extract<ShadowApplication>(this).callAttach(context)
        ReflectionHelpers.callInstanceMethod<Unit>(
            context,
            "setOuterContext",
            ClassParameter.from(Context::class.java, this),
        )
        val loaded = ReflectionHelpers.getField<Any>(this, "mLoadedApk")
        ReflectionHelpers.setField(loaded, "mApplication", this)
        ReflectionHelpers.setField(RuntimeEnvironment.getActivityThread(), "mInitialApplication", this)
        RuntimeEnvironment.application = this
        onCreate()
    }

    private val opening by lazy {
        CoreDoor::class.java.getDeclaredField("core\$delegate").apply { isAccessible = true }
    }

    private fun closeCore() {
        (opening.get(door) as Lazy<*>).let { if (it.isInitialized()) opened?.close() }
        opened = null
    }

    private var opened: Core? = null

    override fun openCore(): CoreInterface = opens { super.openCore().also { opened = it as Core } }

    override fun folder() = store

    override fun camera(use: CameraUse): Camera = camera

    override fun voice(): VoiceRecorder = microphone

    override fun freeBytes() = free

    override fun hasSignal() = !isAirplane

    override fun keys() = keyStore

    override fun location() =
        object : LocationSource {
            override fun current() = place
        }

    override fun http(): HttpTransport {
        val network = jvmTransport(answerMs)
        return object : HttpTransport {
            override fun exchange(request: HttpRequest): HttpAnswer {
                if (isAirplane || answersLeft <= 0) throw HttpProblem.Offline()
                answersLeft -= 1
                val answer = network.exchange(detoured(request))
                answers += "${request.method} ${URI(request.url).path} ${answer.status}"
                return answer
            }
        }
    }

    private fun detoured(request: HttpRequest): HttpRequest {
        val other = detour ?: return request
        return request.copy(url = other + URI(request.url).rawPath)
    }

    companion object {
        /** The key store of the phone: outlives the process. */
        val memoryKeys = MemoryKeys()
        private const val END_S = 60L
    }
}

/** AES-GCM with a key of this process, where the phone has its key store. */
class MemoryKeys : KeyWrapper {
    private val key = SecretKeySpec(ByteArray(32).also { SecureRandom().nextBytes(it) }, "AES")

    override fun wrap(secret: ByteArray): ByteArray {
        val cipher = Cipher.getInstance("AES/GCM/NoPadding")
        cipher.init(Cipher.ENCRYPT_MODE, key)
        return cipher.iv + cipher.doFinal(secret)
    }

    override fun unwrap(sealed: ByteArray): ByteArray =
        try {
            val cipher = Cipher.getInstance("AES/GCM/NoPadding")
            cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(128, sealed, 0, 12))
            cipher.doFinal(sealed, 12, sealed.size - 12)
        } catch (_: GeneralSecurityException) {
            throw KeyWrapperProblem.Gone()
        }
}
