// The 查询 tab and the customer page on the real core: what is found and why, what was looked up last, what
// is not here asked of the real server.
package cn.dianma.app.lookup

import android.app.Activity
import android.content.Intent
import cn.dianma.app.harness.County
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.app.screens.lookup.CustomerActivity
import cn.dianma.core.SignIn
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf

class LookupTest : ScreenTest() {
    @Test
    fun one_box_finds_customers_by_anything_and_says_why() =
        signedIn { county ->
            county.order(2, "fault_repair", "家里没电了")
            core { it.syncNow() }
            val home = tab()
            assertTrue(words(home), "输入或扫码查客户" in words(home))
            for ((typed, found) in listOf(
                County.accountNumber(2) to "户号",
                County.meterNumber(2) to "表号",
                "生成户03" to "户名",
                "生成线002" to "杆号",
                "生成村1组2号" to "地址",
            )) {
                type(home, "户号、户名", typed)
                assertTrue("$typed: ${words(home)}", "生成户03" in words(home))
                assertTrue("$typed: ${words(home)}", "符合：$found" in words(home))
            }
            type(home, "户号、户名", "sch")
            assertTrue("initials: ${words(home)}", "生成户01" in words(home))
            type(home, "户号、户名", County.accountNumber(2))
            assertTrue("its order too: ${words(home)}", "抢修" in words(home))
            tap(home, "生成户03")
            val customer = core { it.customer(County.accountNumber(2)) }
            val started = shadowOf(app).nextStartedActivity
            assertEquals(customer.id, started.getStringExtra(Routes.EXTRA_CUSTOMER))
            type(home, "户号、户名", "没有这个")
            assertTrue(words(home), "本机没有找到“没有这个”" in words(home))
            type(home, "户号、户名", "")
            assertTrue("offered again: ${words(home)}", County.accountNumber(2) in words(home))
            tap(home, "清除记录")
            assertTrue(words(home), "输入或扫码查客户" in words(home))
        }

    @Test
    fun the_customer_page_shows_meters_readings_and_orders() =
        signedIn { county ->
            county.order(2, "meter_change", "换表")
            core { it.syncNow() }
            val id = core { it.customer(County.accountNumber(2)) }.id
            val page = customer(id)
            val said = words(page)
            for (part in listOf("生成户03", County.accountNumber(2), "生成村1组2号", "生成线002号杆", "居民")) {
                assertTrue("$part in $said", part in said)
            }
            assertTrue(said, County.meterNumber(2) in said && "上次示数 1002.5 kWh" in said)
            assertTrue(said, "装拆表计" in said)
            tap(page, "打电话")
            val call = shadowOf(page).nextStartedActivity
            assertEquals(Intent.ACTION_DIAL, call.action)
            tap(page, "装拆表计")
            assertEquals(
                "OrderActivity",
                shadowOf(page)
                    .nextStartedActivity.component
                    ?.shortClassName
                    ?.substringAfterLast('.'),
            )
            page.finish()
            assertTrue("remembered: ${words(tab())}", "生成户03" in words(tab()))
        }

    @Test
    fun a_customer_that_is_not_here_is_asked_of_the_server() =
        signedIn { county ->
            core { it.syncNow() }
            // Nothing of it was pulled yet: to this phone the customer is another station's.
            county.moveIn(40)
            county.order(40, "fault_repair", "家里没电了")
            val page = customer(County.accountNumber(40))
            assertTrue(words(page), "V-404-CUSTOMER" in words(page))
            app.isAirplane = true
            tap(page, "联网查询")
            assertTrue(words(page), "N-000-SERVER" in words(page))
            app.isAirplane = false
            tap(page, "联网查询")
            val said = words(page)
            assertTrue(said, "生成户41" in said && "刚从服务器查到" in said && "没有表计记录" in said)
            assertTrue(said, "生成镇供电所" in said && "抢修" in said && "已派" in said)
            val stranger = customer("9099999999")
            tap(stranger, "联网查询")
            assertTrue(words(stranger), "V-404-CUSTOMER" in words(stranger))
        }

    @Test
    fun a_hostile_text_is_refused_and_not_repeated() =
        signedIn {
            val page = customer("<script>alert(1)</script>".repeat(50))
            assertTrue(words(page), "代码" in words(page))
            assertFalse(words(page), "script" in words(page))
        }

    private fun signedIn(story: (County) -> Unit) {
        County().use { county ->
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            story(county)
        }
    }

    private fun tab(): Activity = open(HomeActivity::class.java).get().also { tap(it, "查询") }

    private fun customer(text: String): Activity {
        val intent = Intent(app, CustomerActivity::class.java).putExtra(Routes.EXTRA_CUSTOMER, text)
        val page = Robolectric.buildActivity(CustomerActivity::class.java, intent).setup().get()
        settle()
        return page
    }
}
