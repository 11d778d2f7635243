// The strip about unsent work: one sentence that tells the truth, tapped for the outbox.
package cn.dianma.app.widgets

import android.annotation.SuppressLint
import android.content.Context
import android.view.Gravity
import android.view.View
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.core.SyncStrip

@SuppressLint("ViewConstructor")
class SyncStripView(
    context: Context,
    onTap: () -> Unit,
) : TextView(context) {
    init {
        textSize = Type.STRONG.sp
        gravity = Gravity.CENTER_VERTICAL
        minHeight = context.dp(Size.TOUCH)
        pad(Size.EDGE, Size.GAP)
        background = context.touchable(context.surface(corner = 0))
        accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
        visibility = View.GONE
        onTap(onTap)
    }

    fun show(strip: SyncStrip) {
        val (mark, color) =
            when (strip.level) {
                "attention" -> "!" to R.attr.overdue
                "waiting" -> "↑" to R.attr.soon
                else -> "✓" to R.attr.good
            }
        text = "$mark ${context.say(strip.words)}"
        setTextColor(context.color(color))
        visibility = View.VISIBLE
    }
}
