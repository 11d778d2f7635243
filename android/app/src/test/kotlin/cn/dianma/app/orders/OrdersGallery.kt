// Pictures of the 工单 tab.
package cn.dianma.app.orders

import cn.dianma.app.harness.County
import cn.dianma.app.harness.Gallery
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.core.SignIn
import org.junit.Test
import org.robolectric.annotation.Config

@Config(sdk = [35])
class OrdersGallery : Gallery() {
    @Test
    fun nobody_signed_in() = pictures("orders-nobody") { open(HomeActivity::class.java) }

    @Test
    fun a_day_of_orders() {
        County().use { county ->
            County.KINDS.forEachIndexed { customer, kind -> county.order(customer, kind, "生成的诉求，仅供测试") }
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core { it.syncNow() }
        }
        pictures("orders-day") { open(HomeActivity::class.java) }
    }
}
