// A newer version of the app: what is new, how far it has come, and the installer once it is proven.
package cn.dianma.app.screens.system

import android.content.ActivityNotFoundException
import android.content.Intent
import android.net.Uri
import android.provider.Settings
import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.platform.OwnPackage
import cn.dianma.app.platform.ShareProvider
import cn.dianma.app.platform.dianma
import cn.dianma.app.screens.Screen
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.card
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.loading
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.progress
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.putFoot
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard
import cn.dianma.core.UpdateView
import java.io.File

class UpdateActivity :
    Screen(),
    Installer {
    override val isPersonal = false

    private val own by lazy { OwnPackage(this) }
    private val presenter by lazy { UpdatePresenter(door, own.installed(), this, dianma::freeBytes) }
    private lateinit var body: LinearLayout
    private lateinit var bar: TextView

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            put(TitleBar(context, getString(R.string.update_title)) { finish() })
            put(context.page { body = put(context.column()) }, height = 0, share = 1f)
            bar = putFoot(context.primaryBar("", ::act))
        }

    override fun onResume() {
        super.onResume()
        presenter.attach(::draw)
        presenter.start()
    }

    override fun onPause() {
        presenter.stop()
        presenter.detach()
        super.onPause()
    }

    override fun isAllowed() = packageManager.canRequestPackageInstalls()

    override fun read(path: String) = own.read(path)

    override fun offer(path: String) = "${ShareProvider.offer(this, "dianma-update.apk", File(path))}"

    private fun act() {
        when (presenter.state.update?.state) {
            "offered" -> presenter.fetch()
            "ready" -> presenter.install(::open)
            else -> presenter.check()
        }
    }

    private fun open(address: String): Boolean {
        val open =
            Intent(Intent.ACTION_VIEW)
                .setDataAndType(Uri.parse(address), ShareProvider.PACKAGE)
                .addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
        return isStarted(open)
    }

    private fun allow() =
        isStarted(
            Intent(Settings.ACTION_MANAGE_UNKNOWN_APP_SOURCES, Uri.fromParts("package", packageName, null)),
        )

    private fun isStarted(intent: Intent) =
        try {
            startActivity(intent)
            true
        } catch (_: ActivityNotFoundException) {
            false
        }

    private fun draw(state: UpdateState) {
        body.removeAllViews()
        val update = state.update
        if (update == null) body.put(loading()) else show(update, state)
        state.trouble?.let { body.put(troubleCard(it, null) {}, gap = Size.EDGE) }
        if (state.needsLeave) body.put(leave(), gap = Size.EDGE)
        if (state.hasNoInstaller) {
            body.put(text(getString(R.string.update_no_installer), Type.STRONG, R.attr.overdue), gap = Size.EDGE)
        }
        bar.text = getString(words(state))
        bar.isEnabled = !state.isBusy
    }

    private fun show(update: UpdateView, state: UpdateState) {
        body.put(
            card {
                put(text(say(update.headline), Type.LARGE, R.attr.accent))
                put(text(say(update.line)), gap = Size.GAP / 2)
                if (update.state == "offered" && (update.percent > 0u || state.isFetching)) {
                    put(progress(update.percent.toInt(), say(update.progress)), gap = Size.EDGE)
                }
                val mark = if (update.state == "ready") "✓ " else ""
                val color = if (update.state == "ready") R.attr.good else R.attr.ink
                put(text(type = Type.STRONG, color = color), gap = Size.GAP)
                    .showOrHide(say(update.progress).ifEmpty { null }?.let { mark + it })
            },
        )
        val notes = say(update.notes)
        if (notes.isEmpty()) return
        body.put(heading(getString(R.string.update_notes)), gap = Size.EDGE)
        body.put(text(notes), gap = Size.GAP)
        body.put(text(getString(R.string.update_keeps), color = R.attr.inkQuiet), gap = Size.EDGE)
    }

    private fun leave() =
        card {
            put(text(getString(R.string.update_leave), Type.STRONG))
            put(context.button(getString(R.string.update_leave_open)) { allow() }, gap = Size.GAP)
        }

    private fun words(state: UpdateState) =
        when {
            state.isAsking -> R.string.update_asking
            state.isFetching -> R.string.update_fetching
            state.isChecking -> R.string.update_checking
            state.update?.state == "offered" && state.update.percent > 0u -> R.string.update_go_on
            state.update?.state == "offered" -> R.string.update_fetch
            state.update?.state == "ready" -> R.string.update_install
            else -> R.string.update_check
        }
}
