// The 查询 tab: one box over orders and customers, what was looked up last, the way to the scanner.
package cn.dianma.app.screens.lookup

import android.content.Context
import android.view.View
import android.view.inputmethod.EditorInfo
import android.view.inputmethod.InputMethodManager
import cn.dianma.app.R
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.home.Tab
import cn.dianma.app.widgets.Field
import cn.dianma.app.widgets.ListFrame
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.empty
import cn.dianma.app.widgets.loading
import cn.dianma.app.widgets.onWords
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.troubleCard
import cn.dianma.bridge.Action
import cn.dianma.bridge.CoreDoor

class LookupTab(
    door: CoreDoor,
) : Tab {
    private val presenter = LookupPresenter(door)
    private lateinit var box: Field
    private lateinit var list: ListFrame<LookupItem>

    override val title = R.string.tab_lookup
    override val icon = R.drawable.tab_lookup

    override fun build(context: Context): View =
        context.column {
            setBackgroundColor(context.color(R.attr.paper))
            box = search(context)
            put(context.column { put(box) }).pad(Size.EDGE, Size.GAP)
            list =
                put(
                    ListFrame(context, { LookupRowView(context, ::open) }, presenter::more),
                    height = 0,
                    share = 1f,
                )
        }

    override fun onShown() {
        presenter.attach(::draw)
        presenter.refresh()
    }

    override fun onHidden() = presenter.detach()

    private fun search(context: Context) =
        Field(context, hint = context.getString(R.string.lookup_hint)).apply {
            keepAs(R.id.lookup_text)
            input.imeOptions = EditorInfo.IME_ACTION_SEARCH
            input.onWords(presenter::type)
            onDone { hideKeys() }
        }

    private fun hideKeys() {
        val keys = box.context.getSystemService(Context.INPUT_METHOD_SERVICE) as InputMethodManager
        keys.hideSoftInputFromWindow(box.windowToken, 0)
    }

    private fun open(item: LookupItem) {
        val context = list.context
        when (item) {
            is LookupItem.Text -> box.words = item.text
            is LookupItem.Forget -> presenter.forget()
            is LookupItem.Customer -> {
                presenter.opened()
                context.startActivity(Routes.customer(context, item.customer.id))
            }
            is LookupItem.Order -> {
                presenter.opened()
                context.startActivity(Routes.order(context, item.hit.row.id))
            }
            is LookupItem.Heading -> Unit
        }
    }

    private fun draw(state: LookupState) {
        val items = items(state)
        list.show(items, if (items.isEmpty()) instead(state) else null)
    }

    private fun items(state: LookupState): List<LookupItem> {
        if (state.trouble != null) return emptyList()
        if (state.text.isBlank()) return recent(state)
        val customers = state.customers.map { LookupItem.Customer(it.customer, it.reason) }
        val orders = state.orders.map { LookupItem.Order(it) }
        return under(R.string.lookup_customers, customers) + under(R.string.lookup_orders, orders)
    }

    private fun recent(state: LookupState): List<LookupItem> {
        val recent = state.recent ?: return emptyList()
        val customers = recent.customers.map { LookupItem.Customer(it, null) }
        val texts = recent.texts.map { LookupItem.Text(it) }
        val all = under(R.string.lookup_recent_customers, customers) + under(R.string.lookup_recent, texts)
        return if (all.isEmpty()) all else all + LookupItem.Forget
    }

    private fun under(heading: Int, items: List<LookupItem>) =
        if (items.isEmpty()) items else listOf(LookupItem.Heading(heading)) + items

    private fun instead(state: LookupState): View? {
        val context = list.context
        val trouble = state.trouble
        return when {
            trouble != null && trouble.action == Action.SIGN_IN ->
                context.troubleCard(trouble, context.getString(R.string.lookup_sign_in)) {
                    context.startActivity(Routes.signIn(context))
                }
            trouble != null ->
                context.troubleCard(trouble, context.getString(R.string.action_retry)) { presenter.refresh() }
            state.text.isBlank() && state.recent == null || state.isSearching -> context.loading()
            state.text.isBlank() ->
                context.empty(
                    context.getString(R.string.lookup_start),
                    context.getString(R.string.lookup_start_hint),
                )
            else -> none(context, state.text)
        }
    }

    private fun none(context: Context, text: String): View =
        context.column {
            put(
                context.empty(
                    context.getString(R.string.lookup_none, text),
                    context.getString(R.string.lookup_none_hint),
                ),
            )
            put(
                context.button(context.getString(R.string.lookup_ask)) {
                    context.startActivity(Routes.customer(context, text))
                },
            )
        }
}
