// The lower half of the order page: cost, remarks, what happened, and what else can be done.
package cn.dianma.app.screens.orders

import android.content.Context
import android.view.View
import cn.dianma.app.R
import cn.dianma.app.widgets.Flow
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TextInput
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.Typing
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.card
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.text

/** The cost sheet in one line, and the way to it. */
class CostPart(
    private val context: Context,
    onOpen: () -> Unit,
) : OrderPart {
    private val total = context.text(type = Type.LARGE)
    private val lines = context.text(color = R.attr.inkQuiet)
    override val view: View =
        context.card {
            put(context.heading(context.getString(R.string.order_cost)))
            put(total, gap = Size.GAP / 2)
            put(lines)
            put(context.button(context.getString(R.string.order_cost_open), onOpen), gap = Size.GAP)
        }

    override fun show(state: OrderState) {
        val order = state.order
        view.visibility = if (order == null || order.row.hasLeft) View.GONE else View.VISIBLE
        val cost = order?.cost
        total.showOrHide(cost?.let { context.say(it.totalWords) })
        val names = cost?.lines.orEmpty().map { "${context.say(it.name)} ${context.say(it.words)}" }
        lines.showOrHide(if (cost == null) context.getString(R.string.order_cost_none) else names.joinToString("\n"))
    }
}

/** Remarks made here, and a new one. */
class NotesPart(
    private val context: Context,
    private val presenter: OrderPresenter,
) : OrderPart {
    private val folding = FoldingCard(context, context.getString(R.string.order_notes), false)
    private val known = context.column()
    private val input =
        TextInput(
            context,
            context.getString(R.string.order_note_hint),
            Typing.WORDS,
        ) { presenter.keep("note", it, true) }
    override val view: View = folding.view

    init {
        folding.body.put(known)
        folding.body.put(input, gap = Size.GAP)
        val words = context.getString(R.string.order_note_add)
        folding.body.put(context.button(words) { presenter.note(input.text.toString()) }, gap = Size.GAP)
    }

    override fun show(state: OrderState) {
        val order = state.order
        view.visibility = if (order == null || order.row.hasLeft) View.GONE else View.VISIBLE
        if (order == null) return
        known.removeAllViews()
        order.notes.forEach { known.put(context.text("${it.at}  ${it.words}"), gap = Size.GAP / 2) }
        input.show(state.draft("note"))
        folding.say(if (order.notes.isEmpty()) null else "${order.notes.size}")
    }

    fun save() = input.save()
}

/** What happened and how far it got. */
class TimeLinePart(
    private val context: Context,
) : OrderPart {
    private val folding = FoldingCard(context, context.getString(R.string.order_time_line), false)
    override val view: View = folding.view

    override fun show(state: OrderState) {
        val order = state.order
        view.visibility = if (order == null) View.GONE else View.VISIBLE
        val moments = order?.timeLine.orEmpty()
        folding.body.removeAllViews()
        for (moment in moments) {
            val status = context.say(moment.statusName)
            val mark =
                when (moment.status) {
                    "pending" -> "↑ "
                    "rejected", "quarantined" -> "! "
                    else -> "✓ "
                }
            val words = "$mark${moment.at}  ${context.say(moment.what)}" + if (status.isEmpty()) "" else " · $status"
            folding.body.put(context.text(words, color = color(moment.status)), gap = Size.GAP / 2)
        }
        folding.say("${moments.size}")
    }

    private fun color(status: String) =
        when (status) {
            "pending" -> R.attr.soon
            "rejected", "quarantined" -> R.attr.overdue
            else -> R.attr.ink
        }
}

/** Commands that can be given besides the next step. */
class OtherPart(
    private val context: Context,
    private val onGive: (String) -> Unit,
) : OrderPart {
    private val ways = Flow(context)
    override val view: View =
        context.card {
            put(context.heading(context.getString(R.string.order_other)))
            put(ways, gap = Size.GAP)
        }

    override fun show(state: OrderState) {
        val order = state.order
        val next = order?.row?.next?.command
        val others = order?.commands.orEmpty().filter { it.isAllowed && it.command != next && it.command in ASKING }
        view.visibility = if (others.isEmpty()) View.GONE else View.VISIBLE
        ways.removeAllViews()
        others.forEach { ways.addView(context.button(context.say(it.name)) { onGive(it.command) }) }
    }

    private companion object {
        /** What can be given out of the usual order; each asks for something first. */
        val ASKING = setOf("arrive", "suspend", "request_reassignment")
    }
}
