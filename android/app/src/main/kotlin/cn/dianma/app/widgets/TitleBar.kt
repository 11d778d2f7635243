// The head of a screen that was led to: back, what it is, and a line under it.
package cn.dianma.app.widgets

import android.annotation.SuppressLint
import android.content.Context
import android.widget.LinearLayout
import android.widget.TextView
import cn.dianma.app.R

@SuppressLint("ViewConstructor")
class TitleBar(
    context: Context,
    words: CharSequence,
    onBack: () -> Unit,
) : LinearLayout(context) {
    private val title = context.heading(words)
    private val under = context.text(color = R.attr.inkQuiet)

    init {
        orientation = HORIZONTAL
        gravity = android.view.Gravity.CENTER_VERTICAL
        setBackgroundColor(context.color(R.attr.card))
        val back = put(context.text("‹", Type.LARGE, R.attr.accent))
        back.gravity = android.view.Gravity.CENTER
        val side = context.dp(if (context.isLow) Size.TOUCH else BAR)
        back.minWidth = side
        back.minHeight = side
        back.contentDescription = context.getString(R.string.action_back)
        back.onTap(onBack)
        put(
            context.column {
                put(title)
                put(under)
            },
            width = 0,
            share = 1f,
        ).pad(Size.GAP, if (context.isLow) 0 else Size.GAP)
        show(words)
    }

    /** Says what the screen is about now. */
    fun show(words: CharSequence, line: CharSequence? = null) {
        title.text = words
        under.showOrHide(line)
    }

    /** Puts a tappable sign at the end. */
    fun putEnd(view: TextView) = put(view, gap = Size.GAP)

    private companion object {
        const val BAR = 56
    }
}
