// One order: reads it, gives its commands, keeps what is typed as drafts of the core, and notices that it
// has left the phone. Nothing is held here that would be lost with the process.
package cn.dianma.app.screens.orders

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Action
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.ChoiceView
import cn.dianma.core.ClockView
import cn.dianma.core.CoreInterface
import cn.dianma.core.DepartureView
import cn.dianma.core.OperationCardView
import cn.dianma.core.OrderView
import cn.dianma.core.SyncStrip
import cn.dianma.core.TimeChoiceView
import cn.dianma.core.Words

/** What stands in front of the page. */
enum class Panel { NONE, CARD, CLOSING, SUSPEND, REASSIGN }

/** What the order screen draws. */
data class OrderState(
    val order: OrderView? = null,
    val card: OperationCardView? = null,
    val opinions: List<ChoiceView> = emptyList(),
    val appointments: List<TimeChoiceView> = emptyList(),
    val recent: List<TimeChoiceView> = emptyList(),
    /** The new appointment as drafted; empty when there is none. */
    val suspendWords: Words? = null,
    /** Small pictures of what was taken, by the file's hash. */
    val thumbnails: Map<String, ByteArray> = emptyMap(),
    val strip: SyncStrip? = null,
    val isLoading: Boolean = true,
    val isBusy: Boolean = false,
    val panel: Panel = Panel.NONE,
    /** The order is no longer on this phone: what became of it. */
    val gone: DepartureView? = null,
    /** Words that were typed when it left, so that nobody types them again. */
    val homeless: List<String> = emptyList(),
    /** The page cannot be shown. */
    val trouble: Trouble? = null,
    /** The last action was refused. */
    val refused: Trouble? = null,
) {
    fun draft(name: String): String = order?.drafts?.get(name) ?: ""

    /** Numbers of the hazards ticked on the card shown. */
    val ticked: Set<UShort>
        get() {
            val start = "hazard.${card?.id}."
            val names = order?.drafts?.keys.orEmpty()
            return names.filter { it.startsWith(start) }.mapNotNull { it.removePrefix(start).toUShortOrNull() }.toSet()
        }

    /** Every hazard of the card is ticked. */
    val isCleared: Boolean get() = card?.hazards.orEmpty().all { it.number in ticked }
}

