// The sheet: the doorstep price large on top, what it is made of, what may never be charged.
package cn.dianma.app.screens.cost

import android.content.Context
import android.view.View
import android.widget.ScrollView
import cn.dianma.app.R
import cn.dianma.app.screens.orders.FactsView
import cn.dianma.app.screens.orders.FoldingCard
import cn.dianma.app.screens.orders.buttons
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.card
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard

class SheetPage(
    private val context: Context,
    private val presenter: CostPresenter,
) {
    private val notice = context.column()
    private val total = context.text(type = Type.LARGE).apply { textSize = TOTAL_SP }
    private val sample = context.text(color = R.attr.soon)
    private val draft = context.text(color = R.attr.inkQuiet)
    private val cardName = context.text(type = Type.STRONG)
    private val cardWhy = context.text(color = R.attr.inkQuiet)
    private val facts = FactsView(context, presenter::fact)
    private val lines = context.column()
    private val rows = LinkedHashMap<String, StepperRow>()
    private val never = FoldingCard(context, context.getString(R.string.cost_never), false)

    val view: ScrollView =
        context.page {
            put(notice)
            put(priceCard())
            put(jobCard(), gap = Size.GAP)
            put(lineCard(), gap = Size.GAP)
            put(never.view, gap = Size.GAP)
        }

    private fun priceCard(): View =
        context.card {
            put(context.text(context.getString(R.string.cost_doorstep), color = R.attr.inkQuiet))
            put(total)
            put(sample)
            put(draft)
        }

    private fun jobCard(): View =
        context.card {
            put(context.heading(context.getString(R.string.order_card)))
            put(cardName, gap = Size.GAP / 2)
            put(cardWhy)
            put(facts.view)
            val buttons =
                context.buttons(
                    context.getString(R.string.cost_read_card) to { presenter.open(CostView.CARD) },
                    context.getString(R.string.cost_from_card) to { presenter.takeFromCard() },
                )
            put(buttons, gap = Size.GAP)
        }

    private fun lineCard(): View =
        context.column {
            put(context.heading(context.getString(R.string.cost_lines)), gap = Size.GAP)
            put(lines, gap = Size.GAP)
            val add = context.getString(R.string.cost_add)
            put(context.buttons(add to { presenter.open(CostView.ADD) }), gap = Size.GAP)
        }

    fun show(state: CostState) {
        notice.removeAllViews()
        state.refused?.let { trouble ->
            val words = context.getString(R.string.order_understood)
            notice.put(context.troubleCard(trouble, words) { presenter.forgetRefusal() })
        }
        total.showOrHide(state.sheet?.let { context.say(it.totalWords) } ?: context.getString(R.string.cost_unpriced))
        sample.showOrHide(if (state.sheet?.isSample == true) context.getString(R.string.cost_sample) else null)
        draft.showOrHide(if (state.isDraft) context.getString(R.string.cost_draft_kept) else null)
        val card = state.card
        cardName.showOrHide(card?.let { context.say(it.title) })
        cardWhy.showOrHide(card?.let { context.getString(R.string.order_card_why, context.say(it.why)) })
        facts.show(card?.facts.orEmpty())
        showLines(state)
        showNever(state)
    }

    fun save() = rows.values.forEach { it.save() }

    private fun showLines(state: CostState) {
        val items = state.lines
        if (rows.keys.toList() != items.map { it.code }) {
            rows.clear()
            lines.removeAllViews()
            items.forEach { item ->
                val row = StepperRow(context, presenter, true)
                rows[item.code] = row
                lines.put(row.view, gap = Size.GAP)
            }
            if (items.isEmpty()) {
                lines.put(
                    context.text(context.getString(R.string.cost_no_lines), color = R.attr.inkQuiet),
                )
            }
        }
        val priced = state.sheet
            ?.lines
            .orEmpty()
            .associateBy { it.code }
        items.forEach { item ->
            val code = item.code
            rows[code]?.bind(Stepped(item, state.quantities[code] ?: "0", priced[code]?.words, state.problems[code]))
        }
    }

    private fun showNever(state: CostState) {
        never.say("${state.never.size}")
        if (never.body.childCount == state.never.size * 2) return
        never.body.removeAllViews()
        state.never.forEach { item ->
            never.body.put(context.text("✗ " + context.say(item.name), Type.STRONG), gap = Size.GAP)
            never.body.put(context.text(context.say(item.why), color = R.attr.inkQuiet))
        }
    }

    private companion object {
        /** The price is read by the customer at arm's length. */
        const val TOTAL_SP = 36f
    }
}
