// The head of an order: kind, state, deadline, what the customer asked for, and how to get to him.
package cn.dianma.app.screens.orders

import android.content.Context
import android.view.View
import cn.dianma.app.R
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.card
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.dp
import cn.dianma.app.widgets.onTap
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.surface
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.touchable
import cn.dianma.core.DueView
import cn.dianma.core.OrderView

class HeadPart(
    private val context: Context,
) : OrderPart {
    private val kind = KindLine(context, R.attr.accent)
    private val due = context.text(type = Type.LARGE)
    private val content = context.text(type = Type.HEADING)
    private val facts = context.text(color = R.attr.inkQuiet)
    private val unsent = context.text(type = Type.STRONG, color = R.attr.soon)

    override val view: View =
        context.card {
            put(kind.view)
            put(due, gap = Size.GAP / 2)
            put(content, gap = Size.GAP / 2)
            put(facts, gap = Size.GAP)
            put(unsent, gap = Size.GAP / 2)
        }

    override fun show(state: OrderState) {
        val order = state.order ?: return
        val row = order.row
        kind.show(row)
        due.showOrHide(row.due?.let { dueMark(it) + context.say(it.words) })
        due.setTextColor(context.color(dueColor(row.due?.level)))
        content.showOrHide(row.content)
        facts.showOrHide(facts(order))
        unsent.showOrHide(context.unsentWords(row))
    }

    private fun facts(order: OrderView): String =
        listOfNotNull(
            context.getString(R.string.order_taken_in, order.takenInAt),
            order.appointmentAt?.let { context.getString(R.string.order_appointment, it) },
            order.promise,
            order.dispatchNote?.takeIf { it.isNotBlank() }?.let { context.getString(R.string.order_dispatch_note, it) },
        ).joinToString("\n")
}

/** A mark beside the colour: status is never colour alone. */
fun dueMark(due: DueView) =
    when (due.level) {
        "overdue" -> "! "
        "soon" -> "◔ "
        else -> ""
    }

fun dueColor(level: String?) =
    when (level) {
        "overdue" -> R.attr.overdue
        "soon" -> R.attr.soon
        else -> R.attr.ink
    }

/** What the customer card leads to. */
interface Ways {
    fun call(number: String)

    fun openMap(order: OrderView)

    fun copy(label: CharSequence, text: String)

    fun openCustomer(customer: String, accountNumber: String?)
}

class CustomerPart(
    private val context: Context,
    private val ways: Ways,
) : OrderPart {
    private val box = context.column()
    override val view: View = box

    private var shown: OrderView? = null

    override fun show(state: OrderState) {
        val order = state.order ?: return
        if (order.row == shown?.row && order.contactPhone == shown?.contactPhone) return
        shown = order
        box.removeAllViews()
        val row = order.row
        val isEmpty = listOf(
            row.accountName,
            row.address,
            row.accountNumber,
            order.contactPhone,
        ).all { it.isNullOrBlank() }
        box.visibility = if (isEmpty) View.GONE else View.VISIBLE
        box.put(
            context.card {
                row.accountName?.let { put(context.text(it, Type.HEADING)) }
                row.address?.let { put(context.text(it), gap = Size.GAP / 2) }
                row.way?.let { put(context.text(context.say(it.words), Type.STRONG, R.attr.inkQuiet)) }
                put(leads(order), gap = Size.GAP)
                number(R.string.order_account_number, row.accountNumber)?.let { put(it, gap = Size.GAP / 2) }
                number(R.string.order_meter_number, order.meterNumber)?.let { put(it) }
                number(R.string.order_pole_number, order.poleNumber)?.let { put(it) }
                number(R.string.order_number, row.orderNumber)?.let { put(it) }
            },
        )
    }

    private fun leads(order: OrderView): View {
        val all = ArrayList<Pair<CharSequence, () -> Unit>>()
        order.contactPhone?.let { number -> all += context.getString(R.string.order_call) to { ways.call(number) } }
        if (order.latitudeE6 != null || order.row.address != null) {
            all += context.getString(R.string.order_map) to { ways.openMap(order) }
        }
        val number = order.row.accountNumber
        (order.customerId ?: number)?.let { customer ->
            all += context.getString(R.string.order_customer) to { ways.openCustomer(customer, number) }
        }
        return context.buttons(*all.toTypedArray())
    }

    /** A number that is copied by a tap. */
    private fun number(label: Int, number: String?): View? {
        if (number.isNullOrBlank()) return null
        val name = context.getString(label)
        return context.row {
            minimumHeight = context.dp(Size.TOUCH)
            background = context.touchable(context.surface(line = null))
            put(context.text(name, color = R.attr.inkQuiet))
            put(context.text(number, Type.STRONG), width = 0, share = 1f, gap = Size.GAP)
            put(context.text(context.getString(R.string.order_copy), Type.STRONG, R.attr.accent), gap = Size.GAP)
            onTap { ways.copy(name, number) }
        }
    }
}

/** Unsent, refused, left: the three states of work that is not settled. */
fun Context.unsentWords(row: cn.dianma.core.OrderRow): String =
    listOfNotNull(
        if (row.pending > 0u) getString(R.string.orders_unsent, row.pending.toInt()) else null,
        if (row.refused > 0u) getString(R.string.orders_refused, row.refused.toInt()) else null,
        if (row.hasLeft) getString(R.string.orders_left) else null,
    ).joinToString(" · ")
