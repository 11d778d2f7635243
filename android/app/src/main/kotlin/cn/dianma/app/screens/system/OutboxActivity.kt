// The outbox: sync is never a mystery. What came back stands first, with what can be done about it; then
// files on their way; then every command.
package cn.dianma.app.screens.system

import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.platform.dianma
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.Screen
import cn.dianma.app.widgets.Field
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.SyncStripView
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.card
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.empty
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.loading
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.putFoot
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.surface
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard
import cn.dianma.bridge.Watcher
import cn.dianma.core.FileRowView
import cn.dianma.core.NoticeView
import cn.dianma.core.OutboxRowView
import cn.dianma.core.RefusalView
import cn.dianma.core.SyncStrip

class OutboxActivity :
    Screen(),
    Watcher {
    private val presenter by lazy { OutboxPresenter(door) }
    private lateinit var strip: SyncStripView
    private lateinit var body: LinearLayout
    private lateinit var bar: TextView
    private var words: Field? = null
    private var drawn: OutboxState? = null

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            put(TitleBar(context, getString(R.string.system_outbox)) { finish() })
            strip = put(SyncStripView(context) { presenter.sync() })
            put(context.page { body = put(context.column()) }, height = 0, share = 1f)
            bar = putFoot(context.primaryBar(getString(R.string.action_sync)) { presenter.sync() })
        }

    override fun onResume() {
        super.onResume()
        dianma.changes.watch(this)
        presenter.attach(::draw)
        presenter.refresh()
    }

    override fun onPause() {
        dianma.changes.leave(this)
        presenter.detach()
        super.onPause()
    }

    override fun onSyncChanged(strip: SyncStrip) = presenter.onStrip(strip)

    private fun draw(state: OutboxState) {
        if (state == drawn) return
        drawn = state
        state.strip?.let(strip::show)
        bar.text = getString(if (state.isSyncing) R.string.system_syncing else R.string.action_sync)
        bar.isEnabled = !state.isSyncing
        body.removeAllViews()
        state.outcome?.let { body.put(text(say(it), Type.STRONG)) }
        state.notices.forEach { body.put(notice(it), gap = Size.GAP) }
        state.trouble?.let { body.put(troubleCard(it, null) {}, gap = Size.GAP) }
        if (state.isLoading) body.put(loading())
        refusals(state)
        if (state.files.isNotEmpty()) body.put(heading(getString(R.string.system_files)), gap = Size.EDGE)
        state.files.forEach { body.put(file(it), gap = Size.GAP) }
        commands(state)
    }

    private fun notice(notice: NoticeView) =
        card {
            background = surface(line = context.color(R.attr.soon))
            put(text(say(notice.sentence), Type.STRONG))
            put(text()).showOrHide(notice.detail?.let(::say))
            put(text(getString(R.string.code_label, notice.code), color = R.attr.inkQuiet))
        }

    private fun refusals(state: OutboxState) {
        if (state.refusals.isEmpty()) return
        body.put(heading(getString(R.string.system_refused)), gap = Size.EDGE)
        state.refusals.forEach { body.put(refusal(it, state.deciding), gap = Size.GAP) }
    }

    private fun refusal(refusal: RefusalView, deciding: Deciding?) =
        card {
            background = surface(line = context.color(R.attr.overdue))
            val row = refusal.row
            put(text("! ${row.n} · ${say(row.what)} · ${row.at}", Type.STRONG, R.attr.overdue))
            put(text()).showOrHide(row.orderNumber?.let { getString(R.string.system_order, it) })
            put(text(say(row.sentence)), gap = Size.GAP / 2)
            put(text()).showOrHide(row.detail?.let(::say))
            put(text(getString(R.string.code_label, row.code), color = R.attr.inkQuiet))
            refusal.dependsOn?.let {
                val first = getString(R.string.system_refused_depends, it.toInt())
                put(text(first, Type.STRONG, R.attr.soon))
            }
            if (deciding != null && deciding.n == row.n) confirm(this, deciding) else choices(this, refusal)
        }

    private fun choices(box: LinearLayout, refusal: RefusalView) {
        refusal.choices.forEach { choice ->
            box.put(button(say(choice.name)) { presenter.decide(refusal.row.n, choice) }, gap = Size.GAP)
        }
        refusal.row.orderId?.let { order ->
            val open = button(getString(R.string.system_refused_open)) { startActivity(Routes.order(this, order)) }
            box.put(open, gap = Size.GAP)
        }
    }

    private fun confirm(box: LinearLayout, deciding: Deciding) {
        words = box.put(Field(this, getString(R.string.system_refused_words)), gap = Size.EDGE)
        val sure = getString(R.string.system_refused_sure, say(deciding.choice.name))
        box.put(primaryBar(sure) { presenter.confirm(words?.words.orEmpty()) }, gap = Size.GAP)
        box.put(button(getString(R.string.system_cancel)) { presenter.undecide() }, gap = Size.GAP)
    }

    private fun file(file: FileRowView) =
        card {
            val isStopped = file.code.isNotEmpty()
            val color = if (isStopped) R.attr.overdue else R.attr.ink
            put(text("${if (isStopped) "!" else "↑"} ${say(file.what)} · ${say(file.progress)}", Type.STRONG, color))
            put(text()).showOrHide(file.orderNumber?.let { getString(R.string.system_order, it) })
            put(text()).showOrHide(say(file.sentence))
            if (file.canSendNow) {
                put(button(getString(R.string.system_send_now)) { presenter.sendNow(file.sha256) }, gap = Size.GAP)
            }
        }

    private fun commands(state: OutboxState) {
        if (state.isLoading) return
        body.put(heading(getString(R.string.system_commands)), gap = Size.EDGE)
        if (state.rows.isEmpty()) body.put(empty(getString(R.string.system_nothing_queued), ""))
        state.rows.forEach { body.put(command(it), gap = Size.GAP) }
        if (state.hasOlder) body.put(button(getString(R.string.system_older)) { presenter.older() }, gap = Size.GAP)
    }

    private fun command(row: OutboxRowView) =
        card {
            val (sign, color) =
                when (row.status) {
                    "accepted" -> "✓" to R.attr.good
                    "pending" -> "↑" to R.attr.soon
                    else -> "!" to R.attr.overdue
                }
            val handled = if (row.isHandled) " · ${getString(R.string.system_handled)}" else ""
            put(text("${row.n} · ${say(row.what)} · ${row.at}", Type.STRONG))
            put(text("$sign ${say(row.statusName)}$handled", Type.STRONG, color))
            put(text()).showOrHide(row.orderNumber?.let { getString(R.string.system_order, it) })
        }
}
