// The first screen on the real core: nobody signed in, then orders from a real server.
package cn.dianma.app.orders

import cn.dianma.app.harness.County
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.app.screens.system.OutboxActivity
import cn.dianma.core.SignIn
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf

class OrdersTabTest : OrderScreenTest() {
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

    @Test
    fun the_strip_opens_the_outbox() =
        County().use { county ->
            signIn(county)
            val screen = open(HomeActivity::class.java).get()
            tap(screen, "已全部上传")
            val started = shadowOf(screen).nextStartedActivity
            assertEquals(OutboxActivity::class.java.name, started.component!!.className)
        }

    @Test
    fun finds_an_order_by_what_a_person_types_whatever_the_filter() =
        County().use { county ->
            county.order(3, "fault_repair", "家里没电了")
            county.order(4, "ad_hoc", "帮村委会看一下线")
            signIn(county)
            val screen = open(HomeActivity::class.java).get()
            tap(screen, "驳回 0")
            type(screen, "搜工单号", "生成户04")
            assertEquals("in the box and in the row", 2, words(screen).lines().count { "生成户04" in it })
            assertFalse(words(screen), "生成户05" in words(screen))
            tap(screen, "全部 2")
            assertTrue(words(screen), "生成户05" in words(screen))
        }

    @Test
    fun a_tapped_row_opens_its_order_and_the_list_sorts_on() =
        County().use { county ->
            val id = county.order(3, "fault_repair", "家里没电了").getString("id")
            signIn(county)
            val screen = open(HomeActivity::class.java).get()
            tap(screen, "⇅ 按时限")
            assertTrue(words(screen), "⇅ 按距离" in words(screen))
            tap(screen, "生成户04")
            val started = shadowOf(screen).nextStartedActivity
            assertEquals(id, started.getStringExtra(Routes.EXTRA_ORDER))
        }

    @Test
    fun turning_the_phone_keeps_filter_order_and_what_is_looked_for() =
        County().use { county ->
            county.order(3, "fault_repair", "家里没电了")
            county.order(4, "ad_hoc", "帮村委会看一下线")
            signIn(county)
            val screen = open(HomeActivity::class.java)
            tap(screen.get(), "⇅ 按时限")
            tap(screen.get(), "驳回 0")
            screen.recreate()
            settle()
            assertTrue(words(screen.get()), "⇅ 按距离" in words(screen.get()) && "✓ 驳回 0" in words(screen.get()))
            type(screen.get(), "搜工单号", "生成户04")
            screen.recreate()
            settle()
            assertEquals("in the box and in the row", 2, words(screen.get()).lines().count { "生成户04" in it })
            assertFalse(words(screen.get()), "生成户05" in words(screen.get()))
        }
}
