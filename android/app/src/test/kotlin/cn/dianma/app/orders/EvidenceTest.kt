// What was taken for an order: listed with slot, class, size and how far it has gone; a duplicate is taken back
// after a question and leaves its trace; a tap shows it large.
package cn.dianma.app.orders

import android.app.Activity
import android.view.View
import android.widget.ImageView
import cn.dianma.app.harness.County
import cn.dianma.app.harness.GeneratedJob
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.lookup.CustomerActivity
import cn.dianma.app.screens.orders.EvidenceActivity
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf

class EvidenceTest : OrderScreenTest() {
    @Test
    fun a_duplicate_is_taken_back_before_finishing_and_the_server_keeps_the_trace() =
        working { county, id ->
            takeEvidence(id, 1)
            takeEvidence(id, 2)
            val demand = order(id).demands.first()
            assertEquals(2 * demand.minCount.toInt(), demand.count.toInt())
            val page = open(id).get()
            val said = words(page)
            assertTrue(said, "A 类 现场拍摄" in said && "待上传" in said && " MB" in said)
            tap(page, "撤下")
            assertTrue("asked first: ${words(page)}", "撤下后不再算数" in words(page))
            tap(page, "取消")
            assertEquals(demand.count, order(id).demands.first().count)
            repeat(2) { tap(page, if (it == 0) "撤下" else "确定撤下") }
            assertEquals(demand.count - 1u, order(id).demands.first().count)
            assertTrue(words(page), "已撤下的凭证（留底）" in words(page))
            app.isAirplane = false
            syncUntilIdle()
            val seen = county.seen(id)
            assertEquals("the bytes too", seen.getInt("evidence_expected"), seen.getInt("evidence_arrived"))
            val listed = county.dispatcher.get("/v1/work_orders/$id").getJSONObject("work_order")
            assertTrue("$listed", "已撤下" in "$listed" && "evidence_withdrawn" in "$listed")
        }

    @Test
    fun what_the_customer_confirmed_stays() =
        working { county, id ->
            takeEvidence(id, 1)
            core { core -> GeneratedJob({ core }, id, "", files).record() }
            core { it.finish(id, county.labelText(0), null, "satisfied", null) }
            assertTrue(order(id).row.isFinished)
            val page = open(id).get()
            assertFalse(words(page), "撤下" in words(page))
        }

    @Test
    fun a_tap_shows_a_picture_large() =
        working { _, id ->
            takeEvidence(id, 1)
            val page = open(id).get()
            val picture = shown(page.window.decorView).filterIsInstance<ImageView>().first { it.isClickable }
            assertTrue("${picture.contentDescription}", "看大图：照片" in picture.contentDescription)
            picture.performClick()
            val started = shadowOf(page).nextStartedActivity
            assertEquals(order(id).evidence.first().sha256, started.getStringExtra(Routes.EXTRA_SHA256))
            val large = open(EvidenceActivity::class.java, started).get()
            until { hasPicture(large) }
            assertTrue(words(large), "A 类 现场拍摄" in words(large))
        }

    @Test
    fun the_customer_opens_by_his_id_and_the_server_is_asked_by_his_number() =
        working { _, id ->
            val page = open(id).get()
            tap(page, "客户资料")
            val started = shadowOf(page).nextStartedActivity
            val customer = core { it.customer(County.accountNumber(0)) }
            assertEquals(customer.id, started.getStringExtra(Routes.EXTRA_CUSTOMER))
            assertEquals(County.accountNumber(0), started.getStringExtra(Routes.EXTRA_TEXT))
            val opened = open(CustomerActivity::class.java, started).get()
            assertTrue(words(opened), "生成户01" in words(opened))
        }

    private fun hasPicture(screen: Activity) =
        shown(screen.window.decorView).filterIsInstance<ImageView>().any { it.drawable != null && it.width > 0 }

    /** Pictures are read on a thread of their own. */
    private fun until(isThere: () -> Boolean) {
        repeat(TRIES) {
            if (isThere()) return
            Thread.sleep(WAIT_MS)
            settle()
        }
        throw AssertionError("nothing came")
    }

    /** An order under way, without network. */
    private fun working(story: (County, String) -> Unit) =
        County().use { county ->
            val id = county.order(0, "fault_repair", "家里没电了").getString("id")
            signIn(county)
            app.isAirplane = true
            core { core -> GeneratedJob({ core }, id, county.labelText(0), files).begin() }
            story(county, id)
        }

    private companion object {
        const val TRIES = 100
        const val WAIT_MS = 50L
    }
}
