// The first screen: the tabs at the bottom and the one in front. Which tabs there are is one list.
package cn.dianma.app.screens.home

import android.os.Bundle
import android.view.Gravity
import android.view.View
import android.widget.FrameLayout
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.platform.dianma
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.Screen
import cn.dianma.app.screens.cost.CostTab
import cn.dianma.app.screens.lookup.LookupTab
import cn.dianma.app.screens.orders.OrdersTab
import cn.dianma.app.screens.system.SystemTab
import cn.dianma.app.widgets.FILL
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.dp
import cn.dianma.app.widgets.icon
import cn.dianma.app.widgets.isLow
import cn.dianma.app.widgets.onTap
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.surface
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.touchable

class HomeActivity : Screen() {
    private val tabs: List<Tab> by lazy {
        listOf(orders(), LookupTab(door), costs(), SystemTab(door, dianma.changes))
    }
    private val built = HashMap<Tab, View>()
    private lateinit var stage: FrameLayout
    private lateinit var bar: LinearLayout
    private var front = 0

    override fun onCreate(saved: Bundle?) {
        front = saved?.getInt(FRONT, 0)?.coerceIn(tabs.indices) ?: 0
        saved?.let { state -> tabs.forEach { it.goOn(state) } }
        super.onCreate(saved)
    }

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            stage = put(FrameLayout(context), height = 0, share = 1f)
            bar = put(context.row { setBackgroundColor(context.color(R.attr.card)) })
            show(front)
        }

    override fun onResume() {
        super.onResume()
        tabs[front].onShown()
        // After the list's own query: the list is drawn first.
        dianma.gatekeeper.check()
    }

    override fun onPause() {
        tabs[front].onHidden()
        super.onPause()
    }

    override fun onSaveInstanceState(state: Bundle) {
        state.putInt(FRONT, front)
        tabs.forEach { it.keep(state) }
        super.onSaveInstanceState(state)
    }

    private fun orders() = OrdersTab(door, dianma.changes) { startActivity(Routes.order(this, it.id)) }

    private fun costs() =
        CostTab(
            door,
            dianma.changes,
            { startActivity(Routes.cost(this, it.row.id)) },
            { startActivity(Routes.quote(this, it)) },
        )

    private fun choose(index: Int) {
        if (index == front) return
        tabs[front].onHidden()
        show(index)
        tabs[front].onShown()
    }

    private fun show(index: Int) {
        front = index
        val tab = tabs[index]
        stage.removeAllViews()
        stage.addView(built.getOrPut(tab) { tab.build(this) }, FrameLayout.LayoutParams(FILL, FILL))
        bar.removeAllViews()
        tabs.forEachIndexed { position, each ->
            if (position == (tabs.size + 1) / 2) bar.put(scanSign(), width = 0, share = 1f)
            bar.put(sign(position, each), width = 0, share = 1f)
        }
        if (tabs.size < 2) bar.put(scanSign(), width = 0, share = 1f)
    }

    private fun sign(position: Int, tab: Tab): View =
        column {
            val tint = if (position == front) R.attr.accent else R.attr.inkQuiet
            shape()
            background = touchable(surface(line = null, corner = 0))
            isSelected = position == front
            if (!isLow) put(icon(tab.icon, tint), width = dp(ICON), height = dp(ICON))
            put(text(getString(tab.title), Type.STRONG, tint).apply { gravity = Gravity.CENTER })
            contentDescription = getString(tab.title)
            onTap { choose(position) }
        }

    /** In the middle of every tab, under the thumb. */
    private fun scanSign(): View =
        column {
            shape()
            background = touchable(surface(color(R.attr.accent), null), color(R.attr.onAccent))
            if (!isLow) put(icon(R.drawable.scan, R.attr.onAccent), width = dp(ICON), height = dp(ICON))
            put(
                text(getString(R.string.scan_button), Type.STRONG, R.attr.onAccent).apply { gravity = Gravity.CENTER },
            )
            contentDescription = getString(R.string.scan_button)
            onTap { startActivity(Routes.scan(this@HomeActivity)) }
        }

    // On a low screen the words alone: the list needs the room.
    private fun LinearLayout.shape() {
        gravity = Gravity.CENTER
        minimumHeight = dp(if (isLow) Size.TOUCH else Size.PRIMARY)
        pad(Size.GAP / 2, if (isLow) 0 else Size.GAP / 2)
    }

    private companion object {
        const val FRONT = "front"
        const val ICON = 24
    }
}
