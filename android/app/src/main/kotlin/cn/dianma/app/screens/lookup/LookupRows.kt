// What the lookup list is made of: headings, customers, orders, recent texts. One recycled view draws all.
package cn.dianma.app.screens.lookup

import android.content.Context
import android.view.View
import cn.dianma.app.R
import cn.dianma.app.widgets.RowView
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.dp
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.onTap
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.surface
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.touchable
import cn.dianma.core.CustomerPage
import cn.dianma.core.OrderHit
import cn.dianma.core.Words

/** One line of the list. */
sealed class LookupItem {
    data class Heading(
        val words: Int,
    ) : LookupItem()

    data class Text(
        val text: String,
    ) : LookupItem()

    data class Customer(
        val customer: CustomerPage,
        val reason: Words?,
    ) : LookupItem()

    data class Order(
        val hit: OrderHit,
    ) : LookupItem()

    /** Forget what was looked up. */
    object Forget : LookupItem()
}

class LookupRowView(
    private val context: Context,
    private val onPick: (LookupItem) -> Unit,
) : RowView<LookupItem> {
    private val heading = context.heading("")
    private val title = context.text(type = Type.STRONG)
    private val line = context.text()
    private val more = context.text(color = R.attr.inkQuiet)
    private val mark = context.text(type = Type.STRONG, color = R.attr.overdue)
    private val reason = context.text(color = R.attr.accent)
    private var shown: LookupItem? = null

    private val box =
        context.column {
            background = context.touchable(context.surface())
            pad(Size.EDGE, Size.EDGE - 4)
            minimumHeight = context.dp(Size.TOUCH)
            put(title)
            put(line, gap = Size.GAP / 2)
            put(more)
            put(mark)
            put(reason, gap = Size.GAP / 2)
            onTap { shown?.let(onPick) }
        }

    override val view: View =
        context.column {
            put(heading, gap = Size.GAP)
            put(box)
        }

    override fun bind(item: LookupItem) {
        shown = item
        heading.visibility = if (item is LookupItem.Heading) View.VISIBLE else View.GONE
        box.visibility = if (item is LookupItem.Heading) View.GONE else View.VISIBLE
        listOf(line, more, mark, reason).forEach { it.showOrHide(null) }
        title.setTextColor(context.color(if (item is LookupItem.Forget) R.attr.accent else R.attr.ink))
        when (item) {
            is LookupItem.Heading -> heading.text = context.getString(item.words)
            is LookupItem.Text -> title.text = item.text
            is LookupItem.Forget -> title.text = context.getString(R.string.lookup_forget)
            is LookupItem.Customer -> customer(item)
            is LookupItem.Order -> order(item.hit)
        }
    }

    private fun customer(item: LookupItem.Customer) {
        val customer = item.customer
        title.text = customer.accountName
        line.showOrHide(context.getString(R.string.lookup_account, customer.accountNumber))
        more.showOrHide(listOfNotNull(customer.supplyAddress, customer.polePart()).joinToString("\n"))
        mark.showOrHide(context.say(customer.arrears))
        why(item.reason)
    }

    private fun order(hit: OrderHit) {
        val row = hit.row
        title.text = "${context.say(row.kindName)} · ${context.say(row.stateName)}"
        line.showOrHide(row.orderNumber)
        more.showOrHide(listOfNotNull(row.accountName, row.address).joinToString("\n"))
        why(hit.reason)
    }

    private fun why(words: Words?) {
        val said = words?.let(context::say).orEmpty()
        reason.showOrHide(if (said.isEmpty()) null else context.getString(R.string.lookup_matched, said))
    }

    private fun CustomerPage.polePart() = poleNumber?.let { context.getString(R.string.lookup_pole, it) }
}
