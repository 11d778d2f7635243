// Theme and language. Both belong to this phone alone; the screen is built anew with each choice.
package cn.dianma.app.screens.system

import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.platform.Look
import cn.dianma.app.platform.dianma
import cn.dianma.app.screens.Screen
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.optionRow
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.put

class LookActivity : Screen() {
    override val isPersonal = false

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            put(TitleBar(context, getString(R.string.system_look)) { finish() })
            put(
                context.page {
                    put(context.heading(getString(R.string.system_theme)))
                    themes(this)
                    put(context.heading(getString(R.string.system_language)), gap = Size.EDGE)
                    languages(this)
                },
                height = 0,
                share = 1f,
            )
        }

    private fun themes(box: LinearLayout) {
        val look = dianma.look
        for ((choice, words) in THEMES) {
            val line = if (choice == Look.Choice.SUN) getString(R.string.system_theme_sun_line) else null
            val row = optionRow(getString(words), line, look.choice == choice) {
                look.choice = choice
                recreate()
            }
            box.put(row, gap = Size.GAP)
        }
    }

    private fun languages(box: LinearLayout) {
        val look = dianma.look
        for ((tongue, words) in LANGUAGES) {
            val row = optionRow(getString(words), null, look.tongue == tongue) {
                look.tongue = tongue
                recreate()
            }
            box.put(row, gap = Size.GAP)
        }
    }

    private companion object {
        val THEMES =
            listOf(
                Look.Choice.SYSTEM to R.string.system_theme_system,
                Look.Choice.LIGHT to R.string.system_theme_light,
                Look.Choice.DARK to R.string.system_theme_dark,
                Look.Choice.SUN to R.string.system_theme_sun,
            )
        val LANGUAGES =
            listOf(
                Look.Tongue.SYSTEM to R.string.system_language_system,
                Look.Tongue.ZH to R.string.system_language_zh,
                Look.Tongue.EN to R.string.system_language_en,
            )
    }
}
