// What is still missing before the service can be closed: one chip each, a tap leads to it.
package cn.dianma.app.screens.orders

import android.content.Context
import android.view.View
import cn.dianma.app.R
import cn.dianma.app.widgets.Flow
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.card
import cn.dianma.app.widgets.chip
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.core.Words

class MissingPart(
    private val context: Context,
    private val onLook: (String) -> Unit,
) : OrderPart {
    private val chips = Flow(context)
    private var shown: List<Pair<String, Words>>? = null
    override val view: View =
        context.card {
            put(context.heading(context.getString(R.string.order_missing)))
            put(chips, gap = Size.GAP)
        }

    override fun show(state: OrderState) {
        val order = state.order
        val isAsked = order?.row?.next?.ask == "record"
        view.visibility = if (isAsked) View.VISIBLE else View.GONE
        if (order == null || !isAsked) return
        val fields = order.fields.filter { it.problem != null }.map { it.name to it.label }
        val missing = fields + order.demands.filter { !it.isMet }.map { it.slot to it.name }
        if (missing == shown) return
        shown = missing
        chips.removeAllViews()
        missing.forEach { (name, label) ->
            chips.addView(context.chip("○ " + context.say(label), false) { onLook(name) })
        }
    }
}
