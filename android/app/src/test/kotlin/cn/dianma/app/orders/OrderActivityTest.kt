// The order page on the real core and a real server: what is wrong, missing or refused is said where it is.
// Whole jobs are in the stories.
package cn.dianma.app.orders

import android.content.Intent
import android.view.View
import android.widget.EditText
import cn.dianma.app.harness.County
import cn.dianma.app.harness.GeneratedJob
import cn.dianma.app.screens.Routes
import org.json.JSONObject
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf

class OrderActivityTest : OrderScreenTest() {
    @Test
    fun what_is_wrong_stands_at_the_field_and_the_bar_says_how_much_is_missing() =
        County().use { county ->
            val id = working(county, "meter_change")
            val page = open(id).get()
            assertTrue(words(page), "还差" in words(page))
            order(id).fields.filter { it.problem != null }.forEach {
                assertTrue(it.name, "○ " + it.label.zh in words(page))
            }
            next(page, "终结服务")
            val number = order(id).fields.first { it.kind == "decimal_milli" && it.value.isEmpty() }
            type(page, number.label.zh, "12.3456")
            val problem = order(id).fields.first { it.name == number.name }.problem
            assertTrue(words(page), "! " + problem!!.zh in words(page))
            val choice = order(id).fields.first { it.kind == "choice" }
            tapExactly(
                page,
                choice.choices
                    .first()
                    .name.zh,
            )
            assertEquals(choice.choices.first().value, order(id).fields.first { it.name == choice.name }.value)
            assertTrue(
                words(page),
                "✓ " + choice.choices
                    .first()
                    .name.zh in words(page),
            )
        }

    @Test
    fun a_field_that_is_left_without_a_pause_is_saved_too() =
        County().use { county ->
            val id = working(county, "fault_repair")
            val screen = open(id)
            val field = order(id).fields.first { it.kind == "text" }
            val input =
                shown(screen.get().window.decorView).filterIsInstance<EditText>().first {
                    field.label.zh in
                        "${it.tag ?: ""}"
                }
            input.setText("进线开关烧坏")
            screen.pause()
            settle()
            assertEquals("进线开关烧坏", order(id).fields.first { it.name == field.name }.value)
        }

    @Test
    fun turning_the_phone_keeps_the_panel_and_what_was_typed_in_it() =
        County().use { county ->
            val id = working(county, "safety_inspection")
            val screen = open(id)
            tap(screen.get(), "挂起")
            type(screen.get(), "写给调度员", "客户不在家")
            tap(screen.get(), "明天 09:00")
            screen.recreate()
            settle()
            val page = screen.get()
            assertTrue(words(page), "✓ 明天 09:00" in words(page))
            next(page, "挂起并改约")
            assertEquals("suspended", order(id).row.state)
            assertTrue(order(id).drafts.isEmpty())
            next(page, "恢复处理")
            assertEquals("accepted", order(id).row.state)
        }

    @Test
    fun a_command_without_its_reason_is_refused_in_words_and_the_panel_stays() =
        County().use { county ->
            val id = working(county, "safety_inspection")
            val page = open(id).get()
            tap(page, "申请转派")
            next(page, "提交申请")
            assertTrue(words(page), "S-422-REASON" in words(page) || "原因" in words(page))
            type(page, "为什么要转派", "需要吊车")
            next(page, "提交申请")
            assertEquals(1, order(id).timeLine.count { it.what.zh == "申请转派" })
        }

    @Test
    fun an_order_cancelled_while_it_is_open_is_said_plainly_and_its_work_kept() =
        County().use { county ->
            val id = working(county, "fault_repair")
            takeEvidence(id)
            syncUntilIdle()
            val page = open(id).get()
            val version = county.seen(id).getLong("version")
            county.dispatcher.post(
                "/v1/work_orders/$id/cancel",
                org.json
                    .JSONObject()
                    .put("version", version)
                    .put("reason", "客户来电撤销"),
            )
            core { it.syncNow() }
            settle()
            assertTrue(words(page), "此工单已作废" in words(page))
            assertTrue(words(page), "客户来电撤销" in words(page))
            assertTrue(words(page), "都保留着" in words(page))
            assertFalse(words(page), "▶" in words(page))
        }

    @Test
    fun words_typed_while_the_order_is_taken_away_are_shown_and_not_dropped() =
        County().use { county ->
            val id = working(county, "fault_repair")
            val page = open(id).get()
            val label = order(id)
                .fields
                .first { it.kind == "text" }
                .label.zh
            shown(page.window.decorView)
                .filterIsInstance<EditText>()
                .first { label in "${it.tag ?: ""}" }
                .setText("写到一半的话")
            val version = county.seen(id).getLong("version")
            val body = JSONObject().put("version", version).put("reason", "客户来电撤销")
            county.dispatcher.post("/v1/work_orders/$id/cancel", body)
            core { it.syncNow() }
            settle()
            pause()
            assertTrue(words(page), "此工单已作废" in words(page))
            assertTrue(words(page), "写到一半的话" in words(page))
        }

