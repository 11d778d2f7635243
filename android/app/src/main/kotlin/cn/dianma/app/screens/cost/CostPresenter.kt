// The sheet of an order, or a quote for a kind of job: quantities by code, priced by the core after every
// change. For an order every quantity is a draft of the core until the sheet is submitted.
package cn.dianma.app.screens.cost

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Action
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.CoreInterface
import cn.dianma.core.CostQuantity
import cn.dianma.core.CostSheetView
import cn.dianma.core.NeverChargedView
import cn.dianma.core.OperationCardView
import cn.dianma.core.OrderView
import cn.dianma.core.PricedItemView
import cn.dianma.core.Words
import java.math.BigDecimal

/** What the cost screen shows in front. */
enum class CostView { SHEET, ADD, CARD }

/** What the cost screen draws. */
data class CostState(
    val order: OrderView? = null,
    val card: OperationCardView? = null,
    val items: List<PricedItemView> = emptyList(),
    val never: List<NeverChargedView> = emptyList(),
    /** Quantities as typed, by code, in the order they were added. */
    val quantities: Map<String, String> = emptyMap(),
    val sheet: CostSheetView? = null,
    /** What is wrong with a line, by code. */
    val problems: Map<String, Words> = emptyMap(),
    val view: CostView = CostView.SHEET,
    val lineKind: String = "",
    val wanted: String = "",
    val isLoading: Boolean = true,
    val isBusy: Boolean = false,
    val isDone: Boolean = false,
    val isDraft: Boolean = false,
    val trouble: Trouble? = null,
    val refused: Trouble? = null,
) {
    /** Items with a quantity. */
    val lines: List<PricedItemView>
        get() = quantities.filterValues { !isNothing(it) }.keys.mapNotNull { code ->
            items.firstOrNull { it.code == code }
        }

    /** Items of the list that fit the chosen kind of line and what is searched for. */
    val offered: List<PricedItemView>
        get() =
            items.filter { item ->
                val texts = listOf(item.name.zh, item.name.en, item.spec, item.code, item.group)
                (lineKind.isEmpty() || item.lineKind == lineKind) &&
                    (wanted.isBlank() || texts.any { it.contains(wanted.trim(), ignoreCase = true) })
            }
}

private fun isNothing(quantity: String) = quantity.toBigDecimalOrNull()?.signum() == 0

