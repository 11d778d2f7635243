// All eight kinds through the presenter of the order page, without network: the same calls the taps make.
// Each kind's own form and check-list come from the core; the server takes every one of them.
package cn.dianma.app.orders

import cn.dianma.app.harness.County
import cn.dianma.app.screens.orders.OrderPresenter
import cn.dianma.app.screens.orders.Panel
import cn.dianma.core.FieldView
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.annotation.Config
import java.math.BigDecimal

@Config(sdk = [35])
class OrderKindsTest : OrderScreenTest() {
    @Test
    fun every_kind_is_done_from_the_first_step_to_the_last() =
        County().use { county ->
            val orders = County.KINDS.mapIndexed {
                customer,
                kind,
                ->
                county.order(customer, kind, "生成的诉求").getString("id")
            }
            signIn(county)
            app.isAirplane = true
            orders.forEachIndexed { customer, id -> whole(id, county.labelText(customer)) }
            app.isAirplane = false
            syncUntilIdle()
            for (id in orders) {
                val seen = county.seen(id)
                assertEquals("submitted", seen.getString("state"))
                assertEquals(seen.getInt("evidence_expected"), seen.getInt("evidence_arrived"))
            }
        }

    private fun whole(id: String, label: String) {
        val presenter = OrderPresenter(app.door, id)
        step { presenter.refresh() }
        val said = ArrayList<String>()

        fun next(command: String, work: () -> Unit) {
            assertEquals(
                command,
                presenter.state.order
                    ?.row
                    ?.next
                    ?.command,
            )
            said += command
            step(work)
            assertNull(
                "$command: ${presenter.state.refused?.code} ${presenter.state.refused?.fault?.fields}",
                presenter.state.refused,
            )
        }
        next("accept") { presenter.next() }
        next("depart") { presenter.next() }
        next("arrive") { presenter.arrive(label, false) }
        presenter.state.card!!
            .hazards
            .forEach { hazard -> step { presenter.tick(hazard.number, true) } }
        assertTrue(presenter.state.isCleared)
        next("begin") { presenter.next() }
        record(presenter)
        takeEvidence(id)
        step { presenter.refresh() }
        assertEquals(
            "closing",
            presenter.state.order
                ?.row
                ?.next
                ?.ask,
        )
        step { presenter.open(Panel.CLOSING) }
        step { presenter.keep("closing.satisfaction", "satisfied") }
        next("finish") { presenter.finishWithScan(label) }
        assertEquals(Panel.NONE, presenter.state.panel)
        next("submit") { presenter.next() }
        assertEquals(
            "submitted",
            presenter.state.order
                ?.row
                ?.state,
        )
        assertEquals(6, said.size)
    }

    private fun record(presenter: OrderPresenter) {
        presenter.state.order!!
            .fields
            .forEach { field -> step { presenter.record(field.name, value(field)) } }
        // A field that must not be less than another one gets the highest value there is.
        val filled = presenter.state.order!!.fields
        val highest = filled.mapNotNull { it.value.toLongOrNull() }.filter { it < NOT_A_TIME }.maxOrNull() ?: 0L
        filled.filter { it.problem != null }.forEach { field -> step { presenter.record(field.name, "$highest") } }
    }

    private fun value(field: FieldView): String {
        val low = field.min ?: 1L
        val middle = field.max?.let { low + (it - low) / 2 } ?: low
        return when (field.kind) {
            "text" -> "生成的现场记录".take((field.max ?: 7L).toInt())
            "integer" -> "$middle"
            "decimal_milli" -> BigDecimal.valueOf(middle, 3).stripTrailingZeros().toPlainString()
            "time" -> "${core { it.recentTimes() }.first().atMs}"
            else -> field.choices.first().value
        }
    }

    private fun step(work: () -> Unit) {
        work()
        settle()
    }

    private companion object {
        const val NOT_A_TIME = 1_000_000L
    }
}
