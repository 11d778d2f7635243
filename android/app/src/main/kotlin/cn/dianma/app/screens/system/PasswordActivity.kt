// Changing the password: old, new, new again.
package cn.dianma.app.screens.system

import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.screens.Screen
import cn.dianma.app.widgets.Field
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.putFoot
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard

class PasswordActivity : Screen() {
    private val presenter by lazy { PasswordPresenter(door) }
    private lateinit var old: Field
    private lateinit var new: Field
    private lateinit var again: Field
    private lateinit var told: LinearLayout
    private lateinit var bar: TextView

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            put(TitleBar(context, getString(R.string.system_password)) { finish() })
            put(
                context.page {
                    put(context.text(getString(R.string.system_password_hint)))
                    told = put(context.column(), gap = Size.GAP)
                    old = put(password(R.string.system_old_password), gap = Size.EDGE)
                    new = put(password(R.string.system_new_password), gap = Size.EDGE)
                    again = put(password(R.string.system_new_again), gap = Size.EDGE)
                    again.onDone(::save)
                },
                height = 0,
                share = 1f,
            )
            bar = putFoot(context.primaryBar(getString(R.string.system_password_save), ::save))
        }

    override fun onResume() {
        super.onResume()
        presenter.attach(::draw)
    }

    override fun onPause() {
        presenter.detach()
        super.onPause()
    }

    private fun password(label: Int) = Field(this, getString(label), Field.Kind.PASSWORD)

    private fun save() = presenter.change(old.words, new.words, again.words)

    private fun draw(state: PasswordState) {
        told.removeAllViews()
        state.trouble?.let { told.put(troubleCard(it, null) {}) }
        if (state.isDone) {
            listOf(old, new, again).forEach { it.words = "" }
            told.put(text("✓ ${getString(R.string.system_password_done)}", Type.HEADING, R.attr.good))
        }
        again.say(if (state.isDifferent) getString(R.string.system_passwords_differ) else null)
        new.say(state.trouble, "password")
        bar.text = getString(if (state.isBusy) R.string.system_busy else R.string.system_password_save)
        bar.isEnabled = !state.isBusy
    }
}