class CostPresenter(
    door: CoreDoor,
    private val orderId: String?,
    private val kind: String?,
    private var facts: Map<String, String> = emptyMap(),
    quoted: Map<String, String> = emptyMap(),
) : Presenter<CostState>(door, CostState(quantities = quoted)) {
    private class Page(
        val order: OrderView?,
        val card: OperationCardView,
        val items: List<PricedItemView>,
        val never: List<NeverChargedView>,
    )

    fun refresh() {
        ask(::read) { answer ->
            when (answer) {
                is Answer.Good -> shown(answer.value)
                is Answer.Bad -> state = state.copy(isLoading = false, isBusy = false, trouble = answer.trouble)
            }
        }
    }

    fun open(view: CostView) {
        state = state.copy(view = view, refused = null)
    }

    fun filter(lineKind: String) {
        state = state.copy(lineKind = if (state.lineKind == lineKind) "" else lineKind)
    }

    fun search(wanted: String) {
        state = state.copy(wanted = wanted)
    }

    fun forgetRefusal() {
        state = state.copy(refused = null)
    }

    /** One unit more or less, never below nothing. */
    fun step(code: String, by: Int) {
        val now = state.quantities[code]?.toBigDecimalOrNull() ?: BigDecimal.ZERO
        val next = now.add(BigDecimal(by)).max(BigDecimal.ZERO)
        set(code, if (next.signum() == 0) "0" else next.stripTrailingZeros().toPlainString())
    }

    /** A quantity as typed. */
    fun set(code: String, quantity: String) = change(mapOf(code to quantity.trim().ifEmpty { "0" }))

    /** Takes over what the card names and charges for; what is there already stays. */
    fun takeFromCard() {
        val named = state.card
            ?.materials
            .orEmpty()
            .filter { !it.isOptional && it.unitPrice != null }
        val fresh = named.filter { state.quantities[it.code].let { now -> now == null || isNothing(now) } }
        change(fresh.associate { it.code to it.quantity })
    }

    /** A fact about the job; chosen again, it is unknown. */
    fun fact(name: String, value: String) {
        if (orderId != null) {
            val now = state.order?.drafts?.get("fact.$name")
            ask({ it.keepDraft(orderId, "fact.$name", if (now == value) "" else value) }) { refresh() }
            return
        }
        facts = if (facts[name] == value) facts - name else facts + (name to value)
        refresh()
    }

    /** Hands the sheet in; it replaces an earlier one. */
    fun submit() {
        val order = orderId ?: return
        if (state.isBusy) return
        state = state.copy(isBusy = true, refused = null)
        val lines = quantities(state.quantities)
        ask({ it.setCost(order, lines) }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> state.copy(isBusy = false, isDone = true, isDraft = false)
                    is Answer.Bad -> state.copy(isBusy = false, refused = answer.trouble)
                }
        }
    }

    /** What stands on the quote, for a screen that is built again. */
    fun kept(): Pair<Map<String, String>, Map<String, String>> = state.quantities to facts

    private fun change(changed: Map<String, String>) {
        if (changed.isEmpty()) return
        val all = state.quantities + changed
        state = state.copy(quantities = all, isDraft = orderId != null)
        ask({ core ->
            orderId?.let { order ->
                changed.forEach { (code, quantity) -> core.keepDraft(order, "$DRAFT$code", quantity) }
            }
            core.price(quantities(all))
        }) { answer -> if (all == state.quantities) priced(answer) }
    }

    private fun priced(answer: Answer<CostSheetView>) {
        state =
            when (answer) {
                is Answer.Good -> state.copy(sheet = answer.value, problems = emptyMap())
                is Answer.Bad -> {
                    val problems = answer.trouble.fault.fields
                        .associate { it.field to it.sentence }
                    val isOurs = answer.trouble.action == Action.FIX_INPUT && problems.isNotEmpty()
                    state.copy(sheet = null, problems = problems, refused = if (isOurs) null else answer.trouble)
                }
            }
    }

    private fun read(core: CoreInterface): Page {
        if (orderId == null) {
            return Page(null, core.cardOfKind(kind ?: "", facts), core.priceList(), core.neverCharged())
        }
        val order = core.order(orderId)
        val chosen = order.drafts.filterKeys { it.startsWith(FACT) }.mapKeys { it.key.removePrefix(FACT) }
        return Page(order, core.cardOfOrder(orderId, chosen), core.priceList(), core.neverCharged())
    }

    private fun shown(page: Page) {
        val drafts = page.order
            ?.drafts
            .orEmpty()
            .filterKeys { it.startsWith(DRAFT) }
        val given = page.order
            ?.cost
            ?.lines
            .orEmpty()
            .associate { it.code to it.quantity }
        val stored = given + drafts.mapKeys { it.key.removePrefix(DRAFT) }
        val all = if (page.order == null) state.quantities else stored
        state =
            state.copy(
                order = page.order,
                card = page.card,
                items = page.items,
                never = page.never,
                quantities = all,
                isLoading = false,
                isDraft = drafts.isNotEmpty(),
                trouble = null,
            )
        ask({ it.price(quantities(all)) }) { answer -> if (all == state.quantities) priced(answer) }
    }

    private fun quantities(all: Map<String, String>) =
        all.filterValues { !isNothing(it) }.map { (code, quantity) -> CostQuantity(code, quantity) }

    private companion object {
        const val DRAFT = "cost."
        const val FACT = "fact."
    }
}
