// A defect in the core: a card with a code on the screen that asked, saved work untouched, the app alive - also
// when it happens at every start, or the core cannot be opened at all.
package cn.dianma.app.badluck

import android.app.Activity
import android.widget.EditText
import cn.dianma.app.harness.County
import cn.dianma.app.orders.OrderScreenTest
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.core.CoreInterface
import cn.dianma.core.OrderView
import cn.dianma.core.SavedView
import cn.dianma.core.TodayRequest
import cn.dianma.core.TodayView
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class PanicTest : OrderScreenTest() {
    private var isSick = false

    @Test
    fun a_panic_is_a_card_with_a_code_at_every_start_and_the_work_is_kept() =
        withOrder { id ->
            isSick = true
            repeat(3) {
                val home = open(HomeActivity::class.java)
                assertCard(home.get())
                val page = open(id)
                assertCard(page.get())
                page.pause().stop().destroy()
                home.pause().stop().destroy()
                app.die()
            }
            isSick = false
            val page = open(id).get()
            assertTrue(words(page), "现场记录" in words(page) && "D-500-APP" !in words(page))
            assertEquals("working", order(id).row.state)
            val home = open(HomeActivity::class.java).get()
            assertTrue(words(home), order(id).row.orderNumber in words(home))
        }

    @Test
    fun trying_again_on_the_card_goes_on_once_the_defect_is_over() =
        withOrder { id ->
            isSick = true
            val page = open(id).get()
            assertCard(page)
            tap(page, "重试")
            assertCard(page)
            isSick = false
            tap(page, "重试")
            assertFalse(words(page), "D-500-APP" in words(page))
            assertTrue(words(page), "现场记录" in words(page))
        }

    @Test
    fun a_panic_while_a_field_is_saved_leaves_the_words_where_they_were_typed() =
        withOrder { id ->
            val screen = open(id)
            val page = screen.get()
            val field = order(id).fields.first { it.kind == "text" }
            isSick = true
            type(page, field.label.zh, "进线开关烧坏")
            assertCard(page)
            val fields = shown(page.window.decorView).filterIsInstance<EditText>()
            assertTrue(fields.any { it.text.toString() == "进线开关烧坏" })
            isSick = false
            tap(page, "知道了")
            screen.pause()
            settle()
            assertEquals("进线开关烧坏", order(id).fields.first { it.name == field.name }.value)
        }

    @Test
    fun a_core_that_cannot_be_opened_is_a_card_and_not_a_crash() {
        app.opens = { throw UnsatisfiedLinkError("no library") }
        repeat(2) {
            val home = open(HomeActivity::class.java)
            assertCard(home.get())
            home.pause().stop().destroy()
        }
        app.opens = { it() }
        val home = open(HomeActivity::class.java).get()
        assertFalse(words(home), "D-500-APP" in words(home))
    }

    private fun assertCard(screen: Activity) {
        assertTrue(words(screen), "D-500-APP" in words(screen) && "已保存的工作不受影响" in words(screen))
        assertFalse(screen.isFinishing)
    }

    /** An order on which work has begun; the core is sick when told. */
    private fun withOrder(story: (String) -> Unit) {
        app.opens = { Sick(it()) }
        County().use { county ->
            val id = county.order(0, "fault_repair", "家里没电了").getString("id")
            signIn(county)
            begin(county, id)
            story(id)
        }
    }

    /** The real core that panics, really, where screens read and write orders. */
    private inner class Sick(
        private val core: CoreInterface,
    ) : CoreInterface by core {
        override fun order(order: String): OrderView = healthy { core.order(order) }

        override fun today(request: TodayRequest): TodayView = healthy { core.today(request) }

        override fun recordField(
            order: String,
            name: String,
            value: String,
        ): SavedView = healthy { core.recordField(order, name, value) }

        private fun <T> healthy(work: () -> T): T {
            if (isSick) core.provokePanic()
            return work()
        }
    }
}
