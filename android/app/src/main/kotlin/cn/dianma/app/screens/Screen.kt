// The drawing half of a screen: theme, insets and secrecy the same for all. A screen that shows
// personal data keeps itself out of screenshots and the overview.
package cn.dianma.app.screens

import android.app.Activity
import android.content.Context
import android.os.Build
import android.os.Bundle
import android.view.View
import android.view.WindowInsets
import android.view.WindowManager
import cn.dianma.app.platform.DianmaApp
import cn.dianma.app.platform.dianma
import cn.dianma.bridge.CoreDoor

abstract class Screen : Activity() {
    protected val door: CoreDoor get() = dianma.door

    /** Names, addresses or numbers of customers are shown. */
    protected open val isPersonal: Boolean = true

    /** Drawn before anybody has signed in or unlocked. */
    open val isEntry: Boolean = false

    private var isRestored = false

    override fun attachBaseContext(base: Context) {
        super.attachBaseContext((base.applicationContext as? DianmaApp)?.look?.inLanguage(base) ?: base)
    }

    override fun onResume() {
        super.onResume()
        dianma.gatekeeper.shown(this)
        // The process may have been taken meanwhile, and the app be locked: before anything is done here.
        if (isRestored && !isEntry) dianma.gatekeeper.check()
        isRestored = false
    }

    override fun onPause() {
        dianma.gatekeeper.gone(this)
        super.onPause()
    }

    override fun onUserInteraction() {
        super.onUserInteraction()
        dianma.gatekeeper.touched()
    }

    override fun onCreate(saved: Bundle?) {
        setTheme(dianma.look.style(resources.configuration))
        super.onCreate(saved)
        isRestored = saved != null
        if (isPersonal) {
            window.setFlags(WindowManager.LayoutParams.FLAG_SECURE, WindowManager.LayoutParams.FLAG_SECURE)
        }
        val content = build()
        content.setOnApplyWindowInsetsListener(::avoidBars)
        setContentView(content)
    }

    /** Builds the views once; what they show comes from the presenter's state. */
    protected abstract fun build(): View

    // From API 35 on the window reaches under the bars; older levels report no insets here.
    @Suppress("DEPRECATION")
    private fun avoidBars(view: View, insets: WindowInsets): WindowInsets {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
            val types = WindowInsets.Type.systemBars() or WindowInsets.Type.ime() or WindowInsets.Type.displayCutout()
            val bars = insets.getInsets(types)
            view.setPadding(bars.left, bars.top, bars.right, bars.bottom)
        } else {
            view.setPadding(
                insets.systemWindowInsetLeft,
                insets.systemWindowInsetTop,
                insets.systemWindowInsetRight,
                insets.systemWindowInsetBottom,
            )
        }
        return insets
    }
}
