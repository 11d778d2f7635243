// What goes out on which network, and choosing the one the phone is on.
package cn.dianma.app.screens.system

import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.screens.Screen
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.optionRow
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard

class NetworkActivity : Screen() {
    override val isPersonal = false

    private val presenter by lazy { NetworkPresenter(door) }
    private lateinit var body: LinearLayout

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            put(TitleBar(context, getString(R.string.system_network)) { finish() })
            put(
                context.page {
                    put(context.text(getString(R.string.system_network_hint)))
                    body = put(context.column(), gap = Size.GAP)
                },
                height = 0,
                share = 1f,
            )
        }

    override fun onResume() {
        super.onResume()
        presenter.attach(::draw)
        presenter.refresh()
    }

    override fun onPause() {
        presenter.detach()
        super.onPause()
    }

    private fun draw(state: NetworkState) {
        body.removeAllViews()
        state.trouble?.let { body.put(troubleCard(it, null) {}) }
        state.rules.forEach { rule ->
            val row = optionRow(say(rule.name), say(rule.rule), rule.isCurrent) { presenter.choose(rule.word) }
            body.put(row, gap = Size.GAP)
        }
        state.today?.let { body.put(text(say(it), color = R.attr.inkQuiet), gap = Size.EDGE) }
    }
}
