// The search box: what is typed is asked of the phone's own archive at once; while an answer is on its way
// only the newest text waits. An empty box shows what was looked up last.
package cn.dianma.app.screens.lookup

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.CustomerHit
import cn.dianma.core.LookupPage
import cn.dianma.core.LookupQuery
import cn.dianma.core.OrderHit
import cn.dianma.core.RecentView

/** What the tab draws. */
data class LookupState(
    val text: String = "",
    val isSearching: Boolean = false,
    val recent: RecentView? = null,
    val orders: List<OrderHit> = emptyList(),
    val customers: List<CustomerHit> = emptyList(),
    val orderCursor: String? = null,
    val customerCursor: String? = null,
    /** The text the hits belong to. */
    val found: String = "",
    val trouble: Trouble? = null,
) {
    val isEmpty: Boolean get() = orders.isEmpty() && customers.isEmpty()
}

class LookupPresenter(
    door: CoreDoor,
) : Presenter<LookupState>(door, LookupState()) {
    private var isAsking = false

    /** Reads again what the box says; what was looked up last when it says nothing. */
    fun refresh() = if (state.text.isBlank()) recent() else search()

    fun type(text: String) {
        if (text == state.text) return
        state = state.copy(text = text, isSearching = text.isNotBlank(), trouble = null)
        refresh()
    }

    /** Reads the next page of the hits shown. */
    fun more() {
        val now = state
        if (isAsking || now.found != now.text || (now.orderCursor ?: now.customerCursor) == null) return
        isAsking = true
        val query = LookupQuery(now.text, now.orderCursor, now.customerCursor, PAGE)
        ask({ it.search(query) }) { answer ->
            isAsking = false
            if (state.text == now.text && answer is Answer.Good) state = state.with(answer.value, now)
            if (state.text != now.text) refresh()
        }
    }

    /** A hit was opened: its text is offered again. */
    fun opened() {
        val text = state.text
        if (text.isNotBlank()) ask({ it.rememberSearch(text) }) {}
    }

    fun forget() = ask({ it.forgetLookups() }) { recent() }

    private fun recent() =
        ask({ it.recentLookups() }) { answer ->
            if (state.text.isNotBlank()) return@ask
            state =
                when (answer) {
                    is Answer.Good -> LookupState(recent = answer.value)
                    is Answer.Bad -> LookupState(trouble = answer.trouble)
                }
        }

    private fun search() {
        if (isAsking) return
        isAsking = true
        val text = state.text
        ask({ it.search(LookupQuery(text, null, null, PAGE)) }) { answer ->
            isAsking = false
            if (state.text != text) return@ask refresh()
            state =
                when (answer) {
                    is Answer.Good -> state.copy(isSearching = false, found = text, trouble = null).from(answer.value)
                    is Answer.Bad -> state.copy(isSearching = false, found = text, trouble = answer.trouble)
                }
        }
    }

    private fun LookupState.from(page: LookupPage) =
        copy(
            orders = page.orders,
            customers = page.customers,
            orderCursor = page.orderCursor,
            customerCursor = page.customerCursor,
        )

    // Only a group that goes on was asked for more; the other one's first page came along again.
    private fun LookupState.with(page: LookupPage, before: LookupState) =
        copy(
            orders = if (before.orderCursor != null) before.orders + page.orders else before.orders,
            customers = if (before.customerCursor != null) before.customers + page.customers else before.customers,
            orderCursor = if (before.orderCursor != null) page.orderCursor else null,
            customerCursor = if (before.customerCursor != null) page.customerCursor else null,
        )

    private companion object {
        val PAGE = 50u
    }
}
