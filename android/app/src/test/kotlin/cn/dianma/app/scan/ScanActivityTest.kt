// The scanner on the real core: generated frames take the same way as the camera's and end on a real order;
// whatever the camera or the code does, there is a way on.
package cn.dianma.app.scan

import android.Manifest
import android.app.Activity
import android.content.Intent
import android.content.pm.PackageManager
import android.os.Looper
import android.view.View
import android.widget.EditText
import android.widget.TextView
import cn.dianma.app.camera.CameraProblem
import cn.dianma.app.harness.County
import cn.dianma.app.harness.Plate
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.app.screens.lookup.CustomerActivity
import cn.dianma.app.screens.scan.ScanActivity
import cn.dianma.core.SignIn
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import java.time.Duration

class ScanActivityTest : ScreenTest() {
    @Before
    fun allow() = shadowOf(app).grantPermissions(Manifest.permission.CAMERA)

    @Test
    fun a_label_before_the_camera_becomes_the_arrival_at_a_real_order() =
        withOrder { county, order ->
            val screen = scan(Routes.TO_ARRIVE, order).get()
            app.camera.look(Plate(county.labelText(0)))
            settle()
            assertTrue(words(screen), "✓ 有效" in words(screen) && "客户" in words(screen))
            goOn()
            val answer = shadowOf(screen).resultIntent
            assertEquals(Activity.RESULT_OK, shadowOf(screen).resultCode)
            val (text, isTyped) = answer.getStringExtra(Routes.EXTRA_TEXT)!! to
                answer.getBooleanExtra(Routes.EXTRA_IS_TYPED, true)
            assertFalse(isTyped)
            core { it.accept(order) }
            core { it.depart(order) }
            assertEquals("arrived", core { it.arrive(order, text, isTyped) }.state)
            val figures = app.frames.figures
            assertTrue("$figures", figures.searched >= 1 && figures.hits >= 1 && figures.meanUs > 0)
        }

    @Test
    fun a_dirty_label_that_hangs_crooked_is_read_after_some_frames() =
        withOrder { county, order ->
            val screen = scan(Routes.TO_ARRIVE, order).get()
            app.camera.size = 640 to 360
            val label = Plate(county.labelText(0), turnDegrees = 20.0, dirt = 0.03, light = 160, pixelsPerModule = 4.0)
            app.camera.look(label, frames = 12)
            settle()
            assertTrue("${app.frames.figures} ${words(screen)}", "✓ 有效" in words(screen))
        }

    @Test
    fun the_bar_code_of_the_meter_is_a_number_that_arrives() =
        withOrder { _, order ->
            app.camera.size = 640 to 360
            val screen = scan(Routes.TO_ARRIVE, order).get()
            app.camera.look(Plate(null, pixelsPerModule = 2.0, bars = County.meterNumber(0)), frames = 14)
            settle()
            assertTrue("${app.frames.figures} ${words(screen)}", "✓ 号码" in words(screen))
            goOn()
            val answer = shadowOf(screen).resultIntent
            assertEquals(County.meterNumber(0), answer.getStringExtra(Routes.EXTRA_TEXT))
            assertTrue("as a number", answer.getBooleanExtra(Routes.EXTRA_IS_TYPED, false))
            core { it.accept(order) }
            core { it.depart(order) }
            assertEquals("arrived", core { it.arrive(order, County.meterNumber(0), true) }.state)
        }

    @Test
    fun the_label_of_another_customer_is_flagged_and_there_is_a_way_on() =
        withOrder { county, order ->
            val screen = scan(Routes.TO_ARRIVE, order).get()
            app.camera.look(Plate(county.labelText(5)))
            settle()
            val words = words(screen)
            assertTrue(words, "✕ 不能用于本工单" in words && "S-422-PLACE" in words)
            goOn()
            assertFalse("refused codes end nothing", screen.isFinishing)
            tap(screen, "再扫一次")
            app.camera.look(Plate(county.labelText(0)))
            settle()
            assertTrue(words(screen), "✓ 有效" in words(screen))
        }

    @Test
    fun a_revoked_label_is_told_and_not_taken() =
        withOrder { county, order ->
            val text = county.labelText(0)
            county.revoke(0)
            core { it.syncNow() }
            val screen = scan(Routes.TO_ARRIVE, order).get()
            app.camera.look(Plate(text))
            settle()
            val words = words(screen)
            assertTrue(words, "✕ 已吊销" in words && "请更换标签并上报" in words)
            assertFalse(words, "就用这个" in words)
        }

