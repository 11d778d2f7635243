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

/** Where the list leads. */
interface EvidenceWays {
    fun onCapture(slot: String, kind: String)

    /** Shows a piece large. */
    fun onOpen(sha256: String)

    /** Takes a piece back. */
    fun onWithdraw(sha256: String)
}

class EvidencePart(
    private val context: Context,
    private val ways: EvidenceWays,
) : OrderPart {
    /** The piece whose taking back was asked for once. */
    private var asked: String? = null
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
        val others = order.evidence.filter { (it.slot to it.kind) !in known }
        group(R.string.order_evidence_extra, others.filterNot { it.isWithdrawn })
        group(R.string.order_evidence_withdrawn, others.filter { it.isWithdrawn })
        if (!order.row.hasLeft) box.put(more(), gap = Size.EDGE)
    }

    private fun group(title: Int, files: List<EvidenceView>) {
        if (files.isEmpty()) return
        folding.body.put(context.text(context.getString(title), Type.STRONG), gap = Size.EDGE)
        files.forEach { folding.body.put(piece(it), gap = Size.GAP) }
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
            files.forEach { put(piece(it), gap = Size.GAP) }
            if (!canTake) return@column
            put(context.text(context.getString(takeWords(demand.kind)), Type.STRONG, R.attr.accent), gap = Size.GAP / 2)
            onTap { ways.onCapture(demand.slot, demand.kind) }
        }

    /** One piece: its picture opens it large, below what it is, and the way to take it back. */
    private fun piece(file: EvidenceView): View {
        val kind = context.getString(kindWords(file.kind))
        val isStopped = file.faultCode != null
        val words =
            context.column {
                put(context.text("$kind · ${file.takenAt} · ${file.sizeWords}", Type.STRONG))
                put(context.text(context.say(file.className), color = R.attr.inkQuiet))
                val color = if (isStopped) {
                    R.attr.overdue
                } else if (file.isUploaded) {
                    R.attr.good
                } else {
                    R.attr.soon
                }
                put(context.text(context.say(file.uploadName), color = color))
            }
        return context.column {
            put(
                context.row {
                    put(picture(file, kind), width = context.dp(Size.PRIMARY), height = context.dp(Size.PRIMARY))
                    put(words, width = 0, share = 1f, gap = Size.GAP)
                },
            )
            if (file.mayWithdraw) put(withdrawal(file), gap = Size.GAP / 2)
        }
    }

    private fun picture(file: EvidenceView, kind: String): View {
        val bytes = pictures[file.sha256]
        val view: View =
            if (bytes == null) {
                context.text(if (file.kind == "audio") "♪" else "▶", Type.LARGE, R.attr.accent).apply {
                    gravity = android.view.Gravity.CENTER
                    background = context.touchable(context.surface())
                }
            } else {
                ImageView(context).apply {
                    setImageBitmap(BitmapFactory.decodeByteArray(bytes, 0, bytes.size))
                    scaleType = ImageView.ScaleType.CENTER_CROP
                }
            }
        view.contentDescription = context.getString(R.string.order_evidence_open, kind, file.takenAt)
        view.onTap { ways.onOpen(file.sha256) }
        return view
    }

    /** Asked twice: the second tap takes it back. */
    private fun withdrawal(file: EvidenceView): View {
        if (asked != file.sha256) {
            // Small beside the way to take the next one: it is rarely wanted.
            return context.buttons(context.getString(R.string.order_evidence_withdraw) to { ask(file.sha256) })
        }
        return context.column {
            put(context.text(context.getString(R.string.order_evidence_withdraw_hint), color = R.attr.soon))
            put(
                context.buttons(
                    context.getString(R.string.order_evidence_withdraw_sure) to {
                        asked = null
                        ways.onWithdraw(file.sha256)
                    },
                    context.getString(R.string.system_cancel) to { ask(null) },
                ),
                gap = Size.GAP / 2,
            )
        }
    }

    private fun ask(sha256: String?) {
        asked = sha256
        shown?.let(::draw)
    }

    private fun more(): View =
        context.buttons(
            context.getString(R.string.order_extra_photo) to { ways.onCapture(EXTRA, "photo") },
            context.getString(R.string.order_extra_audio) to { ways.onCapture(EXTRA, "audio") },
            context.getString(R.string.order_extra_video) to { ways.onCapture(EXTRA, "video") },
        )

    private fun takeWords(kind: String) =
        when (kind) {
            "audio" -> R.string.order_take_audio
            "video" -> R.string.order_take_video
            "signature" -> R.string.order_take_signature
            else -> R.string.order_take_photo
        }

    companion object {
        /** Slot of what no requirement asks for. */
        const val EXTRA = "extra"
    }
}

/** What a kind of file is called. */
fun kindWords(kind: String) =
    when (kind) {
        "audio" -> R.string.order_kind_audio
        "video" -> R.string.order_kind_video
        "signature" -> R.string.order_kind_signature
        else -> R.string.order_kind_photo
    }
