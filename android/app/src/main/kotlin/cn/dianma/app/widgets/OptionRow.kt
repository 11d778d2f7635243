// One line of a list of choices or of ways on: what it is, a line under it, a mark when it is the one.
package cn.dianma.app.widgets

import android.content.Context
import android.view.View
import cn.dianma.app.R

/** A choice out of several; the mark says which one is on. */
fun Context.optionRow(
    words: CharSequence,
    line: CharSequence?,
    isOn: Boolean,
    onTap: () -> Unit,
): View =
    row {
        background = touchable(surface(line = color(if (isOn) R.attr.accent else R.attr.line)))
        pad(Size.EDGE, Size.GAP)
        minimumHeight = dp(Size.PRIMARY)
        put(text(if (isOn) "◉" else "○", Type.HEADING, R.attr.accent))
        put(lines(words, line), width = 0, share = 1f, gap = Size.EDGE - 4)
        isSelected = isOn
        onTap(onTap)
    }

/** A way to another screen. */
fun Context.wayRow(
    words: CharSequence,
    line: CharSequence?,
    onTap: () -> Unit,
): View =
    row {
        background = touchable(surface())
        pad(Size.EDGE, Size.GAP)
        minimumHeight = dp(Size.PRIMARY)
        put(lines(words, line), width = 0, share = 1f)
        put(text("›", Type.LARGE, R.attr.accent), gap = Size.GAP)
        onTap(onTap)
    }

private fun Context.lines(words: CharSequence, line: CharSequence?): View =
    column {
        put(text(words, Type.STRONG))
        if (!line.isNullOrEmpty()) put(text(line, color = R.attr.inkQuiet))
    }
