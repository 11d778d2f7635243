// The operation card of an order: the facts it is chosen by, hazards ticked one by one before work, then
// procedure, tools and materials to read up.
package cn.dianma.app.screens.orders

import android.content.Context
import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.dp
import cn.dianma.app.widgets.onTap
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.surface
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.touchable
import cn.dianma.core.HazardView
import cn.dianma.core.OperationCardView

class HazardPart(
    private val context: Context,
    private val presenter: OrderPresenter,
    private val onRead: () -> Unit,
) : OrderPart {
    private val folding = FoldingCard(context, context.getString(R.string.order_card), false)
    override val view: View = folding.view
    private var wasAsked = false
    private val rows = ArrayList<View>()

    override fun show(state: OrderState) {
        val order = state.order
        val card = state.card
        view.visibility = if (order == null || card == null || order.departure != null) View.GONE else View.VISIBLE
        if (order == null || card == null) return
        val isAsked = order.row.next?.ask == "hazards"
        if (isAsked != wasAsked) folding.open(isAsked)
        wasAsked = isAsked
        val done = if (isAsked) state.ticked else order.hazardsAcknowledged.toSet()
        val count = card.hazards.count { it.number in done }
        folding.say(context.getString(R.string.order_hazards_ticked, count, card.hazards.size))
        draw(card, isAsked, done)
    }

    /** The first hazard that is not ticked yet. */
    fun firstOpen(state: OrderState): View {
        folding.open(true)
        val index = state.card
            ?.hazards
            .orEmpty()
            .indexOfFirst { it.number !in state.ticked }
        return rows.getOrNull(index) ?: view
    }

    private fun draw(
        card: OperationCardView,
        isAsked: Boolean,
        done: Set<UShort>,
    ) {
        val box = folding.body
        box.removeAllViews()
        rows.clear()
        box.put(context.text(context.say(card.title), Type.STRONG))
        val why = context.getString(R.string.order_card_why, context.say(card.why))
        box.put(context.text(why, color = R.attr.inkQuiet), gap = Size.GAP / 2)
        if (isAsked) box.put(FactsView(context, presenter::fact).apply { show(card.facts) }.view, gap = Size.GAP)
        if (isAsked) box.put(context.text(context.getString(R.string.order_hazards_ask), Type.STRONG), gap = Size.EDGE)
        card.hazards.forEach { hazard ->
            rows += box.put(hazard(hazard, hazard.number in done, isAsked), gap = Size.GAP)
        }
        val words = context.getString(R.string.order_card_read, card.steps.size)
        box.put(context.button(words, onRead), gap = Size.EDGE)
    }

    private fun hazard(
        hazard: HazardView,
        isTicked: Boolean,
        canTick: Boolean,
    ): LinearLayout =
        context.row {
            gravity = android.view.Gravity.TOP
            pad(Size.EDGE - 4, Size.GAP)
            val line = context.color(if (isTicked) R.attr.good else R.attr.line)
            val surface = context.surface(line = line)
            background = if (canTick) context.touchable(surface) else surface
            val mark = context.text(
                if (isTicked) "☑" else "☐",
                Type.LARGE,
                if (isTicked) R.attr.good else R.attr.accent,
            )
            put(mark.apply { minWidth = context.dp(MARK) })
            put(words(hazard), width = 0, share = 1f, gap = Size.GAP)
            if (canTick) {
                onTap { presenter.tick(hazard.number, !isTicked) }
                val state = if (isTicked) R.string.order_hazard_ticked else R.string.order_hazard_open
                contentDescription = context.getString(state, context.say(hazard.name), context.say(hazard.action))
            }
        }

    private fun words(hazard: HazardView): LinearLayout =
        context.column {
            put(context.text(context.say(hazard.name), Type.STRONG, R.attr.overdue))
            put(context.text(context.say(hazard.action), Type.STRONG))
            put(context.text(context.say(hazard.method)))
            val standard = context.getString(R.string.order_standard, context.say(hazard.standard))
            put(context.text(standard, color = R.attr.inkQuiet))
        }

    private companion object {
        const val MARK = 36
    }
}
