// The facts an operation card is chosen by, one line of chips each. Shared by order and cost screens.
package cn.dianma.app.screens.orders

import android.content.Context
import android.view.View
import cn.dianma.app.R
import cn.dianma.app.widgets.Flow
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showChips
import cn.dianma.app.widgets.text
import cn.dianma.core.FactView

class FactsView(
    private val context: Context,
    private val onChoose: (String, String) -> Unit,
) {
    private val box = context.column()
    val view: View = box
    private var shown: List<FactView>? = null

    fun show(facts: List<FactView>) {
        if (facts == shown) return
        shown = facts
        box.removeAllViews()
        box.visibility = if (facts.isEmpty()) View.GONE else View.VISIBLE
        for (fact in facts) {
            box.put(context.text(context.say(fact.label), color = R.attr.inkQuiet), gap = Size.GAP)
            val chips = Flow(context)
            chips.showChips(fact.choices, { context.say(it.name) }, { it.value == fact.value }) {
                onChoose(fact.name, it.value)
            }
            box.put(chips, gap = Size.GAP / 2)
        }
    }
}