class OrderPresenter(
    door: CoreDoor,
    private val id: String,
) : Presenter<OrderState>(door, OrderState()) {
    /** Made once a picture; used on the worker thread only. */
    private val small = HashMap<String, ByteArray>()
    private val asked = HashSet<String>()

    /** Everything the screen needs, read in one go on the worker. */
    private class Page(
        val order: OrderView,
        val card: OperationCardView?,
        val thumbnails: Map<String, ByteArray>,
        core: CoreInterface,
    ) {
        val opinions = core.satisfactions()
        val appointments = core.appointmentChoices()
        val recent = core.recentTimes()
        val suspendWords = order.drafts["suspend.at"]?.toLongOrNull()?.let(core::timeWords)
        val strip = core.strip()
    }

    fun refresh() {
        ask(::read) { answer -> show(answer) }
    }

    fun onStrip(strip: SyncStrip) {
        state = state.copy(strip = strip)
    }

    fun open(panel: Panel) {
        state = state.copy(panel = panel, refused = null)
    }

    fun forgetRefusal() {
        state = state.copy(refused = null)
    }

    /** Gives the next step when it asks for nothing, or for what is there already. */
    fun next() {
        when (
            state.order
                ?.row
                ?.next
                ?.command
        ) {
            "accept" -> act { it.accept(id) }
            "depart" -> act { it.depart(id) }
            "begin" -> begin()
            "submit" -> act { it.submit(id) }
            "redo" -> act { it.redo(id) }
            "resume" -> act { it.resume(id) }
            else -> Unit
        }
    }

    /** The first signature: what was scanned, or a typed number. */
    fun arrive(text: String, isTyped: Boolean) = act { it.arrive(id, text, isTyped) }

    private fun begin() {
        val card = state.card ?: return
        val ticked = state.ticked.toList()
        act { it.begin(id, card.id, ticked) }
    }

    fun tick(number: UShort, isOn: Boolean) {
        val card = state.card ?: return
        keep("hazard.${card.id}.$number", if (isOn) "1" else "")
    }

    /** A fact about the job; chosen again, it is unknown. */
    fun fact(name: String, value: String) = keep("fact.$name", if (state.draft("fact.$name") == value) "" else value)

    /** Autosave of a draft: a choice, or words as they are typed. */
    fun keep(
        name: String,
        words: String,
        isTyped: Boolean = false,
    ) {
        ask({ core ->
            core.keepDraft(id, name, words)
            read(core)
        }) { answer -> show(answer, words.takeIf { isTyped }) }
    }

    /** Autosave of one field of the record. */
    fun record(name: String, value: String) {
        ask({ core ->
            core.recordField(id, name, value)
            read(core)
        }) { answer -> show(answer, value) }
    }

    /** A moment from the two pickers: the core knows which one that is. */
    fun recordTime(name: String, clock: ClockView) {
        ask({ core ->
            core.recordField(id, name, "${core.momentOf(clock)}")
            read(core)
        }) { answer -> show(answer) }
    }

    fun keepTime(name: String, clock: ClockView) {
        ask({ core ->
            core.keepDraft(id, name, "${core.momentOf(clock)}")
            read(core)
        }) { answer -> show(answer) }
    }

    /** The clock to start the pickers with. */
    fun clock(atMs: Long?, done: (ClockView) -> Unit) {
        ask({ it.clockOf(atMs) }) { answer -> if (answer is Answer.Good) done(answer.value) }
    }

    /** Takes a piece of evidence back; the core keeps the trace. */
    fun withdraw(sha256: String) = act { it.withdrawEvidence(id, sha256) }

    fun note(words: String) = act { it.note(id, words) }

    /** The second signature by the customer's code, or by nobody where no customer is known. */
    fun finishWithScan(text: String?) =
        close { core, drafts ->
            core.finish(id, text, null, drafts["closing.satisfaction"] ?: "", drafts["closing.remark"])
        }

    fun finishWithSignature() =
        close { core, drafts ->
            val signature = core.order(id).closing.signatureSha256
            core.finish(
                id,
                null,
                signature.ifEmpty { null },
                drafts["closing.satisfaction"] ?: "",
                drafts["closing.remark"],
            )
        }

    fun finishWithDigits() =
        close { core, drafts ->
            core.finishWithCode(
                id,
                drafts["closing.digits"] ?: "",
                true,
                drafts["closing.satisfaction"] ?: "",
                drafts["closing.remark"],
            )
        }

    private fun close(work: (CoreInterface, Map<String, String>) -> Unit) =
        act(Panel.NONE) { core -> work(core, core.order(id).drafts) }

    fun suspendWork() =
        act(Panel.NONE) { core ->
            val drafts = core.order(id).drafts
            core.suspend(id, drafts["suspend.reason"] ?: "", drafts["suspend.at"]?.toLongOrNull() ?: 0L)
        }

    fun requestReassignment() =
        act(Panel.NONE) { core ->
            core.requestReassignment(id, core.order(id).drafts["reassign.reason"] ?: "")
        }

    fun handleRefusal(n: ULong, choice: String) = act { it.handleRefusal(n, choice, null) }

    /** One action at a time; a second tap while one is under way does nothing. */
    private fun act(panelAfter: Panel? = null, work: (CoreInterface) -> Any) {
        if (state.isBusy) return
        state = state.copy(isBusy = true, refused = null)
        ask({ core ->
            work(core)
            read(core)
        }) { answer ->
            when (answer) {
                is Answer.Good -> show(answer, panel = panelAfter)
                is Answer.Bad -> {
                    state = state.copy(isBusy = false, refused = answer.trouble)
                    if (answer.trouble.action in STALE) refresh()
                }
            }
        }
    }

    private fun read(core: CoreInterface): Page {
        val order = core.order(id)
        val facts = order.drafts.filterKeys { it.startsWith(FACT) }.mapKeys { it.key.removePrefix(FACT) }
        order.evidence.forEach { file ->
            if (asked.add(file.sha256)) core.thumbnail(file.sha256)?.let { small[file.sha256] = it }
        }
        return Page(order, core.cardOfOrder(id, facts), small.toMap(), core)
    }

    private fun show(
        answer: Answer<Page>,
        typed: String? = null,
        panel: Panel? = null,
    ) {
        when (answer) {
            is Answer.Good -> state = state.with(answer.value, panel ?: state.panel)
            is Answer.Bad -> miss(answer.trouble, typed)
        }
    }

    private fun OrderState.with(page: Page, panel: Panel) =
        copy(
            order = page.order,
            card = page.card,
            opinions = page.opinions,
            appointments = page.appointments,
            recent = page.recent,
            suspendWords = page.suspendWords,
            thumbnails = page.thumbnails,
            strip = page.strip,
            isLoading = false,
            isBusy = false,
            panel = if (page.order.departure == null) panel else Panel.NONE,
            gone = null,
            trouble = null,
        )

    /** Not readable: gone from the phone, or a fault. What was typed meanwhile is shown, not dropped. */
    private fun miss(trouble: Trouble, typed: String?) {
        state = state.copy(isLoading = false, isBusy = false)
        if (trouble.action == Action.NOT_FOUND) {
            state = state.copy(homeless = state.homeless + listOfNotNull(typed?.takeIf { it.isNotBlank() }))
        } else {
            state = if (typed == null) state.copy(trouble = trouble) else state.copy(refused = trouble)
            return
        }
        ask({ it.departure(id) }) { answer ->
            val gone = (answer as? Answer.Good)?.value
            state = state.copy(gone = gone, panel = Panel.NONE, trouble = if (gone == null) trouble else null)
        }
    }

    private companion object {
        const val FACT = "fact."
        val STALE = setOf(Action.NOT_NOW, Action.NOT_FOUND)
    }
}
