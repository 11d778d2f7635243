// A recycled list with what scrolls away above it, what stands in it instead of rows (loading, empty, a
// fault), and what comes below.
package cn.dianma.app.widgets

import android.annotation.SuppressLint
import android.content.Context
import android.view.View
import android.widget.FrameLayout

@SuppressLint("ViewConstructor")
class ListFrame<T>(
    context: Context,
    makeRow: () -> RowView<T>,
    onNearEnd: () -> Unit = {},
    above: List<View> = emptyList(),
    below: View? = null,
) : FrameLayout(context) {
    private val list = RecycledList(context, makeRow, onNearEnd)
    private val instead = FrameLayout(context)

    init {
        above.forEach { list.addHeaderView(it, null, false) }
        list.addHeaderView(instead, null, false)
        below?.let { list.addFooterView(it, null, false) }
        addView(list, LayoutParams(FILL, FILL))
    }

    /** Shows the rows, or [view] instead of them. */
    fun show(items: List<T>, view: View?) {
        list.show(if (view == null) items else emptyList())
        instead.removeAllViews()
        view?.let { instead.addView(it, LayoutParams(FILL, WRAP)) }
    }
}
