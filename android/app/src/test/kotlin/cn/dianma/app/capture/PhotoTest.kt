// Photos on the real core: durable before the screen says so, found again after the process died, refused
// with the truth when the phone is full, class B when picked.
package cn.dianma.app.capture

import android.Manifest
import android.app.Activity
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import cn.dianma.app.camera.CameraProblem
import cn.dianma.app.harness.County
import cn.dianma.app.harness.GeneratedMedia
import cn.dianma.app.harness.Plate
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.capture.PhotoActivity
import cn.dianma.core.SignIn
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import java.io.ByteArrayInputStream
import java.io.File
import java.util.Random

class PhotoTest : ScreenTest() {
    @Before
    fun allow() = shadowOf(app).grantPermissions(Manifest.permission.CAMERA)

    @Test
    fun two_taps_put_a_photo_on_the_order_in_the_size_that_is_sent() =
        withOrder { order, slot ->
            app.camera.plate = Plate("generated")
            val screen = photo(order, slot).get()
            assertTrue(words(screen), "已有 0，至少 1" in words(screen))
            tap(screen, "拍照")
            assertTrue(words(screen), "看清楚了吗" in words(screen))
            assertTrue("not on the order before it is kept", evidence(order).isEmpty())
            tap(screen, "就用这个")
            assertTrue(screen.isFinishing)
            val kept = evidence(order).single()
            assertEquals(slot, kept.slot)
            assertFalse(kept.isImported)
            assertTrue("${kept.size} bytes", kept.size < 260_000u)
            val thumbnail = core { it.thumbnail(kept.sha256) }
            assertTrue(thumbnail != null && thumbnail.size in 500..12_000)
            assertTrue(File(app.store, "sealed/captures").list()!!.isEmpty())
        }

    @Test
    fun a_photo_that_is_not_good_is_taken_again() =
        withOrder { order, slot ->
            val screen = photo(order, slot).get()
            tap(screen, "拍照")
            tap(screen, "重拍")
            assertTrue(words(screen), "看清楚了吗" !in words(screen))
            assertTrue(File(app.store, "sealed/captures").list()!!.isEmpty())
            tap(screen, "拍照")
            tap(screen, "就用这个")
            assertEquals(1, evidence(order).size)
        }

    @Test
    fun the_app_killed_between_shutter_and_save_offers_the_photo_again() =
        withOrder { order, slot ->
            app.camera.diesAtShutter = true
            val first = photo(order, slot)
            tap(first.get(), "拍照")
            assertTrue(evidence(order).isEmpty())
            // The process is gone without a word; what is on disk is all there is.
            app.camera.diesAtShutter = false
            val screen = photo(order, slot).get()
            assertTrue(words(screen), "没有保存的，还在" in words(screen))
            tap(screen, "就用这个")
            assertEquals(1, evidence(order).size)
            assertTrue(core { it.leftCaptures(order) }.isEmpty())
        }

    @Test
    fun turning_the_phone_while_looking_at_the_photo_keeps_it() =
        withOrder { order, slot ->
            val controller = photo(order, slot)
            tap(controller.get(), "拍照")
            controller.recreate()
            settle()
            tap(controller.get(), "就用这个")
            assertEquals(1, evidence(order).size)
        }

    @Test
    fun a_full_phone_says_how_much_is_missing_and_deletes_nothing() =
        withOrder { order, slot ->
            val screen = photo(order, slot).get()
            app.free = 5L * 1024 * 1024
            tap(screen, "拍照")
            val words = words(screen)
            assertTrue(words, "D-507-DISK" in words && "还差 35 MB" in words && "未上传的凭证不会删除" in words)
            tap(screen, "打开存储设置")
            assertNotNull(shadowOf(screen).nextStartedActivity)
            app.free = 8L * 1024 * 1024 * 1024
            tap(screen, "拍照")
            tap(screen, "就用这个")
            assertEquals(1, evidence(order).size)
        }

    @Test
    fun from_the_gallery_it_is_class_b() =
        withOrder { order, slot ->
            val screen = photo(order, slot).get()
            pick(screen, GeneratedMedia.of("photo", Random(3)))
            assertTrue(words(screen), "B 类凭证" in words(screen))
            tap(screen, "就用这个")
            assertTrue(evidence(order).single().isImported)
        }

    @Test
    fun what_is_no_photo_is_refused_when_it_is_kept_and_can_be_replaced() =
        withOrder { order, slot ->
            val screen = photo(order, slot).get()
            pick(screen, "not a photo, whatever its name says".repeat(50).toByteArray())
            tap(screen, "就用这个")
            assertTrue(words(screen), "E-415-MEDIA" in words(screen))
            tap(screen, "重拍")
            assertTrue(evidence(order).isEmpty())
            assertTrue(words(screen), "从相册选" in words(screen))
        }

    @Test
    fun a_shutter_that_fails_says_so_and_leaves_nothing() =
        withOrder { order, slot ->
            val screen = photo(order, slot).get()
            app.camera.hasBrokenShutter = true
            tap(screen, "拍照")
            assertTrue(words(screen), "相机没有留下内容" in words(screen))
            assertTrue(File(app.store, "sealed/captures").list()!!.isEmpty())
        }

    @Test
    fun denied_taken_and_absent_cameras_leave_the_gallery() =
        withOrder { order, slot ->
            shadowOf(app).denyPermissions(Manifest.permission.CAMERA)
            val denied = photo(order, slot).get()
            denied.onRequestPermissionsResult(
                1,
                arrayOf(Manifest.permission.CAMERA),
                intArrayOf(PackageManager.PERMISSION_DENIED),
            )
            settle()
            assertTrue(words(denied), "没有相机权限" in words(denied) && "从相册选" in words(denied))
            allow()
            val taken = photo(order, slot).get()
            app.camera.take()
            settle()
            assertTrue(words(taken), "相机被别的程序占用" in words(taken))
            tap(taken, "重新打开相机")
            assertTrue(app.camera.isOpen)
            app.camera.problem = CameraProblem.ABSENT
            val absent = photo(order, slot).get()
            assertTrue(words(absent), "这台手机没有相机" in words(absent) && "从相册选" in words(absent))
        }

    private fun evidence(order: String) = core { it.order(order) }.evidence

    private fun photo(order: String, slot: String): ActivityController<PhotoActivity> {
        val intent = Routes.capture(app, order, slot, "photo")
        return Robolectric.buildActivity(PhotoActivity::class.java, intent).setup().also { settle() }
    }

    private fun pick(screen: PhotoActivity, bytes: ByteArray) {
        val uri = Uri.parse("content://generated/photo")
        shadowOf(app.contentResolver).registerInputStream(uri, ByteArrayInputStream(bytes))
        tap(screen, "从相册选")
        val asked = shadowOf(screen).nextStartedActivityForResult
        shadowOf(screen).receiveResult(asked.intent, Activity.RESULT_OK, Intent().setData(uri))
        repeat(TRIES) {
            settle()
            if ("就用这个" in words(screen)) return
            Thread.sleep(WAIT_MS)
        }
    }

    private fun withOrder(story: (String, String) -> Unit) {
        County().use { county ->
            val order = county.order(0, "fault_repair", "家里没电了").getString("id")
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core { it.syncNow() }
            val slot = core { it.order(order) }.demands.first { it.kind == "photo" }.slot
            story(order, slot)
        }
    }

    private companion object {
        const val TRIES = 200
        const val WAIT_MS = 25L
    }
}
