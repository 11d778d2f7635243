// A section of the order page: built once, shown again whenever the state changes.
package cn.dianma.app.screens.orders

import android.content.Context
import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.card
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.onTap
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.text

interface OrderPart {
    val view: View

    fun show(state: OrderState)
}

/** Record and evidence are being filled in now. */
val cn.dianma.core.OrderRow.isOpenForWork: Boolean get() = !hasLeft && state in setOf("working", "rejected")

/** A card with a heading that can be folded away; what is in it is drawn by [body]. */
class FoldingCard(
    context: Context,
    title: CharSequence,
    private var isOpen: Boolean,
) {
    private val name = context.heading(title)
    private val count = context.text(type = Type.STRONG, color = R.attr.inkQuiet)
    private val mark = context.text(type = Type.HEADING, color = R.attr.accent)
    private val head =
        context.row {
            minimumHeight = context.dp48()
            val words =
                context.column {
                    put(name)
                    put(count)
                }
            put(words, width = 0, share = 1f)
            put(mark, gap = Size.GAP)
        }
    val body: LinearLayout = context.column()
    val view: LinearLayout =
        context.card {
            put(head)
            put(body)
        }

    init {
        head.onTap { open(!isOpen) }
        open(isOpen)
    }

    fun open(open: Boolean) {
        isOpen = open
        body.visibility = if (open) View.VISIBLE else View.GONE
        mark.text = if (open) "▲" else "▼"
        head.contentDescription =
            name.context.getString(if (open) R.string.order_fold else R.string.order_unfold, name.text)
    }

    fun say(figure: CharSequence?) = count.showOrHide(figure)
}

private fun Context.dp48() = Math.round(Size.TOUCH * resources.displayMetrics.density)

/** Two or more small buttons that break into lines. */
fun Context.buttons(vararg all: Pair<CharSequence, () -> Unit>): View =
    cn.dianma.app.widgets.Flow(this).apply {
        all.forEach { (words, action) -> addView(context.button(words, action)) }
    }
