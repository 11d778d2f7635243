// One order on the cost tab: what it is, how far its sheet is, what it comes to.
package cn.dianma.app.screens.cost

import android.content.Context
import android.view.View
import cn.dianma.app.R
import cn.dianma.app.screens.orders.KindLine
import cn.dianma.app.screens.orders.whereWords
import cn.dianma.app.screens.orders.whoWords
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
import cn.dianma.core.SheetRowView

class SheetRow(
    private val context: Context,
    private val onOpen: (SheetRowView) -> Unit,
) : RowView<SheetRowView> {
    private val kind = KindLine(context)
    private val who = context.text(type = Type.STRONG)
    private val where = context.text()
    private val stand = context.text(type = Type.STRONG)
    private val total = context.text(type = Type.HEADING)
    private var shown: SheetRowView? = null

    override val view: View =
        context.column {
            background = context.touchable(context.surface())
            pad(Size.EDGE, Size.EDGE - 4)
            put(kind.view)
            put(who, gap = Size.GAP / 2)
            put(where)
            put(stand, gap = Size.GAP / 2)
            put(total)
            onTap { shown?.let(onOpen) }
        }

    override fun bind(item: SheetRowView) {
        shown = item
        kind.show(item.row)
        who.showOrHide(whoWords(item.row))
        where.showOrHide(whereWords(item.row))
        val isGiven = item.stand == "given"
        stand.text = (if (isGiven) "✓ " else "○ ") + context.say(item.standName)
        stand.setTextColor(context.color(if (isGiven) R.attr.good else R.attr.soon))
        total.showOrHide(context.say(item.totalWords))
    }
}
