// The PIN: asked for once after the first sign-in, because customers' data lies on this phone; changed from
// the system tab.
package cn.dianma.app.screens.entry

import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.text

class SetPinActivity : PinScreen() {
    override val isPersonal = false

    private val presenter by lazy { SetPinPresenter(door) }
    private lateinit var asked: TextView
    private lateinit var why: TextView
    private lateinit var different: TextView

    override fun LinearLayout.head() {
        asked = put(context.text(type = Type.HEADING))
        why = put(context.text(getString(R.string.entry_pin_why)), gap = Size.GAP)
        different = put(context.text(type = Type.STRONG, color = R.attr.overdue), gap = Size.GAP)
    }

    override fun onPin(pin: String) = presenter.typed(pin)

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
        if (presenter.state.hasPin == true) finish() else moveTaskToBack(true)
    }

    private fun draw(state: SetPinState) {
        if (state.isDone) {
            finish()
            return
        }
        asked.text =
            getString(
                when (state.step) {
                    PinStep.OLD -> R.string.entry_pin_old
                    PinStep.NEW -> R.string.entry_pin_new
                    PinStep.AGAIN -> R.string.entry_pin_again
                },
            )
        why.visibility = if (state.hasPin == true) View.GONE else View.VISIBLE
        different.showOrHide(if (state.isDifferent) getString(R.string.entry_pin_different) else null)
        say(state.trouble)
    }
}
