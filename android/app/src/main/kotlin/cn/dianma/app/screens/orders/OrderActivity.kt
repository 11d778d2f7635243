// The order page: one next step under the thumb, everything about the job above it. Wires the parts to the
// presenter and to the screens they lead to.
package cn.dianma.app.screens.orders

import android.content.Intent
import android.os.Bundle
import android.view.View
import android.widget.FrameLayout
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.platform.dianma
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.Screen
import cn.dianma.app.widgets.FILL
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.SyncStripView
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.WRAP
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.loading
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.putFoot
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard
import cn.dianma.bridge.Action
import cn.dianma.bridge.Trouble
import cn.dianma.bridge.Watcher
import cn.dianma.core.FieldView
import cn.dianma.core.OrderView
import cn.dianma.core.SyncStrip

class OrderActivity :
    Screen(),
    Watcher,
    PageWays {
    private val orderId by lazy { intent.getStringExtra(Routes.EXTRA_ORDER) ?: "" }
    private val presenter by lazy { OrderPresenter(door, orderId) }
    private val picker by lazy { PickTime(this) }
    private val lead by lazy { Lead(this) }
    private val panels by lazy {
        mapOf(
            Panel.CARD to CardPanel(this),
            Panel.CLOSING to ClosingPanel(this, presenter, ::scanToFinish, ::sign) { panelStage.lookAt(it) },
            Panel.SUSPEND to SuspendPanel(this, presenter, ::pickAppointment),
            Panel.REASSIGN to ReassignPanel(this, presenter),
        )
    }
    private lateinit var title: TitleBar
    private lateinit var strip: SyncStripView
    private lateinit var page: OrderPage
    private lateinit var panelStage: ScrollView
    private lateinit var panelNotice: LinearLayout
    private lateinit var panelBox: FrameLayout
    private var lookedAt: Trouble? = null
    private lateinit var instead: FrameLayout
    private lateinit var bar: TextView

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        saved?.getString(PANEL)?.let { name -> Panel.values().firstOrNull { it.name == name } }?.let(presenter::open)
        saved?.getInt(SCROLL)?.let { y -> page.view.post { page.view.scrollTo(0, y) } }
    }

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            title = put(TitleBar(context, getString(R.string.order_title), ::back))
            strip = put(SyncStripView(context) { startActivity(Routes.outbox(context)) })
            page = OrderPage(context, presenter, this@OrderActivity)
            panelStage =
                context.page {
                    panelNotice = put(context.column())
                    panelBox = put(FrameLayout(context), gap = Size.GAP)
                }
            instead = FrameLayout(context)
            val stage = put(FrameLayout(context), height = 0, share = 1f)
            listOf(page.view, panelStage, instead).forEach { stage.addView(it, FrameLayout.LayoutParams(FILL, FILL)) }
            bar = primaryBar("") { onBar() }
            bar.accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
            putFoot(bar)
        }

    override fun onResume() {
        super.onResume()
        dianma.changes.watch(this)
        presenter.attach(::draw)
        presenter.refresh()
    }

    override fun onPause() {
        page.save()
        panels.values.forEach { it.save() }
        picker.close()
        dianma.changes.leave(this)
        presenter.detach()
        super.onPause()
    }

    override fun onSaveInstanceState(state: Bundle) {
        state.putString(PANEL, presenter.state.panel.name)
        state.putInt(SCROLL, page.view.scrollY)
        super.onSaveInstanceState(state)
    }

    override fun onActivityResult(
        request: Int,
        result: Int,
        data: Intent?,
    ) {
        super.onActivityResult(request, result, data)
        val text = data?.getStringExtra(Routes.EXTRA_TEXT) ?: return
        if (result != RESULT_OK) return
        when (request) {
            ARRIVE -> presenter.arrive(text, data.getBooleanExtra(Routes.EXTRA_IS_TYPED, false))
            FINISH -> presenter.finishWithScan(text)
        }
    }

    @Deprecated("The newer way needs API 33")
    override fun onBackPressed() = back()

    override fun onOrdersChanged() = presenter.refresh()

    override fun onSyncChanged(strip: SyncStrip) = presenter.onStrip(strip)

    private fun draw(state: OrderState) {
        val panel = panels[state.panel]?.takeIf { state.order != null && state.gone == null }
        val row = state.order?.row
        val name = if (panel ==
            null
        ) {
            row?.let { say(it.kindName) } ?: getString(R.string.order_title)
        } else {
            getString(panel.title)
        }
        title.show(name, row?.orderNumber)
        state.strip?.let(strip::show)
        val view = insteadOf(state)
        instead.removeAllViews()
        view?.let { instead.addView(it, FrameLayout.LayoutParams(FILL, FILL)) }
        instead.visibility = if (view == null) View.GONE else View.VISIBLE
        page.view.visibility = if (view == null && panel == null) View.VISIBLE else View.GONE
        panelStage.visibility = if (view == null && panel != null) View.VISIBLE else View.GONE
        if (view == null) page.show(state)
        if (view == null && panel != null) drawPanel(panel, state)
        drawBar(state, panel, view != null)
        lookAtRefusal(state)
    }

    private fun drawPanel(panel: PanelPart, state: OrderState) {
        panel.show(state)
        panelNotice.removeAllViews()
        state.refused?.let { trouble ->
            panelNotice.put(troubleCard(trouble, getString(R.string.order_understood)) { presenter.forgetRefusal() })
        }
        if (panelBox.getChildAt(0) === panel.view) return
        panelBox.removeAllViews()
        panelBox.addView(panel.view, FrameLayout.LayoutParams(FILL, WRAP))
        panelStage.scrollTo(0, 0)
    }

    /** A refusal stands at the top: whoever tapped the bar further down must see it. */
    private fun lookAtRefusal(state: OrderState) {
        val isNew = state.refused != null && state.refused != lookedAt
        lookedAt = state.refused
        if (isNew) listOf(page.view, panelStage).forEach { it.smoothScrollTo(0, 0) }
    }

    private fun drawBar(
        state: OrderState,
        panel: PanelPart?,
        isHidden: Boolean,
    ) {
        val words = if (panel != null) panel.bar(state) else nextWords(state)
        bar.text = words
        bar.isEnabled = !state.isBusy
        (bar.parent as View).visibility = if (isHidden || words.isEmpty()) View.GONE else View.VISIBLE
    }

    private fun nextWords(state: OrderState): String {
        val next = state.order?.row?.next ?: return ""
        val isReady = next.ask == "hazards" && state.isCleared
        return stepWords(say(next.name), if (isReady) "" else say(next.hint))
    }

    private fun insteadOf(state: OrderState): View? {
        val trouble = state.trouble
        return when {
            state.gone != null ->
                page {
                    put(departureCard(state.gone))
                    if (state.homeless.isNotEmpty()) {
                        put(
                            text(getString(R.string.order_homeless, state.homeless.joinToString("\n"))),
                            gap = Size.EDGE,
                        )
                    }
                    put(button(getString(R.string.order_back_to_list)) { finish() }, gap = Size.EDGE)
                }
            trouble != null -> page { put(troubleCard(trouble, getString(way(trouble))) { leave(trouble) }) }
            state.order == null -> loading()
            else -> null
        }
    }

    private fun way(trouble: Trouble) =
        when (trouble.action) {
            Action.SIGN_IN -> R.string.order_sign_in
            Action.UNLOCK -> R.string.order_unlock
            else -> R.string.action_retry
        }

    private fun leave(trouble: Trouble) =
        when (trouble.action) {
            Action.SIGN_IN -> startActivity(Routes.signIn(this))
            Action.UNLOCK -> startActivity(Routes.unlock(this))
            else -> presenter.refresh()
        }

    private fun onBar() {
        val state = presenter.state
        page.save()
        val panel = panels[state.panel]
        val next = state.order?.row?.next
        when {
            panel != null -> panel.give(state)
            next == null -> Unit
            next.ask == "scan" -> give("arrive")
            next.ask == "closing" -> presenter.open(Panel.CLOSING)
            next.ask == "record" || (next.ask == "hazards" && !state.isCleared) -> page.lookAtMissing(state)
            else -> presenter.next()
        }
    }

    private fun back() {
        panels.values.forEach { it.save() }
        if (presenter.state.panel == Panel.NONE) finish() else presenter.open(Panel.NONE)
    }

    override fun give(command: String) {
        when (command) {
            "arrive" -> startActivityForResult(Routes.scan(this, Routes.TO_ARRIVE, orderId), ARRIVE)
            "suspend" -> presenter.open(Panel.SUSPEND)
            "request_reassignment" -> presenter.open(Panel.REASSIGN)
        }
    }

    private fun scanToFinish() = startActivityForResult(Routes.scan(this, Routes.TO_FINISH, orderId), FINISH)

    private fun sign() = capture(EvidencePart.EXTRA, "signature")

    override fun capture(slot: String, kind: String) = startActivity(Routes.capture(this, orderId, slot, kind))

    override fun openCost() = startActivity(Routes.cost(this, orderId))

    override fun call(number: String) = lead.call(number)

    override fun openMap(order: OrderView) = lead.openMap(order)

    override fun copy(label: CharSequence, text: String) = lead.copy(label, text)

    override fun openCustomer(customer: String, accountNumber: String?) =
        startActivity(Routes.customer(this, customer, accountNumber))

    override fun openEvidence(sha256: String) = startActivity(Routes.evidence(this, orderId, sha256))

    override fun pickTime(field: FieldView) =
        presenter.clock(field.value.toLongOrNull()) { start ->
            picker.ask(start) { presenter.recordTime(field.name, it) }
        }

    private fun pickAppointment(atMs: Long?) =
        presenter.clock(atMs) { start -> picker.ask(start) { presenter.keepTime("suspend.at", it) } }

    private companion object {
        const val ARRIVE = 1
        const val FINISH = 2
        const val PANEL = "panel"
        const val SCROLL = "scroll"
    }
}
