// Pictures of the capture screens in their states, with generated pictures before the lens.
package cn.dianma.app.capture

import android.Manifest
import android.app.Activity
import android.content.pm.PackageManager
import android.view.MotionEvent
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.harness.County
import cn.dianma.app.harness.Gallery
import cn.dianma.app.harness.Plate
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.capture.PhotoActivity
import cn.dianma.app.screens.capture.SignatureActivity
import cn.dianma.app.screens.capture.SignatureView
import cn.dianma.app.screens.capture.VideoActivity
import cn.dianma.app.screens.capture.VoiceActivity
import cn.dianma.core.SignIn
import org.junit.Before
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config

@Config(sdk = [35])
class CaptureGallery : Gallery() {
    private lateinit var order: String
    private lateinit var slot: String
    private var isLeftShown = false

    @Before
    fun look() {
        shadowOf(app).grantPermissions(Manifest.permission.CAMERA, Manifest.permission.RECORD_AUDIO)
        app.camera.plate = Plate("generated meter plate", turnDegrees = 10.0)
        County().use { county ->
            order = county.order(0, "fault_repair", "家里没电了").getString("id")
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core { it.syncNow() }
        }
        slot = core { it.order(order) }.demands.first { it.kind == "photo" }.slot
    }

    @Test
    fun photo() = pictures("photo-ready") { start(PhotoActivity::class.java, "photo") }

    @Test
    fun photo_taken() =
        pictures("photo-review") {
            start(PhotoActivity::class.java, "photo").also {
                tapOn(it, R.string.capture_shutter)
                waitForPicture()
            }
        }

    @Test
    fun phone_full() {
        app.free = 1024
        pictures("photo-full") {
            start(PhotoActivity::class.java, "photo").also { tapOn(it, R.string.capture_shutter) }
        }
    }

    @Test
    fun photo_left_behind() {
        app.camera.diesAtShutter = true
        tapOn(start(PhotoActivity::class.java, "photo"), R.string.capture_shutter)
        isLeftShown = true
        pictures("photo-left") { start(PhotoActivity::class.java, "photo").also { waitForPicture() } }
    }

    @Test
    fun photo_not_allowed() {
        shadowOf(app).denyPermissions(Manifest.permission.CAMERA)
        pictures("photo-not-allowed") {
            start(PhotoActivity::class.java, "photo").also { controller ->
                val denied = intArrayOf(PackageManager.PERMISSION_DENIED)
                controller.get().onRequestPermissionsResult(1, arrayOf(Manifest.permission.CAMERA), denied)
                settle()
            }
        }
    }

    @Test
    fun voice() {
        pictures("voice-ready") { start(VoiceActivity::class.java, "audio") }
        pictures("voice-talking") { start(VoiceActivity::class.java, "audio").also(::talk) }
        pictures("voice-review") {
            start(VoiceActivity::class.java, "audio").also {
                talk(it)
                talk(it)
            }
        }
    }

    @Test
    fun film() {
        pictures("film-ready") { start(VideoActivity::class.java, "video") }
        pictures("film-running") {
            start(VideoActivity::class.java, "video").also { controller ->
                val words = controller.get().getString(R.string.capture_video_begin, 60)
                tap(controller.get(), words)
            }
        }
    }

    @Test
    fun signature() {
        pictures("signature-empty") { start(SignatureActivity::class.java, "signature") }
        pictures("signature-drawn") { start(SignatureActivity::class.java, "signature").also { sign(it.get()) } }
    }

    private fun <A : Activity> start(screen: Class<A>, kind: String): ActivityController<A> {
        // What another look of the gallery left would be offered first.
        val left = if (isLeftShown) emptyList() else core { it.leftCaptures(order) }
        left.forEach { capture -> core { it.dropCapture(capture.token) } }
        val place = if (kind == "photo") slot else "extra"
        return Robolectric.buildActivity(screen, Routes.capture(app, order, place, kind)).setup().also { settle() }
    }

    private fun tapOn(controller: ActivityController<out Activity>, words: Int) =
        tap(controller.get(), controller.get().getString(words))

    private fun talk(controller: ActivityController<VoiceActivity>) {
        val screen = controller.get()
        val words = listOf(R.string.capture_voice_begin, R.string.capture_voice_end).map(screen::getString)
        shown(screen.window.decorView).filterIsInstance<TextView>().first { "${it.text}" in words }.performClick()
        settle()
    }

    // Read on a thread of its own.
    private fun waitForPicture() {
        Thread.sleep(PICTURE_MS)
        settle()
    }

    private fun sign(screen: Activity) {
        val paper = shown(screen.window.decorView).filterIsInstance<SignatureView>().single()
        for (i in 0..40) {
            val action = if (i == 0) MotionEvent.ACTION_DOWN else MotionEvent.ACTION_MOVE
            val (x, y) = 0.1f + i * 0.02f to 0.5f + 0.25f * Math.sin(i / 3.0).toFloat()
            val event = MotionEvent.obtain(0L, i.toLong(), action, paper.width * x, paper.height * y, 0)
            paper.dispatchTouchEvent(event)
            event.recycle()
        }
        settle()
    }

    private companion object {
        const val PICTURE_MS = 400L
    }
}
