// The second proof and the times, through the screens: a one-time code before the camera, a drawn signature,
// day and clock by the system's pickers.
package cn.dianma.app.orders

import android.Manifest
import cn.dianma.app.harness.County
import cn.dianma.app.harness.GeneratedJob
import cn.dianma.app.harness.Hand
import cn.dianma.app.harness.Plate
import cn.dianma.app.screens.Routes
import org.json.JSONObject
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowDialog
import java.time.LocalDate
import java.time.ZoneOffset

class ClosingTest : OrderScreenTest() {
    private val hand = Hand(this)

    @Before
    fun allow() = shadowOf(app).grantPermissions(Manifest.permission.CAMERA)

    @Test
    fun a_one_time_code_on_the_customers_phone_closes_the_service() =
        County(hasKeys = true).use { county ->
            val id = county.order(0, "ad_hoc", "生成的诉求").getString("id")
            val other = county.order(1, "ad_hoc", "生成的诉求").getString("id")
            val (code, foreign) = county.closingCode(id) to county.closingCode(other)
            signIn(county)
            done(county, id)
            app.isAirplane = true
            hand.start(Routes.order(app, id))
            hand.next("请客户签名并评价")
            hand.press("满意")
            hand.next("扫客户码")
            hand.see(Plate(null, symbol = foreign.symbol))
            assertTrue(hand.said, "✕ 不能用于本工单" in hand.said && "另一张工单的同意码" in hand.said)
            hand.tap("再扫一次")
            hand.see(Plate(null, symbol = code.symbol))
            assertTrue(hand.said, order(id).row.isFinished)
            hand.next("提交")
            app.isAirplane = false
            syncUntilIdle()
            assertEquals("consent_code", county.seen(id).getString("consent_proof"))
            assertEquals("satisfied", county.seen(id).getString("satisfaction"))
        }

    @Test
    fun a_drawn_signature_closes_the_service_and_an_empty_sheet_does_not() =
        County().use { county ->
            val id = county.order(0, "ad_hoc", "生成的诉求").getString("id")
            signIn(county)
            done(county, id)
            app.isAirplane = true
            hand.start(Routes.order(app, id))
            hand.next("请客户签名并评价")
            hand.press("非常满意")
            hand.press("客户手写签名")
            assertTrue(hand.said, "还没有签名" in hand.said)
            hand.next("请客户签名")
            assertFalse("nothing to confirm yet", "确认签名" in hand.said)
            hand.back()
            assertTrue(hand.said, "还没有签名" in hand.said)
            assertFalse(order(id).row.isFinished)
            hand.next("请客户签名")
            hand.sign()
            hand.turn()
            hand.tap("确认签名")
            assertTrue(hand.said, "已签" in hand.said)
            hand.next("终结服务")
            assertTrue(hand.said, order(id).row.isFinished)
            val signature = order(id).evidence.single { it.kind == "signature" }
            core { it.submit(id) }
            app.isAirplane = false
            syncUntilIdle()
            val seen = county.seen(id)
            assertEquals("signature", seen.getString("consent_proof"))
            val pieces = seen.getJSONArray("evidence")
            val all = (0 until pieces.length()).map(pieces::getJSONObject)
            val sent = all.single { it.getString("kind") == "signature" }
            assertEquals(signature.sha256, sent.getString("sha256"))
            assertTrue(sent.getBoolean("has_arrived"))
        }

    @Test
    fun day_and_clock_of_a_field_are_picked_and_a_picker_given_up_changes_nothing() =
        County().use { county ->
            val id = county.order(0, "fault_repair", "生成的诉求").getString("id")
            signIn(county)
            begun(county, id)
            val field = order(id).fields.first { it.kind == "time" }
            hand.start(Routes.order(app, id))
            hand.choose(field.label.zh, "选时间…")
            ShadowDialog.getLatestDialog().cancel()
            settle()
            assertEquals("", value(id, field.name))
            hand.choose(field.label.zh, "选时间…")
            hand.turn()
            assertFalse("a picker does not outlive its screen", ShadowDialog.getLatestDialog().isShowing)
            hand.choose(field.label.zh, "选时间…")
            val day = LocalDate.now(CHINA).minusDays(1)
            hand.pickDay(day.year, day.monthValue, day.dayOfMonth)
            hand.pickClock(7, 5)
            assertEquals("${epochMs(day, 7, 5)}", value(id, field.name))
            assertTrue(hand.said, "07:05" in hand.said)
        }

    @Test
    fun a_new_appointment_is_picked_and_reaches_the_office() =
        County().use { county ->
            val id = county.order(0, "safety_inspection", "生成的诉求").getString("id")
            signIn(county)
            begun(county, id)
            hand.start(Routes.order(app, id))
            hand.tap("挂起")
            hand.write("写给调度员", "客户不在家")
            hand.tap("选时间…")
            val day = LocalDate.now(CHINA).plusDays(3)
            hand.pickDay(day.year, day.monthValue, day.dayOfMonth)
            hand.pickClock(14, 25)
            assertTrue(hand.said, "14:25" in hand.said)
            hand.next("挂起并改约")
            syncUntilIdle()
            val seen: JSONObject = county.seen(id)
            assertEquals("suspended", seen.getString("state"))
            assertEquals(epochMs(day, 14, 25), seen.getLong("appointment_at_ms"))
        }

    private fun value(id: String, field: String) = order(id).fields.first { it.name == field }.value

    private fun epochMs(
        day: LocalDate,
        hour: Int,
        minute: Int,
    ) = day.atTime(hour, minute).toInstant(CHINA).toEpochMilli()

    /** Work has begun on a phone with a PIN. */
    private fun begun(county: County, id: String) {
        begin(county, id)
        core { it.setPin("135790") }
    }

    /** All is done but the closing. */
    private fun done(county: County, id: String) {
        begun(county, id)
        core { core -> GeneratedJob({ core }, id, "", files).record() }
        takeEvidence(id)
    }

    private companion object {
        val CHINA: ZoneOffset = ZoneOffset.ofHours(8)
    }
}
