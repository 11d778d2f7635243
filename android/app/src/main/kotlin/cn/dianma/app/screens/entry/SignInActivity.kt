// The first screen of a new phone, and the way back in: scan the code of the console, or type server, name
// and password. What stands in the way is said as it is.
package cn.dianma.app.screens.entry

import android.content.Intent
import android.os.Build
import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.Screen
import cn.dianma.app.widgets.Field
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.putFoot
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard

class SignInActivity : Screen() {
    override val isPersonal = false
    override val isEntry = true

    private val presenter by lazy { SignInPresenter(door, Build.MODEL ?: "", Build.VERSION.RELEASE ?: "") }
    private lateinit var greeting: TextView
    private lateinit var unsent: TextView
    private lateinit var clock: TextView
    private lateinit var trouble: LinearLayout
    private lateinit var scanPart: LinearLayout
    private lateinit var form: LinearLayout
    private lateinit var server: Field
    private lateinit var loginName: Field
    private lateinit var password: Field
    private lateinit var code: Field
    private lateinit var bar: TextView
    private lateinit var other: TextView
    private lateinit var unlock: TextView
    private var isFilled = false

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            put(
                context.page {
                    put(context.text(getString(R.string.app_name), Type.LARGE, R.attr.accent))
                    greeting = put(context.text(type = Type.HEADING), gap = Size.GAP)
                    unsent = put(context.text(type = Type.STRONG, color = R.attr.soon), gap = Size.GAP)
                    clock = put(context.text(type = Type.STRONG, color = R.attr.overdue), gap = Size.GAP)
                    trouble = put(context.column(), gap = Size.EDGE)
                    scanPart = put(scanPart(), gap = Size.EDGE)
                    form = put(form(), gap = Size.EDGE)
                    unlock =
                        put(context.button(getString(R.string.entry_go_on_offline), ::goOnOffline), gap = Size.EDGE)
                    other = put(context.button("", ::switch), gap = Size.EDGE)
                },
                height = 0,
                share = 1f,
            )
            bar = putFoot(context.primaryBar("", ::act))
        }

    override fun onResume() {
        super.onResume()
        presenter.attach(::draw)
        presenter.start()
    }

    override fun onPause() {
        presenter.detach()
        super.onPause()
    }

    @Deprecated("Deprecated in the framework from API 33 on; older levels know no other.")
    override fun onBackPressed() {
        if (presenter.state.session?.gate == "open") finish() else moveTaskToBack(true)
    }

    // The framework's own: its successor lives in a library this app does without.
    @Deprecated("Deprecated in a library")
    override fun onActivityResult(
        request: Int,
        result: Int,
        data: Intent?,
    ) {
        super.onActivityResult(request, result, data)
        val text = data?.getStringExtra(Routes.EXTRA_TEXT)
        if (request == SCAN && result == RESULT_OK && text != null) presenter.enrol(text)
    }

    private fun scanPart() =
        column {
            put(text(getString(R.string.entry_scan_hint)))
            code = put(
                Field(context, getString(R.string.entry_code), Field.Kind.CODE, getString(R.string.entry_code_hint)),
                gap = Size.EDGE,
            )
            code.keepAs(R.id.entry_code)
            code.onDone { presenter.enrol(code.words) }
            val typed = context.button(getString(R.string.entry_code_typed)) { presenter.enrol(code.words) }
            put(typed, gap = Size.GAP)
        }

    private fun form() =
        column {
            val hint = getString(R.string.entry_server_hint)
            server = put(Field(context, getString(R.string.entry_server), Field.Kind.ADDRESS, hint))
            loginName = put(Field(context, getString(R.string.entry_login_name), Field.Kind.NAME), gap = Size.EDGE)
            password = put(Field(context, getString(R.string.entry_password), Field.Kind.PASSWORD), gap = Size.EDGE)
            server.keepAs(R.id.entry_server)
            loginName.keepAs(R.id.entry_login_name)
            password.onDone(::act)
        }

    private fun act() {
        if (presenter.state.isTyping) {
            presenter.signIn(server.words, loginName.words, password.words)
        } else {
            @Suppress("DEPRECATION")
            startActivityForResult(Routes.scan(this, Routes.TO_ENROL), SCAN)
        }
    }

    private fun switch() = if (presenter.state.isTyping) presenter.scan() else presenter.type()

    private fun goOnOffline() = startActivity(Routes.unlock(this))

    private fun draw(state: SignInState) {
        if (state.isDone) {
            password.words = ""
            startActivity(if (state.session?.gate == "set_pin") Routes.setPin(this) else Routes.home(this))
            finish()
            return
        }
        fill(state)
        val pending = state.session?.pendingCommands?.toInt() ?: 0
        unsent.showOrHide(if (pending > 0) getString(R.string.entry_unsent, pending) else null)
        clock.showOrHide(state.session?.let { say(it.clock) })
        trouble.removeAllViews()
        state.trouble?.let { trouble.put(troubleCard(it, null) {}) }
        server.say(state.trouble, "server")
        code.say(state.trouble, "code")
        form.visibility = if (state.isTyping) View.VISIBLE else View.GONE
        scanPart.visibility = if (state.isTyping) View.GONE else View.VISIBLE
        unlock.visibility = if (state.canUnlock) View.VISIBLE else View.GONE
        other.text = getString(if (state.isTyping) R.string.entry_by_code else R.string.entry_by_password)
        bar.text = getString(barWords(state))
        bar.isEnabled = !state.isBusy
    }

    private fun barWords(state: SignInState) =
        when {
            state.isBusy -> R.string.entry_busy
            state.isTyping -> R.string.entry_sign_in
            else -> R.string.entry_scan
        }

    // Once: what a person types afterwards stays.
    private fun fill(state: SignInState) {
        val session = state.session ?: return
        val welcome = if (state.isKnown) R.string.entry_again else R.string.entry_first
        greeting.text = getString(welcome, session.displayName)
        session.putAway?.let { greeting.text = say(it) }
        if (isFilled || session.server.isEmpty()) return
        isFilled = true
        if (server.words.isEmpty()) server.words = session.server
        if (loginName.words.isEmpty()) loginName.words = session.loginName
    }

    private companion object {
        const val SCAN = 1
    }
}
