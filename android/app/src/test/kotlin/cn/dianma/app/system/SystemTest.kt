// The 系统 tab and its screens on the real core and a real server: what came back is decided, signing out
// with unsent work is asked twice and loses nothing, the password changes, the diagnosis names nobody.
package cn.dianma.app.system

import android.app.Activity
import android.content.Intent
import android.net.Uri
import cn.dianma.app.harness.County
import cn.dianma.app.harness.GeneratedMedia
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.platform.Look
import cn.dianma.app.screens.entry.SignInActivity
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.app.screens.system.DiagnosisActivity
import cn.dianma.app.screens.system.LookActivity
import cn.dianma.app.screens.system.NetworkActivity
import cn.dianma.app.screens.system.OutboxActivity
import cn.dianma.app.screens.system.PasswordActivity
import cn.dianma.app.screens.system.RoomActivity
import cn.dianma.core.CapturedFile
import cn.dianma.core.SignIn
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import java.io.File
import java.io.FileNotFoundException
import java.util.Random

class SystemTest : ScreenTest() {
    @Test
    fun what_came_back_is_shown_and_decided() =
        signedIn { county ->
            val id = county.order(0, "fault_repair", "家里没电了").getString("id")
            core { it.syncNow() }
            app.isAirplane = true
            core { it.accept(id) }
            val screen = open(OutboxActivity::class.java).get()
            assertTrue(words(screen), "1 项待上传" in words(screen) && "↑ 待上传" in words(screen))
            tap(screen, "立即同步")
            assertTrue(words(screen), "这次没有联系上服务器" in words(screen))
            app.isAirplane = false
            county.command(id, "cancel", "客户撤单")
            tap(screen, "立即同步")
            assertTrue(words(screen), "已同步：发出 1 项" in words(screen))
            assertTrue(words(screen), "被退回，等您处理" in words(screen))
            assertEquals(1u, core { it.strip() }.refused)
            tap(screen, "仅存为记录")
            assertEquals("asked first", 1u, core { it.strip() }.refused)
            type(screen, "给调度的话", "已经到过现场")
            tap(screen, "确定：仅存为记录")
            assertEquals(0u, core { it.strip() }.refused)
            assertFalse(words(screen), "被退回，等您处理" in words(screen))
            assertTrue(words(screen), "已处理" in words(screen))
        }

    @Test
    fun signing_out_with_unsent_work_is_asked_twice_and_keeps_it() =
        signedIn { county ->
            val id = county.order(0, "fault_repair", "家里没电了").getString("id")
            core { it.syncNow() }
            core { it.setPin("135790") }
            app.isAirplane = true
            core { it.accept(id) }
            val home = system()
            tap(home, "退出登录")
            tap(home, "退出登录")
            assertTrue(words(home), "S-409-UNSENT" in words(home) && "1 项操作没有上传" in words(home))
            assertTrue(core { it.session() }.isSignedIn)
            tap(home, "仍要退出")
            assertTrue(core { it.session() }.isSignedIn)
            tap(home, "仍要退出")
            assertFalse(core { it.session() }.isSignedIn)
            assertEquals("SignInActivity", led())
            assertEquals("nothing to tell it offline", 0, signedOutAtServer())
            app.isAirplane = false
            val entry = open(SignInActivity::class.java).get()
            assertTrue(words(entry), "手机里有 1 项没上传的工作" in words(entry))
            type(entry, "密码", County.PASSWORD)
            tap(entry, "登录")
            assertTrue(words(entry), entry.isFinishing)
            core { it.syncNow() }
            assertEquals("accepted", county.seen(id).getString("state"))
            // Signing in again has ended the old sign-in there already; the phone asked and knows.
            assertEquals("told once the server is reached", 1, signedOutAtServer("401"))
        }

    @Test
    fun signing_out_online_ends_the_servers_session_at_once() =
        signedIn {
            core { it.setPin("135790") }
            val home = system()
            repeat(2) { tap(home, "退出登录") }
            assertFalse(core { it.session() }.isSignedIn)
            repeat(TRIES) { if (signedOutAtServer() == 0) Thread.sleep(WAIT_MS) }
            assertEquals(1, signedOutAtServer())
        }

    private fun signedOutAtServer(status: String = "204") =
        app.answers.count { it == "DELETE /v1/sessions/current $status" }

    @Test
    fun the_password_changes_and_a_weak_one_is_refused_in_the_servers_words() =
        signedIn { county ->
            val screen = open(PasswordActivity::class.java).get()
            change(screen, "wrong-password", "generated-secret-8", "generated-secret-8")
            assertTrue(words(screen), "A-401-PASSWORD" in words(screen))
            change(screen, County.PASSWORD, "generated-secret-8", "generated-secret-9")
            assertTrue(words(screen), "两次输入的新密码不一样" in words(screen))
            change(screen, County.PASSWORD, "12345678", "12345678")
            assertTrue(words(screen), "V-422-FIELD" in words(screen))
            change(screen, County.PASSWORD, "generated-secret-8", "generated-secret-8")
            assertTrue(words(screen), "密码已修改" in words(screen))
            assertTrue("still signed in", core { it.syncNow() }.isReached)
            core { it.signIn(SignIn(county.server.url, "worker1", "generated-secret-8", "生成机型", "15")) }
        }

