// A list of any length on recycled rows: a row view is made once and bound again and again.
package cn.dianma.app.widgets

import android.annotation.SuppressLint
import android.content.Context
import android.view.View
import android.view.ViewGroup
import android.widget.AbsListView
import android.widget.BaseAdapter
import android.widget.ListView

/** A row that can show any item. */
interface RowView<T> {
    val view: View

    fun bind(item: T)
}

@SuppressLint("ViewConstructor")
class RecycledList<T>(
    context: Context,
    private val makeRow: () -> RowView<T>,
    private val onNearEnd: () -> Unit = {},
) : ListView(context) {
    private val rows = Rows()

    init {
        divider = null
        dividerHeight = context.dp(Size.GAP)
        clipToPadding = false
        isVerticalScrollBarEnabled = true
        pad(Size.EDGE, Size.GAP)
        selector = android.graphics.drawable.ColorDrawable(0)
        adapter = rows
        setOnScrollListener(NearEnd())
    }

    fun show(items: List<T>) {
        if (rows.items === items) return
        rows.items = items
        rows.notifyDataSetChanged()
    }

    private inner class NearEnd : OnScrollListener {
        override fun onScrollStateChanged(list: AbsListView, state: Int) = Unit

        override fun onScroll(
            list: AbsListView,
            first: Int,
            visible: Int,
            total: Int,
        ) {
            if (visible > 0 && first + visible >= total - ROWS_AHEAD) onNearEnd()
        }
    }

    private inner class Rows : BaseAdapter() {
        var items: List<T> = emptyList()

        override fun getCount() = items.size

        override fun getItem(position: Int): T = items[position]

        override fun getItemId(position: Int) = position.toLong()

        @Suppress("UNCHECKED_CAST")
        override fun getView(
            position: Int,
            old: View?,
            parent: ViewGroup,
        ): View {
            val row = old?.tag as? RowView<T> ?: makeRow().also { it.view.tag = it }
            row.bind(items[position])
            return row.view
        }
    }

    private companion object {
        const val ROWS_AHEAD = 5
    }
}
