// Cost tab and sheets on the real core: every amount is the core's, drafts survive the process, what is
// submitted arrives at the server with the same total.
package cn.dianma.app.cost

import android.app.Activity
import android.content.Intent
import android.view.View
import android.widget.TextView
import cn.dianma.app.harness.County
import cn.dianma.app.orders.OrderScreenTest
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.cost.CostActivity
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.core.CostQuantity
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf

class CostScreenTest : OrderScreenTest() {
    @Test
    fun a_sheet_is_filled_by_steps_priced_by_the_core_and_submitted() =
        County().use { county ->
            val id = accepted(county)
            val item = core { it.priceList() }.first { it.lineKind == "labour" }
            val screen = open(CostActivity::class.java, Routes.cost(app, id))
            val page = screen.get()
            tap(page, "加项目、材料、工器具")
            tapExactly(page, item.lineKindName.zh)
            type(page, "搜名称", item.code)
            step(page, "增加" + item.name.zh)
            step(page, "增加" + item.name.zh)
            tap(page, "回到费用单")
            val expected = core { it.price(listOf(CostQuantity(item.code, "2"))) }
            assertTrue(words(page), expected.totalWords.zh in words(page))
            assertTrue(words(page), expected.lines[0].words.zh in words(page))
            assertTrue(words(page), "还没有提交" in words(page))
            next(page, expected.totalWords.zh)
            assertTrue(page.isFinishing)
            assertEquals(expected.totalFen, order(id).cost?.totalFen)
            assertTrue(order(id).drafts.isEmpty())
            syncUntilIdle()
        }

    @Test
    fun a_draft_survives_the_process_and_is_named_on_the_tab() =
        County().use { county ->
            val id = accepted(county)
            val item = core { it.priceList() }.first { it.lineKind == "material" && it.unitPrice != "0.00" }
            val screen = open(CostActivity::class.java, Routes.cost(app, id))
            tap(screen.get(), "加项目、材料、工器具")
            tapExactly(screen.get(), item.lineKindName.zh)
            type(screen.get(), "搜名称", item.code)
            step(screen.get(), "增加" + item.name.zh)
            screen.pause().stop().destroy()
            settle()
            app.die()
            val home = open(HomeActivity::class.java).get()
            tap(home, "费用")
            assertTrue(words(home), "草稿未提交" in words(home))
            val again = open(CostActivity::class.java, Routes.cost(app, id)).get()
            assertTrue(words(again), item.name.zh in words(again))
            assertTrue(words(again), "草稿已保存" in words(again))
        }

    @Test
    fun a_wrong_quantity_is_said_at_its_line_and_cannot_be_submitted() =
        County().use { county ->
            val id = accepted(county)
            val item = core { it.priceList() }.first { !it.isDivisible }
            core { it.keepDraft(id, "cost.${item.code}", "1.5") }
            val page = open(CostActivity::class.java, Routes.cost(app, id)).get()
            assertTrue(words(page), "! " in words(page))
            assertFalse(words(page), "▶ 提交费用" in words(page))
        }

    @Test
    fun another_fact_gives_another_card_and_its_reason() =
        County().use { county ->
            val id = accepted(county)
            val page = open(CostActivity::class.java, Routes.cost(app, id)).get()
            assertFalse(words(page), "登高）" in words(page))
            tap(page, "登高")
            assertTrue(words(page), "（登高）" in words(page))
            assertTrue(words(page), "选用依据：抢修：" in words(page))
            tap(page, "看作业指导卡")
            assertTrue(words(page), "作业流程" in words(page))
        }

    @Test
    fun a_quote_by_kind_needs_no_order_and_says_what_is_never_charged() =
        County().use { county ->
            accepted(county)
            val home = open(HomeActivity::class.java).get()
            tap(home, "费用")
            tapExactly(home, "业扩报装")
            val started = shadowOf(home).nextStartedActivity
            val screen = open(CostActivity::class.java, Intent(started))
            val page = screen.get()
            assertTrue(words(page), "上门价" in words(page))
            tap(page, "按卡填入材料")
            val before = words(page)
            tap(page, "这些不许收费")
            assertTrue(words(page), "✗ 移表费" in words(page))
            assertFalse(words(page), "▶ 提交费用" in words(page))
            screen.recreate()
            settle()
            assertEquals(before.lines().first { "合计" in it }, words(screen.get()).lines().first { "合计" in it })
        }

    private fun accepted(county: County): String {
        val id = county.order(0, "fault_repair", "生成的诉求").getString("id")
        signIn(county)
        core { it.accept(id) }
        return id
    }

    /** Taps the button a screen reader calls this. */
    private fun step(activity: Activity, says: String) {
        val button =
            shown(activity.window.decorView).filterIsInstance<TextView>().firstOrNull { it.contentDescription == says }
                ?: throw AssertionError("no \"$says\" in:\n${words(activity)}")
        assertEquals(View.VISIBLE, button.visibility)
        button.performClick()
        settle()
    }
}