    @Test
    fun the_diagnosis_is_shown_before_it_goes_and_names_nobody() =
        signedIn { county ->
            val order = county.order(0, "fault_repair", "家里没电了")
            core { it.syncNow() }
            core { it.accept(order.getString("id")) }
            val screen = open(DiagnosisActivity::class.java).get()
            val shown = words(screen)
            assertTrue(shown, "command 1" in shown && "accept" in shown)
            val personal =
                listOf("worker1", "生成", order.getString("order_number"), order.getString("id"), "没电", "9000000001")
            for (part in personal) assertFalse("$part in $shown", part in shown)
            tap(screen, "发送")
            val chooser = shadowOf(screen).nextStartedActivity

            @Suppress("DEPRECATION")
            val send = chooser.getParcelableExtra<Intent>(Intent.EXTRA_INTENT)!!

            @Suppress("DEPRECATION")
            val uri = send.getParcelableExtra<Uri>(Intent.EXTRA_STREAM)!!
            val sent = app.contentResolver.openInputStream(uri)!!.use { it.readBytes().decodeToString() }
            assertTrue("exactly what was shown", sent in shown)
            for (bad in listOf(
                "content://cn.dianma.app.share/..%2Fphone.db",
                "content://cn.dianma.app.share/a/b.txt",
            )) {
                assertThrows(FileNotFoundException::class.java) { app.contentResolver.openInputStream(Uri.parse(bad)) }
            }
        }

    @Test
    fun network_room_look_and_duty() =
        signedIn {
            val network = open(NetworkActivity::class.java).get()
            tap(network, "GPRS")
            assertEquals("gprs", core { it.session() }.netClass)
            assertTrue(words(network), "照片、录音、录像等更快的网络" in words(network))
            val room = open(RoomActivity::class.java).get()
            assertTrue(words(room), "手机剩余空间" in words(room) && "没有可以清理的文件" in words(room))
            val look = open(LookActivity::class.java).get()
            tap(look, "阳光下")
            assertEquals(Look.Choice.SUN, app.look.choice)
            tap(look, "English")
            val english = open(HomeActivity::class.java).get()
            assertTrue(words(english), "Orders" in words(english) && "工单" !in words(english))
            app.look.tongue = Look.Tongue.ZH
            val home = system()
            assertTrue(words(home), "正在当班" in words(home) && "客户资料可用至" in words(home))
            tap(home, "下班")
            assertTrue(words(home), "已下班" in words(home))
            assertFalse(core { it.session() }.isOnDuty)
        }

    @Test
    fun a_recording_waits_for_the_data_plan_until_the_person_says_now() =
        signedIn { county ->
            val id = county.order(0, "fault_repair", "家里没电了").getString("id")
            core { it.syncNow() }
            core {
                it.setNetClass("three_g")
                it.accept(id)
            }
            for (kind in listOf("audio", "photo")) {
                val file = File(app.cacheDir, kind).apply { writeBytes(GeneratedMedia.of(kind, Random(3))) }
                core { it.addEvidence(id, CapturedFile(file.path, "extra", kind, false)) }
            }
            val screen = open(OutboxActivity::class.java).get()
            tap(screen, "立即同步")
            assertTrue(words(screen), "录音 · 0.1 MB，等更快的网络" in words(screen) && "照片 ·" !in words(screen))
            val used = words(open(NetworkActivity::class.java).get())
            assertTrue(used, "今天已用流量 0.1 MB，每天最多 200 MB" in used)
            tap(screen, "现在用流量上传")
            assertTrue(words(screen), "录音 ·" !in words(screen) && "已全部上传" in words(screen))
            assertEquals(0u, core { it.strip() }.pendingFiles)
        }

    @Test
    fun without_a_sign_in_a_screen_says_so_and_leads_there() {
        // Nobody is signed in: the outbox cannot be read, and says so instead of crashing.
        val screen = open(OutboxActivity::class.java).get()
        assertTrue(words(screen), "A-401-SIGN-IN" in words(screen))
        assertEquals("SignInActivity", led())
    }

    private fun signedIn(story: (County) -> Unit) {
        County().use { county ->
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            story(county)
        }
    }

    private fun system(): Activity = open(HomeActivity::class.java).get().also { tap(it, "系统") }

    private fun change(
        screen: Activity,
        old: String,
        new: String,
        again: String,
    ) {
        type(screen, "现在的密码", old)
        type(screen, "新密码", new)
        type(screen, "再输入一遍新密码", again)
        tap(screen, "保存新密码")
    }

    private companion object {
        const val TRIES = 100
        const val WAIT_MS = 50L
    }
}
