// How far something has come: a heavy bar that a screen reader can say.
package cn.dianma.app.widgets

import android.content.Context
import android.content.res.ColorStateList
import android.widget.ProgressBar
import cn.dianma.app.R

/** @param percent 0 to 100. */
fun Context.progress(percent: Int, says: CharSequence): ProgressBar =
    ProgressBar(this, null, android.R.attr.progressBarStyleHorizontal).apply {
        max = 100
        progress = percent
        progressTintList = ColorStateList.valueOf(color(R.attr.accent))
        progressBackgroundTintList = ColorStateList.valueOf(color(R.attr.line))
        minimumHeight = dp(Size.EDGE)
        contentDescription = says
    }
