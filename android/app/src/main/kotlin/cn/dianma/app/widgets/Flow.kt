// Children side by side, going on in the next line when there is no room: chips and small buttons. Knows
// both reading directions.
package cn.dianma.app.widgets

import android.annotation.SuppressLint
import android.content.Context
import android.view.View
import android.view.ViewGroup
import kotlin.math.max

@SuppressLint("ViewConstructor")
class Flow(
    context: Context,
) : ViewGroup(context) {
    private val gap = context.dp(Size.GAP)

    override fun onMeasure(widthSpec: Int, heightSpec: Int) {
        val width = MeasureSpec.getSize(widthSpec)
        val inner = MeasureSpec.makeMeasureSpec(width, MeasureSpec.AT_MOST)
        val free = MeasureSpec.makeMeasureSpec(0, MeasureSpec.UNSPECIFIED)
        val shown = shown()
        shown.forEach { it.measure(inner, free) }
        val height = place(shown, width) { _, _, _ -> }
        setMeasuredDimension(width, height)
    }

    override fun onLayout(
        changed: Boolean,
        left: Int,
        top: Int,
        right: Int,
        bottom: Int,
    ) {
        val width = right - left
        val isMirrored = layoutDirection == View.LAYOUT_DIRECTION_RTL
        place(shown(), width) { child, x, y ->
            val start = if (isMirrored) width - x - child.measuredWidth else x
            child.layout(start, y, start + child.measuredWidth, y + child.measuredHeight)
        }
    }

    private fun shown() = (0 until childCount).map(::getChildAt).filter { it.visibility != View.GONE }

    /** Walks the lines; returns the height of all of them. */
    private fun place(
        children: List<View>,
        width: Int,
        put: (View, Int, Int) -> Unit,
    ): Int {
        var x = 0
        var y = 0
        var line = 0
        for (child in children) {
            if (x > 0 && x + child.measuredWidth > width) {
                x = 0
                y += line + gap
                line = 0
            }
            put(child, x, y)
            x += child.measuredWidth + gap
            line = max(line, child.measuredHeight)
        }
        return y + line
    }
}

/** Chips of which one is chosen. */
fun <T> Flow.showChips(
    items: List<T>,
    words: (T) -> CharSequence,
    isOn: (T) -> Boolean,
    onTap: (T) -> Unit,
) {
    removeAllViews()
    items.forEach { item -> addView(context.chip(words(item), isOn(item)) { onTap(item) }) }
}
