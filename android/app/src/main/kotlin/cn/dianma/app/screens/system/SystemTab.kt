// The 系统 tab: profile, the ways to its screens, locking and signing out.
package cn.dianma.app.screens.system

import android.content.Context
import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.platform.OwnPackage
import cn.dianma.app.platform.dianma
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.home.Tab
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.card
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard
import cn.dianma.app.widgets.wayRow
import cn.dianma.bridge.Changes
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Watcher
import cn.dianma.core.SessionView
import cn.dianma.core.SyncStrip

class SystemTab(
    private val door: CoreDoor,
    private val changes: Changes,
) : Tab,
    Watcher {
    private lateinit var presenter: SystemPresenter
    private lateinit var body: LinearLayout
    private var drawn: SystemState? = null

    override val title = R.string.tab_system
    override val icon = R.drawable.tab_system

    override fun build(context: Context): View {
        presenter = SystemPresenter(door, OwnPackage(context).installed())
        return context.page {
            setBackgroundColor(context.color(R.attr.paper))
            body = put(context.column())
        }
    }

    override fun onShown() {
        changes.watch(this)
        presenter.attach(::draw)
        presenter.refresh()
    }

    override fun onHidden() {
        changes.leave(this)
        presenter.detach()
    }

    override fun onSyncChanged(strip: SyncStrip) = presenter.onStrip(strip)

    private fun draw(state: SystemState) {
        if (state.isClosed) {
            body.context.dianma.gatekeeper
                .check()
        }
        if (state == drawn) return
        drawn = state
        val context = body.context
        body.removeAllViews()
        state.session?.let { body.put(profile(context, it)) }
        if (state.leaving == Leaving.NO) {
            state.trouble?.let { body.put(context.troubleCard(it, null) {}, gap = Size.GAP) }
        }
        ways(context, state)
        leaving(context, state)
    }

    private fun profile(context: Context, session: SessionView) =
        context.card {
            put(context.text(session.displayName, Type.HEADING))
            put(context.text(session.stationName)).showOrHide(session.stationName)
            put(context.text(context.getString(R.string.system_login_name, session.loginName)), gap = Size.GAP / 2)
            put(context.text(context.getString(R.string.system_server, session.server)))
            put(context.text(context.say(session.lastContact), color = R.attr.inkQuiet), gap = Size.GAP / 2)
            put(context.text(context.say(session.lease), color = R.attr.inkQuiet))
            put(context.text(type = Type.STRONG, color = R.attr.overdue), gap = Size.GAP / 2)
                .showOrHide(context.say(session.clock))
            session.putAway?.let {
                put(context.text(context.say(it), Type.STRONG, R.attr.overdue), gap = Size.GAP)
            }
            session.restored?.let { restored ->
                put(context.text(context.say(restored), Type.STRONG, R.attr.overdue), gap = Size.GAP)
                val seen = context.getString(R.string.system_restored_seen)
                put(context.button(seen) { presenter.confirmRestored() }, gap = Size.GAP)
            }
            val now = if (session.isOnDuty) R.string.system_duty_on else R.string.system_duty_off
            val way = if (session.isOnDuty) R.string.system_go_off_duty else R.string.system_go_on_duty
            put(context.text(context.getString(now), Type.STRONG, R.attr.accent), gap = Size.GAP)
            put(context.button(context.getString(way)) { presenter.toggleDuty() }, gap = Size.GAP)
        }

    private fun ways(context: Context, state: SystemState) {
        val strip = state.strip?.let { context.say(it.words) }
        way(context, R.string.system_outbox, strip) { Routes.outbox(context) }
        way(context, R.string.system_room, context.getString(R.string.system_room_line)) {
            Routes.system(context, "RoomActivity")
        }
        way(context, R.string.system_network, context.getString(R.string.system_network_line)) {
            Routes.system(context, "NetworkActivity")
        }
        way(context, R.string.system_background, context.getString(R.string.system_background_line)) {
            Routes.backgroundHelp(context)
        }
        way(context, R.string.system_look, null) { Routes.system(context, "LookActivity") }
        way(context, R.string.system_password, null) { Routes.system(context, "PasswordActivity") }
        way(context, R.string.system_pin, null) { Routes.setPin(context) }
        way(context, R.string.update_title, state.update?.let { context.say(it.headline) }) {
            Routes.system(context, "UpdateActivity")
        }
        way(context, R.string.system_diagnosis, context.getString(R.string.system_diagnosis_line)) {
            Routes.system(context, "DiagnosisActivity")
        }
        way(context, R.string.system_about, null) { Routes.system(context, "AboutActivity") }
    }

    private fun way(
        context: Context,
        words: Int,
        line: CharSequence?,
        to: () -> android.content.Intent,
    ) = body.put(context.wayRow(context.getString(words), line) { context.startActivity(to()) }, gap = Size.GAP)

    private fun leaving(context: Context, state: SystemState) {
        if (state.leaving == Leaving.NO) {
            if (state.session?.hasPin == true) {
                val lock = context.button(context.getString(R.string.system_lock)) { presenter.lock() }
                body.put(lock, gap = Size.EDGE)
            }
            val out = context.button(context.getString(R.string.system_sign_out)) { presenter.leave() }
            body.put(out, gap = Size.GAP)
            return
        }
        body.put(context.card { asked(context, state) }, gap = Size.EDGE)
    }

    private fun LinearLayout.asked(context: Context, state: SystemState) {
        put(context.text(context.getString(R.string.system_sign_out_ask), Type.HEADING))
        put(context.text(context.getString(R.string.system_sign_out_hint)), gap = Size.GAP / 2)
        state.trouble?.let { put(context.troubleCard(it, null) {}, gap = Size.GAP) }
        if (state.leaving == Leaving.LAST) {
            val last = context.getString(R.string.system_sign_out_last)
            put(context.text(last, Type.STRONG, R.attr.overdue), gap = Size.GAP)
        }
        val isFirst = state.leaving == Leaving.ASKED
        val words = if (isFirst) R.string.system_sign_out else R.string.system_sign_out_anyway
        put(context.button(context.getString(R.string.system_cancel)) { presenter.stay() }, gap = Size.EDGE)
        put(context.button(context.getString(words)) { presenter.leave() }, gap = Size.GAP)
    }
}
