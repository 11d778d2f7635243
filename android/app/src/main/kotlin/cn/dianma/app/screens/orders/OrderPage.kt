// The sections of an order in reading order, on one scrolling page.
package cn.dianma.app.screens.orders

import android.content.Context
import android.graphics.Rect
import android.view.View
import android.widget.LinearLayout
import android.widget.ScrollView
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.put
import cn.dianma.core.FieldView

/** What the page leads to. */
interface PageWays : Ways {
    fun openCost()

    fun capture(slot: String, kind: String)

    fun openEvidence(sha256: String)

    fun pickTime(field: FieldView)

    fun give(command: String)
}

class OrderPage(
    context: Context,
    presenter: OrderPresenter,
    ways: PageWays,
) {
    private val hazards = HazardPart(context, presenter) { presenter.open(Panel.CARD) }
    private val record = RecordPart(context, presenter, ways::pickTime)
    private val evidence =
        EvidencePart(
            context,
            object : EvidenceWays {
                override fun onCapture(slot: String, kind: String) = ways.capture(slot, kind)

                override fun onOpen(sha256: String) = ways.openEvidence(sha256)

                override fun onWithdraw(sha256: String) = presenter.withdraw(sha256)
            },
        )
    private val notes = NotesPart(context, presenter)
    private val notice = NoticePart(context, presenter)
    private val head = HeadPart(context)
    private val customer = CustomerPart(context, ways)
    private val missing = MissingPart(context, ::lookAt)
    private val lower =
        listOf(
            CostPart(context, ways::openCost),
            notes,
            OtherPart(context, ways::give),
            TimeLinePart(context),
        )

    /** On the way the customer counts, on site the work. */
    private val onTheWay = listOf(notice, head, customer, hazards, missing, record, evidence) + lower
    private val onSite = listOf(notice, head, hazards, missing, record, evidence, customer) + lower
    private var parts: List<OrderPart> = emptyList()
    private lateinit var column: LinearLayout
    val view: ScrollView =
        context.page {
            column = this
            isFocusableInTouchMode = true
        }

    fun show(state: OrderState) {
        val row = state.order?.row
        arrange(if (row?.state == "arrived" || row?.isOpenForWork == true) onSite else onTheWay)
        parts.forEach { it.show(state) }
    }

    private fun arrange(wanted: List<OrderPart>) {
        if (wanted === parts) return
        parts = wanted
        column.removeAllViews()
        parts.forEach { column.put(it.view, gap = Size.GAP) }
    }

    /** Saves what is still being typed. */
    fun save() {
        record.save()
        notes.save()
    }

    private fun lookAt(name: String) {
        (record.viewOf(name) ?: evidence.viewOf(name))?.let { view.lookAt(it) }
    }

    /** Brings what is missing for the next step into view. */
    fun lookAtMissing(state: OrderState) {
        val missing =
            if (state.order
                    ?.row
                    ?.next
                    ?.ask == "hazards"
            ) {
                hazards.firstOpen(state)
            } else {
                record.firstProblem(state) ?: evidence.firstOpen(state)
            }
        missing?.let { view.lookAt(it) }
    }
}

/** Scrolls so that a view below stands near the top. */
fun ScrollView.lookAt(target: View) {
    post {
        val place = Rect(0, 0, target.width, target.height)
        offsetDescendantRectToMyCoords(target, place)
        smoothScrollTo(0, place.top - Math.round(Size.EDGE * resources.displayMetrics.density))
        target.sendAccessibilityEvent(android.view.accessibility.AccessibilityEvent.TYPE_VIEW_FOCUSED)
    }
}
