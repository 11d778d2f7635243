// The first screen on the real core: nobody signed in, then orders from a real server.
package cn.dianma.app.orders

import cn.dianma.app.harness.County
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.core.SignIn
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class OrdersTabTest : ScreenTest() {
    @Test
    fun says_what_to_do_when_nobody_is_signed_in() {
        val screen = open(HomeActivity::class.java).get()
        assertTrue(words(screen), "A-401-SIGN-IN" in words(screen))
    }

    @Test
    fun shows_orders_of_the_server_with_the_next_step() {
        County().use { county ->
            county.order(0, "fault_repair", "家里没电了，邻居家有电")
            county.order(1, "meter_change", "换表")
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            assertTrue(core { it.syncNow() }.isReached)
            val screen = open(HomeActivity::class.java).get()
            val words = words(screen)
            assertTrue(words, "抢修" in words && "装拆表计" in words)
            assertTrue(words, "▶ 接单" in words)
            assertTrue(words, "还剩" in words)
            tap(screen, "在办 0")
            assertFalse(words(screen), "▶ 接单" in words(screen))
            assertTrue(words(screen), "现在没有这类工单" in words(screen))
        }
    }
}
