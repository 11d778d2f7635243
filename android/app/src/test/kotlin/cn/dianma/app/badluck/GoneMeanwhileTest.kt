// Something is taken away while a screen about it is open: the order, from under the camera, the scanner and the
// cost sheet; the room on the phone, from under a field.
package cn.dianma.app.badluck

import android.Manifest
import android.widget.EditText
import cn.dianma.app.harness.County
import cn.dianma.app.harness.Hand
import cn.dianma.app.harness.Plate
import cn.dianma.app.orders.OrderScreenTest
import cn.dianma.app.screens.Routes
import cn.dianma.core.CoreInterface
import cn.dianma.core.FaultView
import cn.dianma.core.PhoneException
import cn.dianma.core.SavedView
import cn.dianma.core.Words
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.Shadows.shadowOf

class GoneMeanwhileTest : OrderScreenTest() {
    private val hand = Hand(this)

    @Before
    fun allow() = shadowOf(app).grantPermissions(Manifest.permission.CAMERA)

    @Test
    fun an_order_cancelled_while_its_photo_is_looked_at_is_said_and_the_way_leads_back() =
        withOrder { county, id ->
            hand.start(Routes.order(app, id))
            hand.tap(
                order(id)
                    .demands
                    .first()
                    .name.zh,
            )
            hand.press("拍照")
            gone(county, id)
            hand.tap("就用这个")
            assertTrue(hand.said, Regex("代码 [A-Z]-\\d{3}-") in hand.said)
            hand.back()
            assertTrue(hand.said, "此工单已作废" in hand.said && "客户来电撤销" in hand.said)
        }

    @Test
    fun an_order_cancelled_while_its_cost_is_filled_in_is_said() =
        withOrder { county, id ->
            val item = core { it.priceList() }.first()
            hand.start(Routes.order(app, id))
            hand.tap("打开费用单")
            hand.tap("加项目、材料、工器具")
            hand.write("搜名称", item.code)
            hand.press("增加" + item.name.zh)
            hand.tap("回到费用单")
            gone(county, id)
            hand.next("提交费用")
            assertTrue(hand.said, Regex("代码 [A-Z]-\\d{3}-") in hand.said)
            hand.back()
            assertTrue(hand.said, "此工单已作废" in hand.said)
        }

    @Test
    fun an_order_given_away_while_the_scanner_is_open_is_said_at_the_scan() =
        withOrder(isBegun = false) { county, id ->
            hand.start(Routes.order(app, id))
            hand.next("到达")
            county.reassign(id, 1, "改派给更近的人")
            core { it.syncNow() }
            hand.see(Plate(county.labelText(0)))
            val words = hand.said
            assertTrue(words, Regex("代码 [A-Z]-\\d{3}-") in words || "已改派他人" in words || "✕" in words)
            if ("已改派他人" !in words) hand.tap("返回")
            assertTrue(hand.said, "已改派他人" in hand.said)
        }

    @Test
    fun a_phone_without_room_keeps_the_words_in_the_field_and_saves_them_later() =
        withOrder { _, id ->
            val screen = open(id)
            val page = screen.get()
            val field = order(id).fields.first { it.kind == "text" }
            isFull = true
            type(page, field.label.zh, "进线开关烧坏")
            assertTrue(words(page), "D-507-DISK" in words(page) && "已保存的内容不会删除" in words(page))
            val fields = shown(page.window.decorView).filterIsInstance<EditText>()
            assertTrue(fields.any { it.text.toString() == "进线开关烧坏" })
            isFull = false
            tap(page, "知道了")
            screen.pause()
            settle()
            assertEquals("进线开关烧坏", order(id).fields.first { it.name == field.name }.value)
        }

    private var isFull = false

    /** The core as it is when the disk takes nothing more. */
    private inner class Full(
        private val core: CoreInterface,
    ) : CoreInterface by core {
        override fun recordField(
            order: String,
            name: String,
            value: String,
        ): SavedView {
            if (isFull) throw PhoneException.FreeSpace(FULL)
            return core.recordField(order, name, value)
        }
    }

    private fun gone(county: County, id: String) {
        county.command(id, "cancel", "客户来电撤销")
        core { it.syncNow() }
        settle()
    }

    private fun withOrder(isBegun: Boolean = true, story: (County, String) -> Unit) {
        app.opens = { Full(it()) }
        County(hasKeys = true).use { county ->
            val id = county.order(0, "fault_repair", "家里没电了").getString("id")
            signIn(county)
            core { core ->
                core.accept(id)
                core.depart(id)
                if (isBegun) {
                    core.arrive(id, county.labelText(0), false)
                    core.begin(id, null, core.cardOfOrder(id, emptyMap()).hazards.map { it.number })
                }
            }
            syncUntilIdle()
            story(county, id)
        }
    }

    private companion object {
        val FULL =
            FaultView(
                "D-507-DISK",
                Words("手机存储空间不足：请清理空间，已保存的内容不会删除。", "The phone is full"),
                null,
                emptyList(),
                false,
            )
    }
}
