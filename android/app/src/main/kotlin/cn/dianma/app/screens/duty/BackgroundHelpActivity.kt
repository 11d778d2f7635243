// Whether the phone lets the app work with the screen off, and what to switch on this maker's phones.
// Reads the system anew each time the person comes back from its settings.
package cn.dianma.app.screens.duty

import android.Manifest
import android.app.NotificationManager
import android.content.ActivityNotFoundException
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.os.Build
import android.os.PowerManager
import android.provider.Settings
import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.platform.service
import cn.dianma.app.screens.Screen
import cn.dianma.app.sync.Asking
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.card
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.text

class BackgroundHelpActivity : Screen() {
    override val isPersonal = false
    private lateinit var states: LinearLayout

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            put(TitleBar(context, getString(R.string.help_title), ::finish))
            val body = page {
                put(text(getString(R.string.help_intro)))
                states = put(card {}, gap = Size.EDGE)
                put(steps(Brand.of(Build.MANUFACTURER)), gap = Size.EDGE)
            }
            put(body, height = 0, share = 1f)
        }

    override fun onResume() {
        super.onResume()
        states.removeAllViews()
        states.put(state(R.string.help_notifications, mayNotify()))
        states.put(state(R.string.help_battery, isUnlimited()), gap = Size.GAP)
        states.put(state(R.string.help_place, mayLocate()), gap = Size.GAP)
        if (!mayNotify() || !mayLocate()) {
            states.put(button(getString(R.string.help_ask)) { Asking.again(this) }, gap = Size.EDGE)
        }
        if (!isUnlimited()) {
            val open = { go(Intent(Settings.ACTION_IGNORE_BATTERY_OPTIMIZATION_SETTINGS)) }
            states.put(button(getString(R.string.help_open_battery), open), gap = Size.GAP)
        }
        states.put(button(getString(R.string.help_open_app), ::openApp), gap = Size.GAP)
    }

    override fun onRequestPermissionsResult(
        code: Int,
        asked: Array<String>,
        results: IntArray,
    ) {
        // After a second no the system shows nothing at all: lead to the settings instead.
        val isRefused = results.any { it != PackageManager.PERMISSION_GRANTED }
        if (isRefused && asked.none(::shouldShowRequestPermissionRationale)) openApp()
    }

    private fun state(what: Int, isOn: Boolean): View =
        column {
            put(text(getString(what), Type.STRONG))
            val words = getString(if (isOn) R.string.help_is_on else R.string.help_is_off_mark)
            put(text(words, color = if (isOn) R.attr.good else R.attr.overdue))
        }

    private fun steps(brand: Brand): View =
        card {
            val title = if (brand == Brand.OTHER) {
                getString(R.string.help_steps_other)
            } else {
                getString(R.string.help_steps, brand.shownAs)
            }
            put(heading(title))
            (brand.steps + R.string.help_recent).forEachIndexed { index, step ->
                put(text("${index + 1}. ${getString(step)}"), gap = Size.GAP)
            }
        }

    private fun mayNotify() = service<NotificationManager>().areNotificationsEnabled()

    private fun isUnlimited() = service<PowerManager>().isIgnoringBatteryOptimizations(packageName)

    private fun mayLocate() =
        checkSelfPermission(Manifest.permission.ACCESS_FINE_LOCATION) == PackageManager.PERMISSION_GRANTED

    private fun openApp() =
        go(Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Uri.fromParts("package", packageName, null)))

    /** Some makers took a page of the settings out; the app's own page is always there. */
    private fun go(intent: Intent) {
        try {
            startActivity(intent)
        } catch (_: ActivityNotFoundException) {
            if (intent.action != Settings.ACTION_APPLICATION_DETAILS_SETTINGS) openApp()
        }
    }
}
