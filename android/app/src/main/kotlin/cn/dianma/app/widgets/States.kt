// What a screen shows instead of content: loading, empty, and a fault with its code, its sentence, its
// items and the one thing to do.
package cn.dianma.app.widgets

import android.content.Context
import android.view.Gravity
import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.bridge.Trouble

/** While something is read. */
fun Context.loading(): View =
    text(getString(R.string.loading), color = R.attr.inkQuiet).apply {
        gravity = Gravity.CENTER
        pad(Size.EDGE, Size.EDGE * 2)
    }

/** Nothing to show, and what that means. */
fun Context.empty(words: CharSequence, hint: CharSequence): View =
    column {
        gravity = Gravity.CENTER
        put(text(words, Type.HEADING).apply { gravity = Gravity.CENTER })
        put(text(hint, color = R.attr.inkQuiet).apply { gravity = Gravity.CENTER }, gap = Size.GAP)
    }.pad(Size.EDGE, Size.EDGE * 2)

/** A fault: sentence first, then the items, the code small but readable, one button. */
fun Context.troubleCard(
    trouble: Trouble,
    action: CharSequence?,
    onAction: () -> Unit,
): LinearLayout =
    card {
        background = surface(line = color(R.attr.overdue))
        accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
        put(text(say(trouble.fault.sentence), Type.STRONG, R.attr.overdue))
        trouble.fault.detail?.let { put(text(say(it)), gap = Size.GAP) }
        trouble.fault.fields.forEach { put(text("· " + say(it.sentence)), gap = Size.GAP / 2) }
        put(text(getString(R.string.code_label, trouble.code), color = R.attr.inkQuiet), gap = Size.GAP)
        action?.let { put(button(it, onAction), gap = Size.GAP) }
    }
