// Ten large keys for a PIN, for gloves and one thumb. What is typed is shown as dots and kept nowhere else.
package cn.dianma.app.screens.entry

import android.annotation.SuppressLint
import android.content.Context
import android.view.Gravity
import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.dp
import cn.dianma.app.widgets.isLow
import cn.dianma.app.widgets.onTap
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.surface
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.touchable

@SuppressLint("ViewConstructor")
class PinPad(
    context: Context,
    private val onDone: (String) -> Unit,
) : LinearLayout(context) {
    private val typed = StringBuilder()
    private val dots = context.text(type = Type.LARGE)

    init {
        orientation = VERTICAL
        dots.gravity = Gravity.CENTER
        dots.minHeight = context.dp(Size.TOUCH)
        dots.accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
        put(dots)
        for (first in listOf(1, 4, 7)) {
            line((first..first + 2).map { digit -> key("$digit") { add('0' + digit) } })
        }
        line(
            listOf(
                key("⌫", context.getString(R.string.entry_pin_delete), R.attr.inkQuiet, ::delete),
                key("0") { add('0') },
                key("✓", context.getString(R.string.entry_pin_done), R.attr.accent, ::done),
            ),
        )
        show()
    }

    /** Starts anew. */
    fun clear() {
        typed.setLength(0)
        show()
    }

    private fun line(keys: List<View>) {
        val line = put(context.row(), gap = Size.GAP)
        keys.forEachIndexed { index, key ->
            line.put(key, width = 0, share = 1f, gap = if (index == 0) 0 else Size.GAP)
        }
    }

    private fun key(
        sign: String,
        says: String = sign,
        color: Int = R.attr.ink,
        action: () -> Unit,
    ): TextView =
        context.text(sign, Type.LARGE, color).apply {
            gravity = Gravity.CENTER
            minHeight = context.dp(if (context.isLow) Size.TOUCH else Size.PRIMARY)
            contentDescription = says
            background = context.touchable(context.surface())
            pad(Size.GAP, Size.GAP / 2)
            onTap(action)
        }

    private fun add(digit: Char) {
        if (typed.length < MOST) typed.append(digit)
        show()
    }

    private fun delete() {
        if (typed.isNotEmpty()) typed.setLength(typed.length - 1)
        show()
    }

    private fun done() {
        val pin = typed.toString()
        clear()
        onDone(pin)
    }

    private fun show() {
        dots.text = if (typed.isEmpty()) "–" else "●".repeat(typed.length)
        dots.setTextColor(context.color(if (typed.isEmpty()) R.attr.inkQuiet else R.attr.ink))
        dots.contentDescription = context.getString(R.string.entry_pin_typed, typed.length)
    }

    private companion object {
        /** Of this pad; what a PIN must be is the core's rule. */
        const val MOST = 12
    }
}
