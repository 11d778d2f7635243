// Work is waiting and something else answers where the server should: the outbox says what it is, nobody is
// signed out, nothing is lost, and it all goes out when the server is there again.
package cn.dianma.app.badluck

import cn.dianma.app.harness.County
import cn.dianma.app.harness.Hand
import cn.dianma.app.harness.HostileServer
import cn.dianma.app.orders.OrderScreenTest
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.entry.UnlockActivity
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.core.SignIn
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class BadNetworkTest : OrderScreenTest() {
    @Test
    fun whatever_answers_instead_of_the_server_is_named_and_the_work_waits() =
        withWork { county, id ->
            val hand = Hand(this)
            hand.start(Routes.outbox(app))
            for ((server, code) in listOf(
                HostileServer(200) to "N-502-ANSWER",
                HostileServer(302) to "N-502-ANSWER",
                HostileServer(401) to "N-502-ANSWER",
                HostileServer(502) to "X-503-BUSY",
                HostileServer(200, isTls = true) to "N-495-CERT",
            )) {
                server.use {
                    app.detour = it.url
                    hand.tap("立即同步")
                    assertTrue("$code: ${hand.said}", code in hand.said)
                }
                waits(hand)
            }
            app.detour = null
            hand.tap("立即同步")
            assertTrue(hand.said, "已全部上传" in hand.said)
            assertEquals("accepted", county.seen(id).getString("state"))
        }

    @Test
    fun a_server_that_is_gone_or_too_slow_is_said_and_the_work_waits() =
        withWork { county, id ->
            val hand = Hand(this)
            hand.start(Routes.outbox(app))
            app.detour = "http://127.0.0.1:1"
            hand.tap("立即同步")
            assertTrue(hand.said, "这次没有联系上服务器" in hand.said && "N-000-OFFLINE" in hand.said)
            waits(hand)
            HostileServer(200, delayMs = ANSWER_MS * 2L).use {
                app.detour = it.url
                hand.tap("立即同步")
                assertTrue(hand.said, "N-408-TIMEOUT" in hand.said)
                waits(hand)
            }
            app.detour = null
            hand.tap("立即同步")
            assertEquals("accepted", county.seen(id).getString("state"))
        }

    @Test
    fun a_phone_clock_two_days_off_is_said_on_every_screen_about_the_phone() {
        val id = "019b0000-0000-7000-8000-000000000001"
        val then = System.currentTimeMillis() + 2 * 86_400_000L + 60_000
        val body =
            """{"device":{"id":"$id","last_n":0},"staff":{"id":"$id","login_name":"worker1","display_name":"生成"},
            "station":null,"token":"generated","server_ms":$then,"lease_days":14}"""
        HostileServer(200, "application/json", body).use { server ->
            core { it.signIn(SignIn(server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
        }
        core { it.setPin("135790") }
        val home = open(HomeActivity::class.java).get()
        tap(home, "系统")
        assertTrue(words(home), "手机时间慢了 2 天" in words(home))
        core { it.lock() }
        val lock = open(UnlockActivity::class.java).get()
        assertTrue(words(lock), "手机时间慢了 2 天" in words(lock))
    }

    private fun waits(hand: Hand) {
        assertTrue(hand.said, "1 项待上传" in hand.said)
        assertTrue("nobody is signed out", core { it.session() }.isSignedIn)
        assertFalse(hand.front.isFinishing)
    }

    /** An order accepted on the phone, not sent. */
    private fun withWork(story: (County, String) -> Unit) {
        app.answerMs = ANSWER_MS
        County().use { county ->
            val id = county.order(0, "fault_repair", "家里没电了").getString("id")
            signIn(county)
            core { it.accept(id) }
            story(county, id)
        }
    }

    private companion object {
        /** Enough for a server on this machine. */
        const val ANSWER_MS = 4_000
    }
}
