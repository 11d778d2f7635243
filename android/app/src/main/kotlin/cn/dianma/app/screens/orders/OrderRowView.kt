// One order in a list: kind, number, what is due, who and where, and the single next step.
package cn.dianma.app.screens.orders

import android.content.Context
import android.view.View
import cn.dianma.app.R
import cn.dianma.app.widgets.RowView
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.onTap
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.surface
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.touchable
import cn.dianma.core.NextStepView
import cn.dianma.core.OrderRow

class OrderRowView(
    private val context: Context,
    private val onOpen: (OrderRow) -> Unit,
) : RowView<OrderRow> {
    private val kind = KindLine(context)
    private val due = context.text(type = Type.HEADING)
    private val who = context.text(type = Type.STRONG)
    private val where = context.text()
    private val way = context.text(color = R.attr.inkQuiet)
    private val unsent = context.text(color = R.attr.soon)
    private val next = context.text(type = Type.STRONG, color = R.attr.accent)
    private var shown: OrderRow? = null

    override val view: View =
        context.column {
            background = context.touchable(context.surface())
            pad(Size.EDGE, Size.EDGE - 4)
            put(kind.view)
            put(due, gap = Size.GAP / 2)
            put(who, gap = Size.GAP / 2)
            put(where)
            put(way)
            put(unsent)
            put(next, gap = Size.GAP / 2)
            onTap { shown?.let(onOpen) }
        }

    override fun bind(item: OrderRow) {
        shown = item
        kind.show(item)
        due.showOrHide(item.due?.let { dueMark(it) + context.say(it.words) })
        due.setTextColor(context.color(dueColor(item.due?.level)))
        who.showOrHide(whoWords(item))
        where.showOrHide(whereWords(item))
        way.showOrHide(item.way?.let { context.say(it.words) })
        unsent.showOrHide(context.unsentWords(item))
        next.showOrHide(item.next?.let(::nextWords))
    }

    private fun nextWords(step: NextStepView) = context.stepWords(context.say(step.name), context.say(step.hint))
}

/** A step and what it needs. */
fun Context.stepWords(name: String, hint: String) =
    "▶ " + if (hint.isEmpty()) name else getString(R.string.orders_step, name, hint)

/** The sign of an order kind. */
fun kindSign(kind: String): Int =
    when (kind) {
        "fault_repair" -> R.drawable.kind_fault_repair
        "new_connection" -> R.drawable.kind_new_connection
        "meter_change" -> R.drawable.kind_meter_change
        "acceptance_energization" -> R.drawable.kind_acceptance_energization
        "bill_collection" -> R.drawable.kind_bill_collection
        "safety_inspection" -> R.drawable.kind_safety_inspection
        "contract_inspection" -> R.drawable.kind_contract_inspection
        else -> R.drawable.kind_ad_hoc
    }
