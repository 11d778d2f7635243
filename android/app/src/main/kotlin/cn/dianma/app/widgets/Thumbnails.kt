// A strip of small pictures of an order's files: photos and signatures as the core draws them small, sound
// and film as signs. Said aloud one by one; tapped for what the screen wants.
package cn.dianma.app.widgets

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.BitmapFactory
import android.view.Gravity
import android.view.View
import android.widget.FrameLayout
import android.widget.HorizontalScrollView
import android.widget.ImageView
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.core.EvidenceView

/**
 * @param describe what a screen reader says of a file.
 * @param onOpen a file was tapped.
 */
@SuppressLint("ViewConstructor")
class Thumbnails(
    context: Context,
    private val door: CoreDoor,
    private val describe: (EvidenceView) -> String,
    private val onOpen: (EvidenceView) -> Unit,
) : HorizontalScrollView(context) {
    private val strip: LinearLayout = context.row()
    private var shown: List<String> = emptyList()

    init {
        isHorizontalScrollBarEnabled = false
        addView(strip)
    }

    /** Shows these files, newest last; nothing is drawn again that is there already. */
    fun show(files: List<EvidenceView>) {
        val names = files.map { it.sha256 + it.slot + it.isUploaded + it.faultCode }
        if (names == shown) return
        shown = names
        strip.removeAllViews()
        files.forEachIndexed { index, file -> strip.put(tile(file), gap = if (index == 0) 0 else Size.GAP) }
        visibility = if (files.isEmpty()) View.GONE else View.VISIBLE
    }

    private fun tile(file: EvidenceView): View {
        val side = context.dp(SIDE)
        val tile = FrameLayout(context)
        tile.background = context.touchable(context.surface())
        tile.contentDescription = describe(file)
        tile.minimumWidth = side
        tile.minimumHeight = side
        val inset = context.dp(INSET)
        tile.setPadding(inset, inset, inset, inset)
        val place = FrameLayout.LayoutParams(side - 2 * inset, side - 2 * inset, Gravity.CENTER)
        val isPicture = file.kind == "photo" || file.kind == "signature"
        tile.addView(if (isPicture) picture(file) else sign(file), place)
        tile.addView(mark(file), FrameLayout.LayoutParams(WRAP, WRAP, Gravity.BOTTOM or Gravity.END))
        tile.onTap { onOpen(file) }
        return tile
    }

    private fun picture(file: EvidenceView): View {
        val view = ImageView(context).apply { scaleType = ImageView.ScaleType.CENTER_CROP }
        door.ask({ core ->
            core.thumbnail(file.sha256)?.let { BitmapFactory.decodeByteArray(it, 0, it.size) }
        }) { answer ->
            if (answer is Answer.Good) view.setImageBitmap(answer.value)
        }
        return view
    }

    private fun sign(file: EvidenceView) =
        context.text(if (file.kind == "audio") "♪" else "▶", Type.LARGE, R.attr.accent).apply {
            gravity = Gravity.CENTER
            importantForAccessibility = IMPORTANT_FOR_ACCESSIBILITY_NO
        }

    /** Sent, waiting, or stopped: a mark of its own shape, not a colour alone. */
    private fun mark(file: EvidenceView): View {
        val (words, color) =
            when {
                file.faultCode != null -> "!" to R.attr.overdue
                file.isUploaded -> "✓" to R.attr.good
                else -> "↑" to R.attr.soon
            }
        return context.text(words, Type.STRONG, color).apply {
            pad(INSET, 0)
            background = context.surface(line = null, corner = INSET)
            importantForAccessibility = IMPORTANT_FOR_ACCESSIBILITY_NO
        }
    }

    private companion object {
        const val SIDE = 88
        const val INSET = 4
    }
}
