// Getting in: by the code of the console or by name and password, and everything that can stand in the way
// said as it is.
package cn.dianma.app.entry

import android.app.Activity
import cn.dianma.app.harness.County
import cn.dianma.app.harness.HostileServer
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.screens.entry.SignInActivity
import cn.dianma.app.screens.home.HomeActivity
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class SignInTest : ScreenTest() {
    @Test
    fun a_new_phone_is_led_to_sign_in_and_from_there_to_the_first_pin() {
        open(HomeActivity::class.java)
        assertEquals("SignInActivity", led())
        County().use { county ->
            val screen = open(SignInActivity::class.java).get()
            assertTrue(words(screen), "扫登记码" in words(screen))
            fill(screen, county.server.url, "wrong-password")
            assertTrue(words(screen), "A-401-PASSWORD" in words(screen))
            assertFalse(core { it.session() }.isEnrolled)
            type(screen, "密码", County.PASSWORD)
            tap(screen, "登录")
            assertTrue(screen.isFinishing)
            assertEquals("SetPinActivity", led())
            assertEquals("worker1", core { it.session() }.loginName)
        }
    }

    @Test
    fun the_code_of_the_console_signs_in_once() {
        County().use { county ->
            val code = county.enrolCode(0)
            val screen = open(SignInActivity::class.java).get()
            type(screen, "DIANMA:E1", code.dropLast(code.length / 2))
            tap(screen, "用输入的登记码登录")
            assertTrue(words(screen), "这不是登记码，或没有扫全" in words(screen))
            type(screen, "DIANMA:E1", code.lowercase())
            tap(screen, "用输入的登记码登录")
            assertTrue(words(screen), screen.isFinishing)
            assertEquals("生成worker1", core { it.session() }.displayName)
            assertTrue(core { it.syncNow() }.isReached)
            val again = open(SignInActivity::class.java).get()
            tap(again, "改用登记码")
            type(again, "DIANMA:E1", code)
            tap(again, "用输入的登记码登录")
            assertTrue(words(again), "A-403-ENROL" in words(again))
        }
    }

    @Test
    fun a_hostile_code_goes_nowhere() {
        val screen = open(SignInActivity::class.java).get()
        val token = "00112233445566778899AABBCCDDEEFF"
        for (bad in listOf(
            "javascript:alert(1)",
            "DIANMA:E1:$token:HTTP://EVIL.EXAMPLE",
            "DIANMA:E1:$token:HTTPS://A@B",
        )) {
            type(screen, "DIANMA:E1", bad)
            tap(screen, "用输入的登记码登录")
            assertTrue(bad, "这不是登记码" in words(screen))
        }
        assertFalse(core { it.session() }.isEnrolled)
    }

    @Test
    fun no_network_and_a_wrong_address_are_said() {
        val screen = open(SignInActivity::class.java).get()
        fill(screen, "http://not.this.machine", "x")
        assertTrue(words(screen), "服务器地址应为 https://" in words(screen))
        app.isAirplane = true
        fill(screen, "https://gd.example", "x")
        assertTrue(words(screen), "N-000-SERVER" in words(screen) && "连不上服务器" in words(screen))
    }

    @Test
    fun what_is_not_our_server_is_told_apart() {
        app.answerMs = 600
        for ((server, code) in listOf(
            HostileServer(200) to "N-502-ANSWER",
            HostileServer(302) to "N-502-ANSWER",
            HostileServer(401) to "N-502-ANSWER",
            HostileServer(502) to "X-503-BUSY",
            HostileServer(200, delayMs = 3_000) to "N-408-SLOW",
            HostileServer(200, isTls = true) to "N-495-CERT",
            HostileServer(200, "application/json", "{\"device\":1}") to "N-502-ANSWER",
        )) {
            server.use {
                val screen = open(SignInActivity::class.java).get()
                fill(screen, it.url, County.PASSWORD)
                assertTrue("$code: ${words(screen)}", code in words(screen))
                assertFalse(core { core -> core.session() }.isEnrolled)
            }
        }
    }

    @Test
    fun a_clock_two_days_off_is_said() {
        val id = "019b0000-0000-7000-8000-000000000001"
        val then = System.currentTimeMillis() - 2 * 86_400_000L - 60_000
        val body =
            """{"device":{"id":"$id","last_n":0},"staff":{"id":"$id","login_name":"worker1","display_name":"生成"},
            "station":null,"token":"generated","server_ms":$then,"lease_days":14}"""
        HostileServer(200, "application/json", body).use {
            fill(open(SignInActivity::class.java).get(), it.url, County.PASSWORD)
            val again = open(SignInActivity::class.java).get()
            assertTrue(words(again), "手机时间快了 2 天" in words(again))
        }
    }

    private fun fill(
        screen: Activity,
        server: String,
        password: String,
    ) {
        if ("没有登记码" in words(screen)) tap(screen, "没有登记码")
        type(screen, "https", server)
        type(screen, "登录名", "worker1")
        type(screen, "密码", password)
        tap(screen, "登录")
    }
}
