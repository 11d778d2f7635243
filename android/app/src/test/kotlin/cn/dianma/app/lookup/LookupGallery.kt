// Pictures of the 查询 tab and the customer page.
package cn.dianma.app.lookup

import android.content.Intent
import cn.dianma.app.R
import cn.dianma.app.harness.County
import cn.dianma.app.harness.Gallery
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.app.screens.lookup.CustomerActivity
import cn.dianma.core.SignIn
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config

@Config(sdk = [35])
class LookupGallery : Gallery() {
    @Test
    fun every_state() {
        County().use { county ->
            county.order(2, "meter_change", "换表")
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core { it.syncNow() }
            county.moveIn(40)
            county.order(40, "fault_repair", "家里没电了")
            pictures("customer-online") {
                customer(County.accountNumber(40)).also { tap(it.get(), it.get().getString(R.string.lookup_ask)) }
            }
            pictures("customer-elsewhere") { customer(County.accountNumber(40)) }
            pictures("lookup-start") { tab("") }
            pictures("lookup-found") { tab("生成户0") }
            pictures("lookup-none") { tab("没有这个") }
            pictures("customer") { customer(County.accountNumber(2)) }
            core { it.rememberSearch("生成户0") }
            pictures("lookup-recent") { tab("") }
        }
    }

    private fun tab(text: String): ActivityController<HomeActivity> =
        open(HomeActivity::class.java).also {
            val home = it.get()
            tap(home, home.getString(R.string.tab_lookup))
            type(home, home.getString(R.string.lookup_hint), text)
        }

    private fun customer(text: String): ActivityController<CustomerActivity> {
        val intent = Intent(app, CustomerActivity::class.java).putExtra(Routes.EXTRA_CUSTOMER, text)
        return Robolectric.buildActivity(CustomerActivity::class.java, intent).setup().also { settle() }
    }
}
