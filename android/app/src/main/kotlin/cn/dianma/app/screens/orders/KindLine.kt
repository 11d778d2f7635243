// The first line of an order wherever it stands: sign and name of its kind, urgency, state.
package cn.dianma.app.screens.orders

import android.content.Context
import android.view.View
import cn.dianma.app.R
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.dp
import cn.dianma.app.widgets.icon
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.text
import cn.dianma.core.OrderRow

class KindLine(
    private val context: Context,
    stateColor: Int = R.attr.inkQuiet,
) {
    private val sign = context.icon(R.drawable.kind_ad_hoc)
    private val kind = context.text(type = Type.STRONG)
    private val state = context.text(type = Type.STRONG, color = stateColor)

    val view: View =
        context.row {
            put(sign, width = context.dp(SIGN), height = context.dp(SIGN))
            put(kind, width = 0, share = 1f, gap = Size.GAP)
            put(state, gap = Size.GAP)
        }

    fun show(row: OrderRow) {
        val urgent = if (row.urgency == "normal") "" else " · " + context.say(row.urgencyName)
        sign.setImageResource(kindSign(row.kind))
        kind.text = context.say(row.kindName) + urgent
        state.text = context.say(row.stateName)
    }

    private companion object {
        const val SIGN = 28
    }
}

/** Who and which, where: the lines every row of an order has. */
fun whoWords(row: OrderRow): String = listOfNotNull(row.accountName, row.orderNumber).joinToString("  ")

fun whereWords(row: OrderRow): String = row.address ?: row.content
