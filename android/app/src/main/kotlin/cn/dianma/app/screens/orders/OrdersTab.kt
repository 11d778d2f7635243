// The 工单 tab: strip, filters, the list of the day.
package cn.dianma.app.screens.orders

import android.content.Context
import android.os.Bundle
import android.view.View
import android.widget.HorizontalScrollView
import android.widget.LinearLayout
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.home.Tab
import cn.dianma.app.widgets.ListFrame
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.SyncStripView
import cn.dianma.app.widgets.TextInput
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.chip
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.empty
import cn.dianma.app.widgets.isLow
import cn.dianma.app.widgets.loading
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.troubleCard
import cn.dianma.bridge.Changes
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Watcher
import cn.dianma.core.OrderRow
import cn.dianma.core.SyncStrip

class OrdersTab(
    door: CoreDoor,
    private val changes: Changes,
    private val onOpen: (OrderRow) -> Unit = {},
) : Tab,
    Watcher {
    private val presenter = OrdersPresenter(door)
    private lateinit var strip: SyncStripView
    private lateinit var search: TextInput
    private lateinit var sort: TextView
    private lateinit var filters: LinearLayout
    private lateinit var list: ListFrame<OrderRow>

    override val title = R.string.tab_orders
    override val icon = R.drawable.tab_orders

    override fun build(context: Context): View =
        context.column {
            strip = SyncStripView(context) { context.startActivity(Routes.outbox(context)) }
            val search = searchRow(context).pad(Size.EDGE, Size.GAP / 2)
            filters = context.row()
            val scroller =
                HorizontalScrollView(context).apply {
                    isHorizontalScrollBarEnabled = false
                    addView(filters)
                }
            // On a low screen only what is typed into stays; the rest goes up with the list.
            val loose = if (context.isLow) listOf(strip, scroller) else emptyList()
            if (!context.isLow) put(strip)
            put(search)
            if (!context.isLow) put(scroller.pad(Size.EDGE, Size.GAP))
            list = put(
                ListFrame(context, { OrderRowView(context, onOpen) }, presenter::more, loose),
                height = 0,
                share = 1f,
            )
        }

    private fun searchRow(context: Context): LinearLayout =
        context.row {
            search = TextInput(context, context.getString(R.string.orders_search)) { presenter.search(it) }
            put(search, width = 0, share = 1f)
            sort = put(context.button(context.getString(R.string.orders_sort)) { presenter.sortOn() }, gap = Size.GAP)
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

    override fun keep(state: Bundle) {
        val shown = presenter.state
        state.putStringArray(CHOSEN, arrayOf(shown.filter, shown.sort, shown.wanted))
    }

    override fun goOn(state: Bundle) {
        val (filter, sort, wanted) = state.getStringArray(CHOSEN) ?: return
        presenter.goOn(filter, sort, wanted)
    }

    override fun onOrdersChanged() = presenter.refresh()

    override fun onSyncChanged(strip: SyncStrip) = presenter.onStrip(strip)

    private fun draw(state: OrdersState) {
        val context = list.context
        state.strip?.let(strip::show)
        drawFilters(state)
        search.show(state.wanted)
        state.sorts.firstOrNull { it.value == state.sort }?.let { sort.text = "⇅ " + context.say(it.name) }
        val trouble = state.trouble
        val view =
            when {
                trouble != null ->
                    context.troubleCard(trouble, context.getString(R.string.action_retry)) { presenter.refresh() }
                state.isLoading -> context.loading()
                state.rows.isEmpty() ->
                    context.empty(
                        context.getString(R.string.orders_empty),
                        context.getString(R.string.orders_empty_hint),
                    )
                else -> null
            }
        list.show(state.rows, view)
    }

    private fun choose(filter: String) {
        search.clear()
        presenter.choose(filter)
    }

    private fun drawFilters(state: OrdersState) {
        val context = list.context
        filters.removeAllViews()
        state.filters.forEachIndexed { index, filter ->
            val words = context.getString(R.string.orders_filter_count, context.say(filter.name), filter.count.toInt())
            val chip = context.chip(words, state.wanted.isEmpty() && filter.filter == state.filter) {
                choose(filter.filter)
            }
            filters.put(chip, gap = if (index == 0) 0 else Size.GAP)
        }
    }

    private companion object {
        const val CHOSEN = "orders_chosen"
    }
}
