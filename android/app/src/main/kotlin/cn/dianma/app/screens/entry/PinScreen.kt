// What the lock and the setting of a PIN share: words above, ten keys under the thumb, what went wrong between.
package cn.dianma.app.screens.entry

import android.view.Gravity
import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.screens.Screen
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.isWide
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.troubleCard
import cn.dianma.bridge.Trouble

abstract class PinScreen : Screen() {
    override val isEntry = true

    protected lateinit var pad: PinPad
    private lateinit var troubles: LinearLayout

    /** The words above the keys. */
    protected abstract fun LinearLayout.head()

    /** What stands below the keys. */
    protected open fun LinearLayout.foot() = Unit

    /** A PIN was typed. */
    protected abstract fun onPin(pin: String)

    override fun build(): View {
        val words =
            column {
                head()
                troubles = put(context.column(), gap = Size.EDGE)
            }
        val keys =
            column {
                pad = put(PinPad(context, ::onPin))
                foot()
            }
        return column {
            setBackgroundColor(context.color(R.attr.paper))
            val page =
                context.page {
                    gravity = Gravity.BOTTOM
                    if (context.isWide) put(beside(words, keys)) else under(words, keys)
                }
            put(page, height = 0, share = 1f)
        }
    }

    private fun LinearLayout.under(words: View, keys: View) {
        put(words)
        put(keys, gap = Size.EDGE)
    }

    private fun beside(words: View, keys: View) =
        row {
            gravity = Gravity.TOP
            put(words, width = 0, share = WORDS)
            put(keys, width = 0, share = KEYS, gap = Size.EDGE)
        }

    override fun onPause() {
        pad.clear()
        super.onPause()
    }

    protected fun say(trouble: Trouble?) {
        troubles.removeAllViews()
        trouble?.let { troubles.put(troubleCard(it, null) {}) }
    }

    private companion object {
        /** Shares of the width: three keys of 48 dp fit half a small screen. */
        const val WORDS = 2f
        const val KEYS = 3f
    }
}
