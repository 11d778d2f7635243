// One priced item with less and more. In a list the figure is only shown; on the sheet it can be typed.
package cn.dianma.app.screens.cost

import android.content.Context
import android.view.Gravity
import android.view.View
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.widgets.RowView
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TextInput
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.Typing
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.dp
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.surface
import cn.dianma.app.widgets.text
import cn.dianma.core.PricedItemView
import cn.dianma.core.Words

/** An item with how much of it is on the sheet. */
data class Stepped(
    val item: PricedItemView,
    val quantity: String,
    val amount: Words? = null,
    val problem: Words? = null,
)

class StepperRow(
    private val context: Context,
    private val presenter: CostPresenter,
    isTyped: Boolean,
) : RowView<Stepped> {
    private var shown: Stepped? = null
    private val name = context.text(type = Type.STRONG)
    private val price = context.text(color = R.attr.inkQuiet)
    private val amount = context.text(type = Type.STRONG)
    private val problem = context.text(color = R.attr.overdue)
    private val figure = context.text(type = Type.HEADING).apply { gravity = Gravity.CENTER }
    private val input = if (isTyped) TextInput(context, "", Typing.NUMBER, ::typed) else null
    private val less = step("−", R.string.cost_less, -1)
    private val more = step("＋", R.string.cost_more, 1)

    override val view: View =
        context.column {
            background = context.surface()
            pad(Size.EDGE - 4, Size.GAP)
            put(name)
            put(price)
            put(
                context.row {
                    put(less)
                    put(input ?: figure, width = 0, share = 1f, gap = Size.GAP)
                    put(more, gap = Size.GAP)
                },
                gap = Size.GAP / 2,
            )
            put(amount)
            put(problem)
        }

    init {
        input?.gravity = Gravity.CENTER
    }

    override fun bind(item: Stepped) {
        shown = item
        val words = context.say(item.item.name)
        name.text = listOf(words, item.item.spec).filter { it.isNotEmpty() }.joinToString("  ")
        price.text = context.say(item.item.priceWords)
        figure.text = item.quantity
        input?.hint = words
        input?.show(item.quantity)
        amount.showOrHide(item.amount?.let(context::say))
        problem.showOrHide(item.problem?.let { "! " + context.say(it) })
        less.contentDescription = context.getString(R.string.cost_less, words)
        more.contentDescription = context.getString(R.string.cost_more, words)
    }

    fun save() {
        input?.save()
    }

    private fun typed(words: String) {
        shown?.let { presenter.set(it.item.code, words) }
    }

    private fun step(
        sign: String,
        says: Int,
        by: Int,
    ): TextView =
        context
            .button(sign) {
                input?.clearFocus()
                shown?.let { presenter.step(it.item.code, by) }
            }.apply {
                textSize = Type.HEADING.sp
                minWidth = context.dp(WIDTH)
                contentDescription = context.getString(says, "")
            }

    private companion object {
        const val WIDTH = 64
    }
}
