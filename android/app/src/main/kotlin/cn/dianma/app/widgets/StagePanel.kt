// A picture with a panel under the thumb: below it, or beside it where the screen is broader than high. The
// panel scrolls rather than cover the whole picture.
package cn.dianma.app.widgets

import android.annotation.SuppressLint
import android.content.Context
import android.view.View
import android.widget.LinearLayout
import android.widget.ScrollView

@SuppressLint("ViewConstructor")
class StagePanel(
    context: Context,
    stage: View,
    panel: View,
) : LinearLayout(context) {
    init {
        val scroll = Capped(context).apply { addView(panel) }
        if (context.isWide) {
            orientation = HORIZONTAL
            put(stage, width = 0, height = FILL, share = 1f)
            put(scroll, width = 0, height = FILL, share = 1f)
        } else {
            orientation = VERTICAL
            put(stage, height = 0, share = 1f)
            put(scroll)
        }
    }

    private class Capped(
        context: Context,
    ) : ScrollView(context) {
        override fun onMeasure(width: Int, height: Int) {
            val isFree = MeasureSpec.getMode(height) == MeasureSpec.AT_MOST
            val most = (MeasureSpec.getSize(height) - context.dp(PEEP)).coerceAtLeast(0)
            super.onMeasure(width, if (isFree) MeasureSpec.makeMeasureSpec(most, MeasureSpec.AT_MOST) else height)
        }
    }

    private companion object {
        const val PEEP = 120
    }
}
