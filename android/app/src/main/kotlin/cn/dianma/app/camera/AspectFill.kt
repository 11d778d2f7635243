// Fills its place with a child of a given shape, cropped at the edges, never stretched.
package cn.dianma.app.camera

import android.annotation.SuppressLint
import android.content.Context
import android.view.View
import android.widget.FrameLayout
import cn.dianma.app.widgets.FILL

@SuppressLint("ViewConstructor")
class AspectFill(
    context: Context,
    private val child: View,
) : FrameLayout(context) {
    /** Width over height of what is shown; 0 = as large as the place. */
    var aspect = 0f
        set(value) {
            if (field == value) return
            field = value
            requestLayout()
        }

    init {
        clipChildren = true
        addView(child, LayoutParams(FILL, FILL))
    }

    override fun onLayout(
        changed: Boolean,
        left: Int,
        top: Int,
        right: Int,
        bottom: Int,
    ) {
        val (width, height) = right - left to bottom - top
        if (aspect <= 0f || width == 0 || height == 0) return child.layout(0, 0, width, height)
        val isTooNarrow = width.toFloat() / height > aspect
        val (across, along) =
            if (isTooNarrow) width to (width / aspect).toInt() else (height * aspect).toInt() to height
        val (x, y) = (width - across) / 2 to (height - along) / 2
        child.measure(
            MeasureSpec.makeMeasureSpec(across, MeasureSpec.EXACTLY),
            MeasureSpec.makeMeasureSpec(along, MeasureSpec.EXACTLY),
        )
        child.layout(x, y, x + across, y + along)
    }
}
