// The cost of an order, or a quote by kind of job: price, lines, the card behind them, the list to add from.
package cn.dianma.app.screens.cost

import android.os.Bundle
import android.view.View
import android.widget.FrameLayout
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.Screen
import cn.dianma.app.screens.orders.operationCard
import cn.dianma.app.widgets.FILL
import cn.dianma.app.widgets.Flow
import cn.dianma.app.widgets.RecycledList
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TextInput
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.WRAP
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.dp
import cn.dianma.app.widgets.isLow
import cn.dianma.app.widgets.isWide
import cn.dianma.app.widgets.loading
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.putFoot
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showChips
import cn.dianma.app.widgets.troubleCard

class CostActivity : Screen() {
    private val orderId by lazy { intent.getStringExtra(Routes.EXTRA_ORDER) }
    private lateinit var presenter: CostPresenter
    private lateinit var title: TitleBar
    private lateinit var sheet: SheetPage
    private lateinit var adding: LinearLayout
    private lateinit var kinds: Flow
    private lateinit var search: TextInput
    private lateinit var list: RecycledList<Stepped>
    private lateinit var card: ScrollView
    private lateinit var instead: FrameLayout
    private lateinit var bars: View
    private lateinit var bar: TextView
    private lateinit var later: TextView

    override fun onCreate(saved: Bundle?) {
        val kind = intent.getStringExtra(Routes.EXTRA_KIND)
        presenter = CostPresenter(door, orderId, kind, saved.map(FACTS), saved.map(QUOTE))
        super.onCreate(saved)
        presenter.search(saved?.getString(WANTED).orEmpty())
        saved?.getString(LINE_KIND)?.let(presenter::filter)
        saved?.getString(VIEW)?.let { name -> CostView.values().firstOrNull { it.name == name } }?.let(presenter::open)
    }

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            title = put(TitleBar(context, getString(R.string.cost_title), ::back))
            sheet = SheetPage(context, presenter)
            adding = buildAdding()
            card = page { }
            instead = FrameLayout(context)
            val stage = put(FrameLayout(context), height = 0, share = 1f)
            listOf(sheet.view, adding, card, instead).forEach {
                stage.addView(it, FrameLayout.LayoutParams(FILL, FILL))
            }
            bar = primaryBar("") { onBar() }
            later = button(getString(R.string.cost_later)) { finish() }
            bars = putFoot(if (isWide) beside(later, bar) else under(later, bar))
        }

    private fun under(later: View, bar: View) =
        column {
            put(later)
            put(bar, gap = Size.GAP)
        }

    private fun beside(later: View, bar: View) =
        row {
            put(later, width = 0, share = 1f)
            put(bar, width = 0, share = 2f, gap = Size.GAP)
        }

    private fun buildAdding(): LinearLayout =
        column {
            kinds = Flow(context)
            search = TextInput(context, getString(R.string.cost_search)) { presenter.search(it) }
            put(
                column {
                    put(search)
                    if (!context.isLow) put(kinds, gap = Size.GAP)
                }.pad(Size.EDGE, if (context.isLow) 0 else Size.GAP),
            )
            list = RecycledList(context, { StepperRow(context, presenter, false) })
            if (context.isLow) list.addHeaderView(kinds, null, false)
            put(list, height = 0, share = 1f)
        }

    override fun onResume() {
        super.onResume()
        presenter.attach(::draw)
        presenter.refresh()
    }

    override fun onPause() {
        sheet.save()
        presenter.detach()
        super.onPause()
    }

    override fun onSaveInstanceState(state: Bundle) {
        val (quote, facts) = presenter.kept()
        state.putString(VIEW, presenter.state.view.name)
        state.putString(WANTED, presenter.state.wanted)
        state.putString(LINE_KIND, presenter.state.lineKind)
        state.putBundle(QUOTE, bundle(quote))
        state.putBundle(FACTS, bundle(facts))
        super.onSaveInstanceState(state)
    }

    @Deprecated("The newer way needs API 33")
    override fun onBackPressed() = back()

    private fun draw(state: CostState) {
        if (state.isDone) return finish()
        val trouble = state.trouble
        val view =
            when {
                trouble != null -> page {
                    put(
                        troubleCard(trouble, getString(R.string.action_retry)) { presenter.refresh() },
                    )
                }
                state.isLoading -> loading()
                else -> null
            }
        instead.removeAllViews()
        view?.let { instead.addView(it, FrameLayout.LayoutParams(FILL, FILL)) }
        title.show(getString(name(state.view)), state.order?.row?.let { say(it.kindName) + " " + it.orderNumber })
        sheet.view.visibility = shownIf(view == null && state.view == CostView.SHEET)
        adding.visibility = shownIf(view == null && state.view == CostView.ADD)
        card.visibility = shownIf(view == null && state.view == CostView.CARD)
        instead.visibility = shownIf(view != null)
        if (view == null) drawFront(state)
        drawBars(state, view != null)
    }

    private fun drawFront(state: CostState) {
        when (state.view) {
            CostView.SHEET -> sheet.show(state)
            CostView.ADD -> drawAdding(state)
            CostView.CARD -> drawCard(state)
        }
    }

    private fun drawAdding(state: CostState) {
        val names = state.items.associate { it.lineKind to it.lineKindName }.toList()
        kinds.showChips(names, { say(it.second) }, { it.first == state.lineKind }) { presenter.filter(it.first) }
        search.show(state.wanted)
        list.show(state.offered.map { Stepped(it, state.quantities[it.code] ?: "0") })
    }

    private fun drawCard(state: CostState) {
        val shown = state.card ?: return
        if (card.tag == shown) return
        card.tag = shown
        card.removeAllViews()
        card.addView(operationCard(shown).pad(Size.EDGE), FrameLayout.LayoutParams(FILL, WRAP))
    }

    private fun drawBars(state: CostState, isHidden: Boolean) {
        val isSheet = state.view == CostView.SHEET
        val words = state.sheet?.let { say(it.totalWords) } ?: ""
        bar.text =
            when {
                !isSheet -> getString(R.string.cost_back)
                else -> getString(R.string.cost_submit, words)
            }
        bar.isEnabled = !state.isBusy
        later.visibility = shownIf(isSheet && state.isDraft)
        bars.visibility = shownIf(!isHidden && (!isSheet || (orderId != null && state.sheet != null)))
    }

    private fun onBar() {
        sheet.save()
        if (presenter.state.view == CostView.SHEET) presenter.submit() else presenter.open(CostView.SHEET)
    }

    private fun back() {
        if (presenter.state.view == CostView.SHEET) finish() else presenter.open(CostView.SHEET)
    }

    private fun name(view: CostView) =
        when (view) {
            CostView.SHEET -> R.string.cost_title
            CostView.ADD -> R.string.cost_add
            CostView.CARD -> R.string.order_card
        }

    private fun shownIf(isShown: Boolean) = if (isShown) View.VISIBLE else View.GONE

    private fun Bundle?.map(name: String): Map<String, String> {
        val inner = this?.getBundle(name) ?: return emptyMap()
        return inner.keySet().associateWith { inner.getString(it) ?: "" }
    }

    private fun bundle(all: Map<String, String>) =
        Bundle().apply {
            all.forEach { (name, value) -> putString(name, value) }
        }

    private companion object {
        const val VIEW = "view"
        const val WANTED = "wanted"
        const val LINE_KIND = "line_kind"
        const val QUOTE = "quote"
        const val FACTS = "facts"
    }
}
