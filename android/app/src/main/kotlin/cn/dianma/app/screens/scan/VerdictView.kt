// What a code is worth, large and in words, with a mark beside the colour; then the one thing to do.
package cn.dianma.app.screens.scan

import android.content.Context
import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.text
import cn.dianma.core.LeadCustomer
import cn.dianma.core.OrderRow
import cn.dianma.core.ScanOutcome

class VerdictView(
    private val context: Context,
    private val taps: ScanPanel.Taps,
) {
    fun view(
        outcome: ScanOutcome,
        purpose: String,
        state: ScanState,
    ): View =
        context.column {
            put(words(outcome))
            if (purpose == "lookup") leads(outcome) else answer(outcome)
            if (!state.goesOn) {
                val again = context.getString(R.string.scan_again)
                val isNext = !outcome.isUsable && !outcome.mayAskServer
                val bar = if (isNext) context.primaryBar(again, taps::onAgain) else context.button(again, taps::onAgain)
                put(bar, gap = Size.GAP)
                if (!outcome.isUsable && state.mayType) {
                    put(context.button(context.getString(R.string.scan_type)) { taps.onType() }, gap = Size.GAP)
                }
            }
        }

    /** What a typed number means, and where else to ask when nobody here knows it. */
    fun meaning(outcome: ScanOutcome): View =
        context.column {
            put(words(outcome))
            online(outcome)
        }

    /** Headline, whose it is, what it means: said aloud at once. */
    fun words(outcome: ScanOutcome): View =
        context.column {
            accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_ASSERTIVE
            val (mark, color) =
                when (outcome.trust) {
                    "good" -> "✓ " to R.attr.good
                    "doubt" -> "? " to R.attr.soon
                    else -> "✕ " to R.attr.overdue
                }
            put(context.text(mark + context.say(outcome.headline), Type.LARGE, color))
            val subject = context.text(type = Type.HEADING).apply { showOrHide(context.say(outcome.subject)) }
            put(subject, gap = Size.GAP / 2)
            put(context.text().apply { showOrHide(context.say(outcome.sentence)) }, gap = Size.GAP / 2)
            outcome.code?.let {
                val code = context.text(context.getString(R.string.code_label, it), color = R.attr.inkQuiet)
                put(code, gap = Size.GAP / 2)
            }
        }

    private fun LinearLayout.answer(outcome: ScanOutcome) {
        if (!outcome.isUsable) return
        put(context.primaryBar(context.getString(R.string.scan_use)) { taps.onUse(outcome) }, gap = Size.GAP)
    }

    private fun LinearLayout.leads(outcome: ScanOutcome) {
        outcome.orders.forEachIndexed { index, order ->
            val open = { taps.onOrder(order.id) }
            val words = orderWords(order)
            put(if (index == 0) context.primaryBar(words, open) else context.button(words, open), gap = Size.GAP)
        }
        outcome.customers.forEachIndexed { index, customer ->
            val open = { taps.onCustomer(customer.id) }
            val isMain = index == 0 && outcome.orders.isEmpty() && outcome.customers.size == 1
            val words = customerWords(customer)
            put(if (isMain) context.primaryBar(words, open) else context.button(words, open), gap = Size.GAP)
        }
        online(outcome)
    }

    /** Not in this phone's archive: the server may know it. */
    private fun LinearLayout.online(outcome: ScanOutcome) {
        if (!outcome.mayAskServer) return
        if (taps.hasSignal()) {
            val ask = context.getString(R.string.scan_ask_server)
            put(context.primaryBar(ask) { taps.onAskServer(outcome.text) }, gap = Size.GAP)
            put(context.text(context.getString(R.string.lookup_asked_note), color = R.attr.inkQuiet), gap = Size.GAP)
        } else {
            put(context.text(context.getString(R.string.scan_no_signal), Type.STRONG, R.attr.soon), gap = Size.GAP)
        }
    }

    private fun orderWords(order: OrderRow) =
        context.getString(
            R.string.scan_open_order,
            context.say(order.kindName),
            context.say(order.stateName),
            order.orderNumber,
        )

    private fun customerWords(customer: LeadCustomer) =
        context.getString(R.string.scan_open_customer, customer.accountName, customer.accountNumber)
}
