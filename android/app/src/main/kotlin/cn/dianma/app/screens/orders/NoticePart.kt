// What has to be known before anything else: the order has left, the office's reason, refused commands
// with what can be done, the last action that did not go through.
package cn.dianma.app.screens.orders

import android.content.Context
import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.widgets.Flow
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.card
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.surface
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard
import cn.dianma.core.DepartureView
import cn.dianma.core.RefusalView

class NoticePart(
    private val context: Context,
    private val presenter: OrderPresenter,
) : OrderPart {
    private val box = context.column()
    override val view: View = box

    override fun show(state: OrderState) {
        box.removeAllViews()
        state.refused?.let { trouble ->
            val words = context.getString(R.string.order_understood)
            box.put(context.troubleCard(trouble, words) { presenter.forgetRefusal() }, gap = Size.GAP)
        }
        val order = state.order ?: return
        order.departure?.let { box.put(context.departureCard(it), gap = Size.GAP) }
        order.refusals.forEach { box.put(refusal(it), gap = Size.GAP) }
        val reason = order.reason?.takeIf { it.isNotBlank() && order.departure == null } ?: return
        box.put(reasonCard(context.say(order.row.stateName), reason), gap = Size.GAP)
    }

    private fun reasonCard(state: String, reason: String): LinearLayout =
        context.card {
            background = context.surface(line = context.color(R.attr.overdue))
            accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
            put(context.text(context.getString(R.string.order_reason, state), Type.STRONG, R.attr.overdue))
            put(context.text(reason, Type.HEADING), gap = Size.GAP / 2)
        }

    private fun refusal(refusal: RefusalView): LinearLayout =
        context.card {
            background = context.surface(line = context.color(R.attr.overdue))
            val row = refusal.row
            val what = context.getString(R.string.order_refused, context.say(row.what), row.at)
            put(context.text(what, Type.STRONG, R.attr.overdue))
            put(context.text(context.say(row.sentence)), gap = Size.GAP / 2)
            row.detail?.let { put(context.text(context.say(it)), gap = Size.GAP / 2) }
            put(context.text(context.getString(R.string.code_label, row.code), color = R.attr.inkQuiet))
            put(context.text(context.getString(R.string.order_refused_kept), color = R.attr.inkQuiet), gap = Size.GAP)
            val ways = Flow(context)
            refusal.choices.forEach { choice ->
                ways.addView(context.button(context.say(choice.name)) { presenter.handleRefusal(row.n, choice.value) })
            }
            put(ways, gap = Size.GAP)
        }
}

/** What became of an order that is no longer ours, and what is kept. */
fun Context.departureCard(left: DepartureView): LinearLayout =
    card {
        background = surface(line = color(R.attr.overdue))
        accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
        put(heading(getString(R.string.order_left, say(left.causeName)))).setTextColor(color(R.attr.overdue))
        put(
            text(getString(R.string.order_left_at, left.orderNumber, left.at), color = R.attr.inkQuiet),
            gap =
                Size.GAP / 2,
        )
        left.reason?.let { put(text(it, Type.STRONG), gap = Size.GAP) }
        put(text(say(left.kept)), gap = Size.GAP)
    }
