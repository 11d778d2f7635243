// The whole operation card, to read before or during work.
package cn.dianma.app.screens.orders

import android.content.Context
import android.view.View
import cn.dianma.app.R
import cn.dianma.app.widgets.FILL
import cn.dianma.app.widgets.WRAP
import cn.dianma.core.OperationCardView

class CardPanel(
    private val context: Context,
) : PanelPart {
    private val box = android.widget.FrameLayout(context)
    private var shown: OperationCardView? = null
    override val title = R.string.order_card
    override val view: View = box

    override fun show(state: OrderState) {
        val card = state.card ?: return
        if (card == shown) return
        shown = card
        box.removeAllViews()
        box.addView(context.operationCard(card), android.widget.FrameLayout.LayoutParams(FILL, WRAP))
    }

    override fun bar(state: OrderState): CharSequence = ""

    override fun give(state: OrderState) = Unit

    override fun save() = Unit
}
