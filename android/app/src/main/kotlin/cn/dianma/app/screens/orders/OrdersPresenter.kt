// The list of the day: which filter and order, how far it is read, what the strip says.
package cn.dianma.app.screens.orders

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.ChoiceView
import cn.dianma.core.FilterCount
import cn.dianma.core.LookupPage
import cn.dianma.core.LookupQuery
import cn.dianma.core.OrderRow
import cn.dianma.core.SyncStrip
import cn.dianma.core.TodayRequest
import cn.dianma.core.TodayView

/** What the list draws. */
data class OrdersState(
    val filter: String = "open",
    val sort: String = "due",
    /** Ways to sort, as the core names them. */
    val sorts: List<ChoiceView> = emptyList(),
    /** What is searched for; empty = the list of the filter. */
    val wanted: String = "",
    val isLoading: Boolean = true,
    val rows: List<OrderRow> = emptyList(),
    val nextCursor: String? = null,
    val filters: List<FilterCount> = emptyList(),
    val strip: SyncStrip? = null,
    val knowsPlace: Boolean = false,
    val trouble: Trouble? = null,
)

class OrdersPresenter(
    door: CoreDoor,
) : Presenter<OrdersState>(door, OrdersState()) {
    private var isReadingMore = false

    /** Reads the list from the start; what is shown stays until the answer is there. */
    fun refresh() {
        val (filter, sort, wanted) = Triple(state.filter, state.sort, state.wanted)
        ask({ core ->
            val today = core.today(TodayRequest(filter, sort, null, PAGE))
            val hits = if (wanted.isBlank()) null else core.search(LookupQuery(wanted, null, null, PAGE))
            Triple(today, hits, core.todaySorts())
        }) { answer ->
            if (filter != state.filter || sort != state.sort || wanted != state.wanted) return@ask
            state =
                when (answer) {
                    is Answer.Good -> shown(answer.value.first, answer.value.second).copy(sorts = answer.value.third)
                    is Answer.Bad -> state.copy(isLoading = false, trouble = answer.trouble)
                }
        }
    }

    /** Goes on with what was chosen on a screen that is built anew; [refresh] reads it. */
    fun goOn(
        filter: String,
        sort: String,
        wanted: String,
    ) {
        state = state.copy(filter = filter, sort = sort, wanted = wanted)
    }

    /** Looks for an order by number, name, address; over all filters. */
    fun search(wanted: String) {
        if (wanted.trim() == state.wanted) return
        state = state.copy(wanted = wanted.trim(), isLoading = true, rows = emptyList(), nextCursor = null)
        refresh()
    }

    /** The next way to sort. */
    fun sortOn() {
        val index = state.sorts.indexOfFirst { it.value == state.sort }
        if (state.sorts.isNotEmpty()) sortBy(state.sorts[(index + 1) % state.sorts.size].value)
    }

    /** Reads the next page, once at a time. */
    fun more() {
        val cursor = state.nextCursor ?: return
        if (isReadingMore) return
        isReadingMore = true
        val request = TodayRequest(state.filter, state.sort, cursor, PAGE)
        ask({ it.today(request) }) { answer ->
            isReadingMore = false
            if (state.nextCursor == cursor && answer is Answer.Good) {
                val known = state.rows.mapTo(HashSet()) { it.id }
                val fresh = answer.value.rows.filter { it.id !in known }
                state = state.copy(rows = state.rows + fresh, nextCursor = answer.value.nextCursor)
            }
        }
    }

    fun choose(filter: String) {
        if (filter == state.filter && state.wanted.isEmpty()) return
        state = state.copy(filter = filter, wanted = "", isLoading = true, rows = emptyList(), nextCursor = null)
        refresh()
    }

    fun sortBy(sort: String) {
        if (sort == state.sort) return
        state = state.copy(sort = sort, isLoading = true, rows = emptyList(), nextCursor = null)
        refresh()
    }

    fun onStrip(strip: SyncStrip) {
        state = state.copy(strip = strip)
    }

    private fun shown(today: TodayView, hits: LookupPage?) =
        state.copy(
            isLoading = false,
            rows = hits?.orders?.map { it.row } ?: today.rows,
            nextCursor = if (hits == null) today.nextCursor else null,
            filters = today.filters,
            strip = today.strip,
            knowsPlace = today.knowsPlace,
            trouble = null,
        )

    private companion object {
        val PAGE = 50u
    }
}
