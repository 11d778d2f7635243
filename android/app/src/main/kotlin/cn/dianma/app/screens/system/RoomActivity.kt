// Storage: what takes how much, what is left, and what can go because the server has it.
package cn.dianma.app.screens.system

import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.platform.dianma
import cn.dianma.app.screens.Screen
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.card
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.loading
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard

class RoomActivity : Screen() {
    override val isPersonal = false

    private val presenter by lazy { RoomPresenter(door, dianma::freeBytes) }
    private lateinit var body: LinearLayout

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            put(TitleBar(context, getString(R.string.system_room)) { finish() })
            put(context.page { body = put(context.column()) }, height = 0, share = 1f)
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

    private fun draw(state: RoomState) {
        body.removeAllViews()
        state.trouble?.let { body.put(troubleCard(it, null) {}) }
        val room = state.room
        if (room == null) {
            body.put(loading())
            return
        }
        body.put(text(type = Type.STRONG, color = R.attr.overdue)).showOrHide(say(room.warning))
        val lines = card {
            room.lines.forEach { line ->
                val pair = context.row()
                pair.put(context.text(say(line.name)), width = 0, share = 1f)
                pair.put(context.text(line.size, Type.STRONG), gap = Size.GAP)
                put(pair, gap = Size.GAP)
            }
        }
        body.put(lines, gap = Size.GAP)
        body.put(text(say(room.freeable)), gap = Size.EDGE)
        state.outcome?.let { body.put(text("✓ ${say(it)}", Type.STRONG, R.attr.good), gap = Size.GAP) }
        if (room.freeableBytes > 0uL) {
            body.put(primaryBar(getString(R.string.system_free)) { presenter.free() }, gap = Size.GAP)
        }
    }
}