    @Test
    fun hostile_payloads_are_called_strangers_and_never_shown() =
        withOrder { _, order ->
            val screen = scan(Routes.TO_ARRIVE, order).get()
            for (payload in HOSTILE) {
                app.camera.look(Plate(payload, pixelsPerModule = 5.0), frames = 2)
                settle()
                val words = words(screen)
                assertTrue(words, "✕ 非本公司码" in words || "✕ 没有读全" in words)
                assertFalse(words, "evil" in words || "DROP" in words)
                tap(screen, "再扫一次")
            }
        }

    @Test
    fun a_number_is_checked_while_it_is_typed() =
        withOrder { _, order ->
            val screen = scan(Routes.TO_ARRIVE, order).get()
            tap(screen, "手动输入")
            type(screen, County.meterNumber(9))
            assertTrue(words(screen), "✕ 不能用于本工单" in words(screen))
            assertFalse(words(screen), "使用这个号码" in words(screen))
            type(screen, County.meterNumber(0))
            assertTrue(words(screen), "使用这个号码" in words(screen))
            tap(screen, "使用这个号码")
            goOn()
            val answer = shadowOf(screen).resultIntent
            assertEquals(County.meterNumber(0), answer.getStringExtra(Routes.EXTRA_TEXT))
            assertTrue(answer.getBooleanExtra(Routes.EXTRA_IS_TYPED, false))
        }

    @Test
    fun the_customers_will_cannot_be_typed() =
        withOrder { county, order ->
            val screen = scan(Routes.TO_FINISH, order).get()
            assertFalse(words(screen), "手动输入" in words(screen))
            app.camera.look(Plate(county.labelText(0)))
            settle()
            goOn()
            assertEquals(county.labelText(0), shadowOf(screen).resultIntent.getStringExtra(Routes.EXTRA_TEXT))
        }

    @Test
    fun looking_up_opens_the_order_in_hand_else_the_customer() =
        withOrder { county, order ->
            val first = scan(Routes.TO_LOOK_UP, null).get()
            app.camera.look(Plate(county.labelText(0)))
            settle()
            goOn()
            assertEquals(order, shadowOf(first).nextStartedActivity.getStringExtra(Routes.EXTRA_ORDER))
            val second = scan(Routes.TO_LOOK_UP, null).get()
            app.camera.look(Plate(county.labelText(7)))
            settle()
            goOn()
            val page = shadowOf(second).nextStartedActivity
            assertTrue(page.component!!.className, page.component!!.className.endsWith("CustomerActivity"))
        }

    @Test
    fun several_orders_are_a_choice() =
        withOrder { county, _ ->
            county.order(0, "meter_change", "换表")
            core { it.syncNow() }
            val screen = scan(Routes.TO_LOOK_UP, null).get()
            app.camera.look(Plate(county.labelText(0)))
            settle()
            goOn()
            assertNull("nothing opens by itself", shadowOf(screen).peekNextStartedActivity())
            assertTrue(words(screen), "装拆表计" in words(screen) && "抢修" in words(screen) && "客户：" in words(screen))
            tap(screen, "客户：")
            assertTrue(shadowOf(screen).nextStartedActivity.hasExtra(Routes.EXTRA_CUSTOMER))
        }

    @Test
    fun without_permission_it_asks_once_and_then_says_what_to_do() {
        shadowOf(app).denyPermissions(Manifest.permission.CAMERA)
        val controller = scan(Routes.TO_LOOK_UP, null)
        val screen = controller.get()
        val denied = intArrayOf(PackageManager.PERMISSION_DENIED)
        screen.onRequestPermissionsResult(1, arrayOf(Manifest.permission.CAMERA), denied)
        settle()
        assertTrue(words(screen), "没有相机权限" in words(screen) && "手动输入" in words(screen))
        tap(screen, "去设置里允许")
        assertEquals("package:" + app.packageName, shadowOf(screen).nextStartedActivity.dataString)
        shadowOf(app).grantPermissions(Manifest.permission.CAMERA)
        controller.pause().resume()
        settle()
        assertTrue(words(screen), "对准二维码" in words(screen))
        assertTrue(app.camera.isOpen)
    }

    @Test
    fun a_camera_that_is_taken_away_mid_scan_can_be_opened_again() {
        val screen = scan(Routes.TO_LOOK_UP, null).get()
        app.camera.take()
        settle()
        assertTrue(words(screen), "相机被别的程序占用" in words(screen) && "选照片" in words(screen))
        tap(screen, "重新打开相机")
        assertTrue(words(screen), "对准二维码" in words(screen))
    }

    @Test
    fun a_phone_without_a_camera_still_takes_numbers() {
        app.camera.problem = CameraProblem.ABSENT
        val screen = scan(Routes.TO_LOOK_UP, null).get()
        assertTrue(words(screen), "这台手机没有相机" in words(screen))
        tap(screen, "手动输入")
        assertTrue(words(screen), "输入表号" in words(screen))
    }

