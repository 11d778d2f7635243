// The 费用 tab: orders whose sheet is to be filled in come first; below, a card and its prices by kind.
package cn.dianma.app.screens.cost

import android.content.Context
import android.view.View
import cn.dianma.app.R
import cn.dianma.app.screens.home.Tab
import cn.dianma.app.widgets.Flow
import cn.dianma.app.widgets.ListFrame
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.empty
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.loading
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard
import cn.dianma.bridge.Changes
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Watcher
import cn.dianma.core.SheetRowView

class CostTab(
    door: CoreDoor,
    private val changes: Changes,
    private val onOrder: (SheetRowView) -> Unit,
    private val onKind: (String) -> Unit,
) : Tab,
    Watcher {
    private val presenter = CostsPresenter(door)
    private lateinit var kinds: Flow
    private lateinit var list: ListFrame<SheetRowView>

    override val title = R.string.tab_cost
    override val icon = R.drawable.tab_cost

    override fun build(context: Context): View =
        context.column {
            val hint = context.text(context.getString(R.string.costs_hint), color = R.attr.inkQuiet)
            kinds = Flow(context)
            val lookUp =
                context.column {
                    put(context.heading(context.getString(R.string.costs_by_kind)), gap = Size.EDGE)
                    put(kinds, gap = Size.GAP)
                }
            list =
                put(
                    ListFrame(context, { SheetRow(context, onOrder) }, above = listOf(hint), below = lookUp),
                    height = 0,
                    share = 1f,
                )
        }

    override fun onShown() {
        changes.watch(this)
        presenter.attach(::draw)
        presenter.refresh()
    }

    override fun onHidden() {
        changes.leave(this)
        presenter.detach()
    }

    override fun onOrdersChanged() = presenter.refresh()

    private fun draw(state: CostsState) {
        val context = list.context
        if (kinds.childCount != state.kinds.size) {
            kinds.removeAllViews()
            state.kinds.forEach { kind -> kinds.addView(context.button(context.say(kind.name)) { onKind(kind.value) }) }
        }
        val trouble = state.trouble
        val view =
            when {
                trouble != null ->
                    context.troubleCard(trouble, context.getString(R.string.action_retry)) { presenter.refresh() }
                state.isLoading -> context.loading()
                state.rows.isEmpty() ->
                    context.empty(context.getString(R.string.costs_empty), context.getString(R.string.costs_empty_hint))
                else -> null
            }
        list.show(state.rows, view)
    }
}
