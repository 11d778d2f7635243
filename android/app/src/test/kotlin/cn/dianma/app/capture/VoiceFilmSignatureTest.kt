// Voice, film and signature on the real core: each ends on the order, in its kind, and each bad way has a
// word and a way on.
package cn.dianma.app.capture

import android.Manifest
import android.app.Activity
import android.content.pm.PackageManager
import android.os.Looper
import android.view.MotionEvent
import android.view.View
import android.widget.TextView
import cn.dianma.app.harness.County
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.capture.SignatureActivity
import cn.dianma.app.screens.capture.SignatureView
import cn.dianma.app.screens.capture.VideoActivity
import cn.dianma.app.screens.capture.VoiceActivity
import cn.dianma.core.SignIn
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import java.time.Duration

class VoiceFilmSignatureTest : ScreenTest() {
    @Before
    fun allow() = shadowOf(app).grantPermissions(Manifest.permission.CAMERA, Manifest.permission.RECORD_AUDIO)

    @Test
    fun held_and_let_go_is_a_voice_note() =
        withOrder { order ->
            val screen = start(VoiceActivity::class.java, order, "audio").get()
            val talk = talk(screen)
            touch(talk, MotionEvent.ACTION_DOWN)
            settle()
            shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(3_500))
            assertTrue(words(screen), Regex("● [2-4] 秒") in words(screen))
            touch(talk, MotionEvent.ACTION_UP)
            settle()
            assertTrue(words(screen), "录音已录好" in words(screen))
            tap(screen, "就用这个")
            assertEquals("audio", core { it.order(order) }.evidence.single().kind)
        }

    @Test
    fun a_screen_reader_taps_to_begin_and_taps_to_end() =
        withOrder { order ->
            val screen = start(VoiceActivity::class.java, order, "audio").get()
            talk(screen).performClick()
            settle()
            assertTrue(words(screen), "点一下结束" in words(screen))
            talk(screen).performClick()
            settle()
            assertTrue(words(screen), "录音已录好" in words(screen))
        }

    @Test
    fun silence_and_a_microphone_in_use_are_told() =
        withOrder { order ->
            app.microphone.isSilent = true
            val screen = start(VoiceActivity::class.java, order, "audio").get()
            talk(screen).performClick()
            settle()
            talk(screen).performClick()
            settle()
            tap(screen, "就用这个")
            assertTrue(words(screen), "没有录到声音" in words(screen))
            tap(screen, "重录")
            app.microphone.isTaken = true
            talk(screen).performClick()
            settle()
            assertTrue(words(screen), "麦克风被别的程序占用" in words(screen))
            assertTrue(core { it.order(order) }.evidence.isEmpty())
        }

    @Test
    fun a_call_in_the_middle_of_a_note_keeps_what_was_said() =
        withOrder { order ->
            val controller = start(VoiceActivity::class.java, order, "audio")
            talk(controller.get()).performClick()
            settle()
            controller.pause()
            settle()
            controller.resume()
            settle()
            tap(controller.get(), "就用这个")
            assertEquals(1, core { it.order(order) }.evidence.size)
        }

    @Test
    fun a_denied_microphone_leads_to_the_settings() =
        withOrder { order ->
            shadowOf(app).denyPermissions(Manifest.permission.RECORD_AUDIO)
            val screen = start(VoiceActivity::class.java, order, "audio").get()
            screen.onRequestPermissionsResult(
                1,
                arrayOf(Manifest.permission.RECORD_AUDIO),
                intArrayOf(PackageManager.PERMISSION_DENIED),
            )
            settle()
            assertTrue(words(screen), "没有麦克风权限" in words(screen))
            tap(screen, "去设置里允许")
            assertEquals("package:" + app.packageName, shadowOf(screen).nextStartedActivity.dataString)
        }

    @Test
    fun a_film_begins_and_ends_with_a_tap() =
        withOrder { order ->
            val screen = start(VideoActivity::class.java, order, "video").get()
            tap(screen, "开始录像（最长 60 秒）")
            shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(2_500))
            assertTrue(words(screen), Regex("正在录 [1-3] / 60 秒") in words(screen))
            tap(screen, "结束录像")
            tap(screen, "就用这个")
            assertEquals("video", core { it.order(order) }.evidence.single().kind)
        }

    @Test
    fun a_signature_is_drawn_confirmed_and_kept_as_a_picture() =
        withOrder { order ->
            val controller = start(SignatureActivity::class.java, order, "signature")
            val screen = controller.get()
            assertFalse(words(screen), "确认签名" in words(screen))
            sign(screen)
            assertTrue(words(screen), "确认签名" in words(screen))
            tap(screen, "重写")
            assertFalse(words(screen), "确认签名" in words(screen))
            sign(screen)
            controller.recreate()
            settle()
            tap(controller.get(), "确认签名")
            assertTrue(controller.get().isFinishing)
            val kept = core { it.order(order) }.evidence.single()
            assertEquals("signature", kept.kind)
            assertTrue(core { it.thumbnail(kept.sha256) } != null)
        }

    @Test
    fun a_full_phone_keeps_the_strokes_on_the_screen() =
        withOrder { order ->
            val screen = start(SignatureActivity::class.java, order, "signature").get()
            sign(screen)
            app.free = 1024
            tap(screen, "确认签名")
            assertTrue(words(screen), "D-507-DISK" in words(screen) && "确认签名" in words(screen))
            app.free = 8L * 1024 * 1024 * 1024
            tap(screen, "确认签名")
            assertTrue(screen.isFinishing)
        }

    private fun talk(screen: Activity): View =
        shown(screen.window.decorView)
            .filterIsInstance<TextView>()
            .first { it.isClickable && ("按住说话" in it.text || "点一下结束" in it.text) }

    private fun sign(screen: Activity) {
        val paper = shown(screen.window.decorView).filterIsInstance<SignatureView>().single()
        touch(paper, MotionEvent.ACTION_DOWN, 0.1f)
        for (i in 2..8) touch(paper, MotionEvent.ACTION_MOVE, i / 10f)
        touch(paper, MotionEvent.ACTION_UP, 0.8f)
        settle()
    }

    private fun touch(
        view: View,
        action: Int,
        share: Float = 0.5f,
    ) {
        val now = android.os.SystemClock.uptimeMillis()
        val event = MotionEvent.obtain(now, now, action, view.width * share, view.height * (0.3f + share / 3), 0)
        view.dispatchTouchEvent(event)
        event.recycle()
    }

    private fun <A : Activity> start(
        screen: Class<A>,
        order: String,
        kind: String,
    ): ActivityController<A> =
        Robolectric.buildActivity(screen, Routes.capture(app, order, "extra", kind)).setup().also { settle() }

    private fun withOrder(story: (String) -> Unit) {
        County().use { county ->
            val order = county.order(0, "fault_repair", "家里没电了").getString("id")
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core { it.syncNow() }
            story(order)
        }
    }
}