    @Test
    fun turning_the_phone_keeps_what_was_typed_and_opens_the_camera_again() =
        withOrder { _, order ->
            val controller = scan(Routes.TO_ARRIVE, order)
            tap(controller.get(), "手动输入")
            type(controller.get(), County.meterNumber(0))
            controller.recreate()
            settle()
            val screen = controller.get()
            assertEquals(County.meterNumber(0), field(screen).text.toString())
            assertTrue(words(screen), "使用这个号码" in words(screen))
            assertTrue(app.camera.isOpen)
            controller.pause()
            assertFalse("not open in the background", app.camera.isOpen)
        }

    @Test
    fun an_old_label_without_a_signature_is_in_doubt_and_waits_for_a_tap() =
        withOrder(hasKeys = false) { county, order ->
            val screen = scan(Routes.TO_ARRIVE, order).get()
            app.camera.look(Plate(county.labelText(0)))
            settle()
            goOn()
            assertTrue(words(screen), "? 未签名旧码" in words(screen))
            assertFalse(screen.isFinishing)
            tap(screen, "就用这个")
            assertEquals(Activity.RESULT_OK, shadowOf(screen).resultCode)
        }

    @Test
    fun a_frame_that_stands_upright_already_is_read_the_same() =
        withOrder { county, order ->
            app.camera.rotationDegrees = 0
            val screen = scan(Routes.TO_ARRIVE, order).get()
            app.camera.look(Plate(county.labelText(0)))
            settle()
            assertTrue(words(screen), "✓ 有效" in words(screen))
        }

    @Test
    fun a_number_nobody_here_knows_is_asked_of_the_server_when_there_is_signal() =
        withOrder { county, _ ->
            county.moveIn(40)
            val screen = scan(Routes.TO_LOOK_UP, null).get()
            tap(screen, "手动输入")
            app.isAirplane = true
            type(screen, County.accountNumber(40))
            assertTrue(words(screen), "没有信号：连上网后可以问服务器" in words(screen))
            app.isAirplane = false
            type(screen, County.accountNumber(40) + " ")
            tap(screen, "问服务器")
            val page = open(CustomerActivity::class.java, shadowOf(screen).nextStartedActivity).get()
            assertTrue("asked at once: ${words(page)}", "生成户41" in words(page) && "刚从服务器查到" in words(page))
        }

    @Test
    fun the_scanner_is_in_the_middle_of_the_tab_bar() {
        val home = open(HomeActivity::class.java).get()
        tap(home, "扫码")
        val next = shadowOf(home).nextStartedActivity
        assertEquals(ScanActivity::class.java.name, next.component!!.className)
        assertEquals(Routes.TO_LOOK_UP, next.getStringExtra(Routes.EXTRA_PURPOSE))
    }

    @Test
    fun torch_and_zoom_reach_the_camera() {
        val screen = scan(Routes.TO_LOOK_UP, null).get()
        tap(screen, "开手电")
        tap(screen, "关手电")
        tap(screen, "放大 1×")
        tap(screen, "放大 2×")
        assertEquals(listOf("torch true", "torch false", "zoom 2.0", "zoom 4.0"), app.camera.wishes)
    }

    @Test
    fun the_verdict_is_said_aloud() =
        withOrder { county, order ->
            val screen = scan(Routes.TO_ARRIVE, order).get()
            app.camera.look(Plate(county.labelText(0)))
            settle()
            val live = shown(screen.window.decorView)
                .filter { it.accessibilityLiveRegion == View.ACCESSIBILITY_LIVE_REGION_ASSERTIVE }
                .flatMap { shown(it).filterIsInstance<TextView>() }
            assertTrue(live.any { "有效" in it.text })
        }

    private fun withOrder(hasKeys: Boolean = true, story: (County, String) -> Unit) {
        County(hasKeys).use { county ->
            val order = county.order(0, "fault_repair", "家里没电了").getString("id")
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core { it.syncNow() }
            story(county, order)
        }
    }

    private fun scan(purpose: String, order: String?): ActivityController<ScanActivity> {
        val intent: Intent = Routes.scan(app, purpose, order)
        return Robolectric.buildActivity(ScanActivity::class.java, intent).setup().also { settle() }
    }

    private fun goOn() {
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofSeconds(2))
        settle()
    }

    private fun field(screen: Activity) = shown(screen.window.decorView).filterIsInstance<EditText>().first()

    private fun type(screen: Activity, text: String) {
        field(screen).setText(text)
        settle()
    }

    private companion object {
        val HOSTILE =
            listOf(
                "http://evil.example/?q=%00",
                "'; DROP TABLE work_orders; --",
                "\u202Egpj.evil\u0000\u001B[2J",
                "evil".repeat(40),
                "DM1:evil",
            )
    }
}
