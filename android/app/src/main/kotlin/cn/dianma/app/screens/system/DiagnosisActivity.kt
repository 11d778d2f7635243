// The diagnosis export: exactly the text that goes out is shown, then handed to whichever app the person
// chooses.
package cn.dianma.app.screens.system

import android.content.ActivityNotFoundException
import android.content.ClipData
import android.content.Intent
import android.os.Build
import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.platform.ShareProvider
import cn.dianma.app.platform.dianma
import cn.dianma.app.screens.Screen
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard

class DiagnosisActivity : Screen() {
    override val isPersonal = false

    /** A diagnosis is needed most when nobody can get in. */
    override val isEntry = true

    private val presenter by lazy {
        val model = "model ${Build.MANUFACTURER} ${Build.MODEL}"
        val system = "android ${Build.VERSION.RELEASE} sdk ${Build.VERSION.SDK_INT}"
        val frames = dianma.frames.figures
        val scans =
            "frames searched=${frames.searched} dropped=${frames.dropped} hits=${frames.hits} " +
                "mean_us=${frames.meanUs} slowest_us=${frames.slowestUs}"
        DiagnosisPresenter(door, listOf(model, system, scans))
    }
    private lateinit var preview: TextView
    private lateinit var told: LinearLayout
    private lateinit var noApp: TextView

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            put(TitleBar(context, getString(R.string.system_diagnosis)) { finish() })
            put(
                context.page {
                    put(context.text(getString(R.string.system_diagnosis_hint), Type.STRONG))
                    told = put(context.column(), gap = Size.GAP)
                    preview = put(context.text(), gap = Size.EDGE)
                    preview.typeface = android.graphics.Typeface.MONOSPACE
                    preview.setTextIsSelectable(true)
                },
                height = 0,
                share = 1f,
            )
            val foot = put(context.column()).pad(Size.EDGE, Size.GAP)
            noApp = foot.put(context.text(type = Type.STRONG, color = R.attr.overdue))
            noApp.showOrHide(null)
            foot.put(context.primaryBar(getString(R.string.system_share), ::share), gap = Size.GAP)
        }

    override fun onResume() {
        super.onResume()
        presenter.attach(::draw)
        presenter.refresh()
    }

    override fun onPause() {
        presenter.detach()
        super.onPause()
    }

    private fun draw(state: DiagnosisState) {
        told.removeAllViews()
        state.trouble?.let { told.put(troubleCard(it, null) {}) }
        preview.text = state.text.orEmpty()
    }

    private fun share() {
        val text = presenter.state.text ?: return
        val uri = ShareProvider.offer(this, "dianma-diagnosis.txt", text)
        val send =
            Intent(Intent.ACTION_SEND)
                .setType("text/plain")
                .putExtra(Intent.EXTRA_STREAM, uri)
                .addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
        send.clipData = ClipData.newRawUri("", uri)
        try {
            startActivity(Intent.createChooser(send, getString(R.string.system_diagnosis)))
        } catch (_: ActivityNotFoundException) {
            noApp.showOrHide(getString(R.string.system_no_share))
        }
    }
}
