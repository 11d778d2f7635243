// The lock: whose phone it is, how long customer data stays readable, ten keys. Never a dead end: the
// password always leads in.
package cn.dianma.app.screens.entry

import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.screens.Routes
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.text

class UnlockActivity : PinScreen() {
    private val presenter by lazy { UnlockPresenter(door) }
    private lateinit var who: TextView
    private lateinit var lease: TextView
    private lateinit var clock: TextView
    private lateinit var password: TextView

    override fun LinearLayout.head() {
        who = put(context.text(type = Type.HEADING))
        lease = put(context.text(color = R.attr.inkQuiet), gap = Size.GAP)
        clock = put(context.text(type = Type.STRONG, color = R.attr.overdue), gap = Size.GAP)
    }

    override fun LinearLayout.foot() {
        password = put(context.button("", ::usePassword), gap = Size.EDGE)
    }

    override fun onPin(pin: String) = presenter.unlock(pin)

    override fun onResume() {
        super.onResume()
        presenter.attach(::draw)
        presenter.refresh()
    }

    override fun onPause() {
        presenter.detach()
        super.onPause()
    }

    @Deprecated("Deprecated in the framework from API 33 on; older levels know no other.")
    override fun onBackPressed() {
        moveTaskToBack(true)
    }

    private fun usePassword() = startActivity(Routes.signIn(this))

    private fun draw(state: UnlockState) {
        if (state.isOpen) {
            finish()
            return
        }
        val session = state.session
        val words = if (state.isLockedOut) R.string.entry_locked_out else R.string.entry_locked
        who.text = getString(words, session?.displayName ?: "")
        lease.showOrHide(session?.let { say(it.lease) })
        clock.showOrHide(session?.let { say(it.clock) })
        say(state.trouble)
        pad.visibility = if (state.isLockedOut) View.GONE else View.VISIBLE
        password.text =
            getString(if (state.isLockedOut) R.string.entry_use_password else R.string.entry_forgot_pin)
    }
}
