// The evidence check-list: what the kind of order asks for, what is there, of which class, and how far it
// has gone up. A tap on a line takes the next piece.
package cn.dianma.app.screens.orders

import android.content.Context
import android.graphics.BitmapFactory
import android.view.View
import android.widget.ImageView
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.dp
import cn.dianma.app.widgets.onTap
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.surface
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.touchable
import cn.dianma.core.DemandView
import cn.dianma.core.EvidenceView
import cn.dianma.core.OrderView

class EvidencePart(
    private val context: Context,
    private val onCapture: (slot: String, kind: String) -> Unit,
) : OrderPart {
    private val folding = FoldingCard(context, context.getString(R.string.order_evidence), false)
    override val view: View = folding.view
    private var shown: OrderView? = null
    private var wasWorking = false
    private val rows = HashMap<String, View>()
    private var pictures: Map<String, ByteArray> = emptyMap()

    override fun show(state: OrderState) {
        val order = state.order
        view.visibility = if (order == null) View.GONE else View.VISIBLE
        if (order == null) return
        val isWorking = order.row.isOpenForWork
        if (isWorking != wasWorking) folding.open(isWorking)
        wasWorking = isWorking
        val met = order.demands.count { it.isMet }
        folding.say(context.getString(R.string.order_evidence_count, met, order.demands.size))
        if (isSame(order, shown) && state.thumbnails.keys == pictures.keys) return
        pictures = state.thumbnails
        shown = order
        draw(order)
    }

    private fun isSame(order: OrderView, other: OrderView?) =
        other != null && order.demands == other.demands && order.evidence == other.evidence &&
            order.row.hasLeft == other.row.hasLeft

    /** The first line that is not met. */
    fun firstOpen(state: OrderState): View? {
        val demand = state.order?.demands?.firstOrNull { !it.isMet } ?: return null
        return viewOf(demand.slot)
    }

    /** The line of a requirement. */
    fun viewOf(slot: String): View? = rows[slot]?.also { folding.open(true) }

    private fun draw(order: OrderView) {
        val box = folding.body
        box.removeAllViews()
        rows.clear()
        val arrival = context.say(order.evidenceArrival)
        if (arrival.isNotEmpty()) box.put(context.text(arrival, color = R.attr.inkQuiet))
        for (demand in order.demands) {
            val files = order.evidence.filter { it.slot == demand.slot && it.kind == demand.kind }
            rows[demand.slot] = box.put(line(demand, files, !order.row.hasLeft), gap = Size.GAP)
        }
        val known = order.demands.map { it.slot to it.kind }
        val extra = order.evidence.filter { (it.slot to it.kind) !in known }
        if (extra.isNotEmpty()) {
            box.put(context.text(context.getString(R.string.order_evidence_extra), Type.STRONG), gap = Size.EDGE)
            extra.forEach { box.put(file(it), gap = Size.GAP / 2) }
        }
        if (!order.row.hasLeft) box.put(more(), gap = Size.EDGE)
    }

    private fun line(
        demand: DemandView,
        files: List<EvidenceView>,
        canTake: Boolean,
    ): LinearLayout =
        context.column {
            val surface = context.surface(line = context.color(if (demand.isMet) R.attr.good else R.attr.line))
            background = if (canTake) context.touchable(surface) else surface
            pad(Size.EDGE - 4, Size.GAP)
            minimumHeight = context.dp(Size.PRIMARY)
            put(
                context.row {
                    val mark = if (demand.isMet) "✓" else "○"
                    val color = if (demand.isMet) R.attr.good else R.attr.soon
                    put(context.text(mark, Type.HEADING, color))
                    put(context.text(context.say(demand.name), Type.STRONG), width = 0, share = 1f, gap = Size.GAP)
                    val count = context.getString(
                        R.string.order_evidence_count,
                        demand.count.toInt(),
                        demand.minCount.toInt(),
                    )
                    put(context.text(count, Type.STRONG, color), gap = Size.GAP)
                },
            )
            files.forEach { put(file(it), gap = Size.GAP / 2) }
            if (!canTake) return@column
            put(context.text(context.getString(takeWords(demand.kind)), Type.STRONG, R.attr.accent), gap = Size.GAP / 2)
            onTap { onCapture(demand.slot, demand.kind) }
        }

    private fun file(file: EvidenceView): View {
        val kind = context.getString(kindWords(file.kind))
        val words = listOf(kind, file.takenAt, context.say(file.className), context.say(file.uploadName))
        val isStopped = file.faultCode != null
        val text = context.text(words.joinToString(" · "), color = if (isStopped) R.attr.overdue else R.attr.inkQuiet)
        val bytes = pictures[file.sha256] ?: return text
        val picture = ImageView(context)
        picture.setImageBitmap(BitmapFactory.decodeByteArray(bytes, 0, bytes.size))
        picture.scaleType = ImageView.ScaleType.CENTER_CROP
        picture.contentDescription = kind
        return context.row {
            put(picture, width = context.dp(Size.PRIMARY), height = context.dp(Size.PRIMARY))
            put(text, width = 0, share = 1f, gap = Size.GAP)
        }
    }

    private fun more(): View =
        context.buttons(
            context.getString(R.string.order_extra_photo) to { onCapture(EXTRA, "photo") },
            context.getString(R.string.order_extra_audio) to { onCapture(EXTRA, "audio") },
            context.getString(R.string.order_extra_video) to { onCapture(EXTRA, "video") },
        )

    private fun takeWords(kind: String) =
        when (kind) {
            "audio" -> R.string.order_take_audio
            "video" -> R.string.order_take_video
            "signature" -> R.string.order_take_signature
            else -> R.string.order_take_photo
        }

    private fun kindWords(kind: String) =
        when (kind) {
            "audio" -> R.string.order_kind_audio
            "video" -> R.string.order_kind_video
            "signature" -> R.string.order_kind_signature
            else -> R.string.order_kind_photo
        }

    companion object {
        /** Slot of what no requirement asks for. */
        const val EXTRA = "extra"
    }
}
