// One order from the first start of the app to the archive, by a hand on the screens alone: the core is only
// asked what there is to fill in, the server only told what the office does.
package cn.dianma.app.stories

import cn.dianma.app.harness.ClosingCode
import cn.dianma.app.harness.County
import cn.dianma.app.harness.GeneratedJob
import cn.dianma.app.harness.Hand
import cn.dianma.app.harness.Plate
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.screens.orders.OrderActivity
import cn.dianma.core.CostQuantity
import cn.dianma.core.FieldView
import cn.dianma.core.OrderView
import org.json.JSONArray
import org.json.JSONObject
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue

/** How the customer agrees that the service is closed; the server's word for it. */
enum class Consent(
    val proof: String,
) {
    LABEL("customer_code"),
    SCANNED_CODE("consent_code"),
    TYPED_CODE("consent_digits"),
    SIGNATURE("signature"),
}

/** @param customer another one for each story of a county. */
class FieldStory(
    private val test: ScreenTest,
    private val hand: Hand,
    private val county: County,
    private val kind: String,
    private val customer: Int,
    private val consent: Consent,
) {
    private val id: String
    private val number: String
    private val code: ClosingCode

    init {
        val made = county.order(customer, kind, "生成的诉求")
        id = made.getString("id")
        number = made.getString("order_number")
        code = county.closingCode(id)
    }

    private val order: OrderView get() = test.core { it.order(id) }

    fun whole() {
        enrol()
        pull()
        test.app.isAirplane = true
        getThere()
        work()
        close(consent)
        hand.next("提交")
        assertEquals("the office knows nothing yet", "dispatched", county.seen(id).getString("state"))
        val done = order
        test.app.isAirplane = false
        sendAll()
        assertArrived(done)
        rejectedAndRedone()
        archived()
    }

    /** By the code the console shows, then the first PIN. */
    private fun enrol() {
        hand.start()
        hand.tap("扫登记码")
        hand.see(Plate(county.enrolCode(0)))
        hand.pin(PIN, PIN)
        assertEquals("worker1", test.core { it.session() }.loginName)
    }

    private fun pull() {
        sendAll()
        hand.tap(number)
        assertTrue(hand.said, "生成的诉求" in hand.said)
    }

    private fun getThere() {
        hand.next("接单")
        hand.next("出发")
        hand.next("到达")
        hand.see(label())
        assertEquals("arrived", order.row.state)
        hand.tickAll()
        hand.next("开始处理")
    }

    private fun work() {
        order.fields.forEach(::fill)
        // A field that must not be less than another one gets the highest value there is.
        val numbers = order.fields.filter { it.kind in NUMBERS && it.value.isNotEmpty() }
        val highest = numbers.maxByOrNull { it.value.toBigDecimal() }?.value
        order.fields.filter { it.problem != null }.forEach { hand.write(it.label.zh, highest!!) }
        assertEquals(0u, order.fieldProblems)
        photos("第一次")
        sheet()
    }

    private fun fill(field: FieldView) {
        val label = field.label.zh
        when (field.kind) {
            "time" -> hand.choose(
                label,
                test
                    .core { it.recentTimes() }
                    .first()
                    .name.zh,
            )
            "choice", "boolean" -> hand.choose(
                label,
                field.choices
                    .first()
                    .name.zh,
            )
            else -> hand.write(label, GeneratedJob.valueOf(field))
        }
    }

    private fun photos(remark: String) {
        for (demand in order.demands) {
            test.app.camera.plate = Plate("生成的照片 $number ${demand.slot} $remark")
            hand.tap(demand.name.zh)
            hand.press("拍照")
            hand.tap("就用这个")
        }
        assertTrue(order.demands.all { it.isMet })
    }

    /** The first priced item of the list, once. */
    private fun sheet() {
        val item = test.core { it.priceList() }.first()
        hand.tap("打开费用单")
        hand.tap("加项目、材料、工器具")
        hand.write("搜名称", item.code)
        hand.press("增加" + item.name.zh)
        hand.tap("回到费用单")
        val price = test.core { it.price(listOf(CostQuantity(item.code, "1"))) }
        hand.next(price.totalWords.zh)
        assertEquals(price.totalFen, order.cost?.totalFen)
    }

    /** The customer signs in any case; what counts is chosen. */
    private fun close(way: Consent) {
        hand.next("请客户签名并评价")
        hand.press("满意")
        hand.press("客户手写签名")
        hand.tap("打开签名板")
        hand.sign()
        hand.tap("确认签名")
        assertTrue(hand.said, "已签" in hand.said)
        when (way) {
            Consent.SIGNATURE -> hand.next("终结服务")
            Consent.TYPED_CODE -> {
                hand.press("六位同意码")
                hand.write("六位数字", code.digits)
                hand.next("终结服务")
            }
            else -> {
                hand.press("扫客户码")
                hand.next("扫客户码")
                hand.see(if (way == Consent.LABEL) label() else Plate(null, symbol = code.symbol))
            }
        }
        assertTrue(hand.said, order.row.isFinished)
    }

    private fun label() = Plate(county.labelText(customer))

    /** From the order or the list to the outbox, until everything is there, and back to the list. */
    private fun sendAll() {
        if (hand.front is OrderActivity) hand.back()
        hand.tap("系统")
        hand.tap("同步与待上传")
        repeat(MOST_ROUNDS) {
            hand.tap("立即同步")
            if ("✓ 已全部上传" in hand.said) {
                hand.back()
                return hand.tap("工单")
            }
        }
        error("still unsent: ${hand.said}")
    }

    private fun rejectedAndRedone() {
        county.review(id, "reject", "照片看不清表号")
        sendAll()
        hand.tap(number)
        assertTrue(hand.said, "照片看不清表号" in hand.said)
        hand.next("重做")
        photos("第二次")
        if (!order.row.isFinished) close(Consent.LABEL)
        hand.next("提交")
        sendAll()
        assertEquals("submitted", county.seen(id).getString("state"))
    }

    private fun archived() {
        county.review(id, "approve")
        val seen = county.seen(id)
        assertEquals("archived", seen.getString("state"))
        assertTrue("frozen as it is", seen.getBoolean("is_archive_intact"))
        assertEquals(1, seen.getInt("reject_count"))
        sendAll()
        assertFalse("the list is free of it", number in hand.said)
    }

    /** What the office has is what was done on the phone. */
    private fun assertArrived(done: OrderView) {
        val seen = county.seen(id)
        assertEquals("submitted", seen.getString("state"))
        assertEquals("customer_code", seen.getString("place_proof"))
        assertEquals(consent.proof, seen.getString("consent_proof"))
        assertEquals("satisfied", seen.getString("satisfaction"))
        assertEquals(done.cost?.totalFen, seen.getJSONObject("cost_sheet").getLong("total_fen"))
        assertEquals(seen.getInt("evidence_expected"), seen.getInt("evidence_arrived"))
        val pieces = seen.getJSONArray("evidence").objects()
        val slots = pieces.filter { it.getString("kind") == "photo" }.map { it.getString("slot") }.sorted()
        assertEquals(done.demands.map { it.slot }.sorted(), slots)
        assertEquals(1, pieces.count { it.getString("kind") == "signature" })
        assertTrue("taken on site", pieces.none { it.getBoolean("is_imported") })
        val filled = seen.getJSONArray("record").objects().filter { !it.isNull("value") }
        assertEquals(
            done.fields.filter { it.value.isNotEmpty() }.associate { it.name to it.value },
            filled.associate { it.getString("name") to it.get("value").toString() },
        )
        val steps = seen.getJSONArray("events").objects().map { it.getString("command") }
        assertEquals(STEPS, steps.filter { it in STEPS })
    }

    private fun JSONArray.objects(): List<JSONObject> = (0 until length()).map(::getJSONObject)

    companion object {
        const val PIN = "135790"
        private const val MOST_ROUNDS = 40
        private val NUMBERS = listOf("integer", "decimal_milli")
        private val STEPS = listOf("accept", "depart", "arrive", "begin", "finish", "submit")
    }
}