    @Test
    fun work_done_on_an_order_given_to_somebody_else_meanwhile_is_shown_as_refused_with_ways_out() =
        County().use { county ->
            val id = working(county, "fault_repair")
            val page = open(id).get()
            app.isAirplane = true
            tap(page, "挂起")
            type(page, "写给调度员", "客户不在家")
            tap(page, "明天 09:00")
            next(page, "挂起并改约")
            county.reassign(id, 1, "改派给更近的人")
            app.isAirplane = false
            core { it.syncNow() }
            core { it.syncNow() }
            settle()
            assertTrue(words(page), "已改派他人" in words(page))
            assertTrue(words(page), "未被接受：挂起" in words(page))
            tap(page, "仅存为记录")
            syncUntilIdle()
            assertTrue(words(page), "已改派他人" in words(page))
            assertFalse(words(page), "未被接受" in words(page))
        }

    @Test
    fun hostile_words_of_a_customer_are_text_and_break_nothing() =
        County().use { county ->
            val hostile = "<b>&amp;%1\$s</b>\\n'\"；DROP TABLE 工单;" + "很长的诉求".repeat(150)
            val id = county.order(0, "ad_hoc", hostile.take(900)).getString("id")
            signIn(county)
            val page = open(id).get()
            assertTrue("<b>&amp;%1\$s</b>" in words(page))
            next(page, "接单")
            assertEquals("accepted", order(id).row.state)
        }

    @Test
    fun a_six_digit_code_of_the_customer_closes_the_service() =
        County(hasKeys = true).use { county ->
            val id = working(county, "ad_hoc")
            val sent =
                county.dispatcher.post(
                    "/v1/work_orders/$id/consent_codes",
                    JSONObject().put("step", "closing"),
                )
            val digits = Regex(
                "\\d{6}",
            ).find(sent.getJSONObject("consent_code").getString("sms_text").substringAfter("同意码"))!!.value
            syncUntilIdle()
            core { core -> GeneratedJob({ core }, id, "", files).record() }
            takeEvidence(id)
            app.isAirplane = true
            val page = open(id).get()
            next(page, "请客户签名并评价")
            tap(page, "未评价")
            tap(page, "六位同意码")
            type(page, "六位数字", "12")
            next(page, "终结服务")
            assertTrue(words(page), "六位数字" in words(page))
            assertFalse(order(id).row.isFinished)
            type(page, "六位数字", digits)
            next(page, "终结服务")
            assertTrue(order(id).row.isFinished)
            app.isAirplane = false
            core { it.submit(id) }
            syncUntilIdle()
            assertEquals("submitted", county.seen(id).getString("state"))
        }

    @Test
    fun call_map_copy_and_capture_lead_where_they_say() =
        County().use { county ->
            val id = working(county, "fault_repair")
            val page = open(id).get()
            tap(page, "打电话")
            val call = shadowOf(page).nextStartedActivity
            assertEquals(Intent.ACTION_DIAL, call.action)
            assertEquals("tel:10000000001", call.dataString)
            tap(page, "导航")
            val map = shadowOf(page).nextStartedActivity
            assertTrue(map.dataString, map.dataString!!.startsWith("geo:0,0?q="))
            assertFalse("the customer's name stays here", "生成户" in map.dataString!!)
            tap(page, "点此拍照")
            val capture = shadowOf(page).nextStartedActivity
            assertEquals(order(id).demands.first().slot, capture.getStringExtra(Routes.EXTRA_SLOT))
            assertEquals(id, capture.getStringExtra(Routes.EXTRA_ORDER))
            tap(page, "打开费用单")
            assertEquals(id, shadowOf(page).nextStartedActivity.getStringExtra(Routes.EXTRA_ORDER))
            assertEquals(View.VISIBLE, page.window.decorView.visibility)
        }

    @Test
    fun an_order_the_phone_does_not_have_is_said_with_a_code() {
        County().use { county -> signIn(county) }
        val page = open("GD-0000").get()
        assertTrue(words(page), "本机没有这张工单" in words(page))
    }

    /** An order of worker1 on which work has begun, all sent. */
    private fun working(county: County, kind: String): String {
        val id = county.order(0, kind, "生成的诉求").getString("id")
        signIn(county)
        begin(county, id)
        syncUntilIdle()
        return id
    }
}
