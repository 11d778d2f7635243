// Which version this is, under which licences.
package cn.dianma.app.screens.system

import android.view.View
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.screens.Screen
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.text
import cn.dianma.bridge.Answer

class AboutActivity : Screen() {
    override val isPersonal = false

    private lateinit var version: TextView

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            put(TitleBar(context, getString(R.string.system_about)) { finish() })
            put(
                context.page {
                    put(context.text(getString(R.string.app_name), Type.LARGE, R.attr.accent))
                    version = put(context.text(type = Type.STRONG), gap = Size.GAP)
                    put(context.text(getString(R.string.system_licence)), gap = Size.EDGE)
                    put(context.heading(getString(R.string.system_parts)), gap = Size.EDGE)
                    put(context.text(getString(R.string.system_parts_list)), gap = Size.GAP)
                },
                height = 0,
                share = 1f,
            )
        }

    override fun onResume() {
        super.onResume()
        val own = packageManager.getPackageInfo(packageName, 0).versionName.orEmpty()
        door.ask({ it.version() }) { answer ->
            val core = (answer as? Answer.Good)?.value.orEmpty()
            version.text = getString(R.string.system_version, own, core)
        }
    }
}
