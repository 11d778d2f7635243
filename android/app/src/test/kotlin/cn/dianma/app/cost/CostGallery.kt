// Pictures of the cost tab and of a sheet.
package cn.dianma.app.cost

import cn.dianma.app.harness.County
import cn.dianma.app.harness.Gallery
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.cost.CostActivity
import cn.dianma.core.CostQuantity
import cn.dianma.core.SignIn
import org.junit.Test
import org.robolectric.annotation.Config

@Config(sdk = [35])
class CostGallery : Gallery() {
    @Test
    fun a_sheet_with_lines() {
        val id = orders(1).first()
        core { core ->
            core
                .priceList()
                .filter { it.lineKind == "labour" }
                .take(
                    3,
                ).forEach { core.keepDraft(id, "cost.${it.code}", "2") }
        }
        pictures("cost-sheet") { open(CostActivity::class.java, Routes.cost(app, id)) }
    }

    @Test
    fun a_sheet_without_lines() {
        val id = orders(1).first()
        pictures("cost-empty") { open(CostActivity::class.java, Routes.cost(app, id)) }
    }

    @Test
    fun the_list_to_add_from() {
        val id = orders(1).first()
        pictures("cost-add") {
            open(CostActivity::class.java, Routes.cost(app, id)).also {
                tap(it.get(), it.get().getString(cn.dianma.app.R.string.cost_add))
            }
        }
    }

    @Test
    fun the_tab() {
        val ids = orders(3)
        core { core ->
            core.setCost(ids[0], listOf(CostQuantity(core.priceList().first().code, "1")))
            core.keepDraft(ids[1], "cost.x", "1")
        }
        pictures("cost-tab") {
            open(cn.dianma.app.screens.home.HomeActivity::class.java).also {
                tap(it.get(), it.get().getString(cn.dianma.app.R.string.tab_cost))
            }
        }
    }

    private fun orders(count: Int): List<String> =
        County().use { county ->
            val ids = (0 until count).map { county.order(it, County.KINDS[it], "生成的诉求，仅供测试").getString("id") }
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core { it.syncNow() }
            ids.forEach { id -> core { it.accept(id) } }
            ids
        }
}
