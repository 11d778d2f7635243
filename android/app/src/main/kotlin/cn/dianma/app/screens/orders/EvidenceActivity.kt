// A piece of evidence as large as the screen: a photo or signature looked at, sound and film played.
package cn.dianma.app.screens.orders

import android.view.View
import android.widget.FrameLayout
import android.widget.ImageView
import android.widget.LinearLayout
import android.widget.VideoView
import cn.dianma.app.R
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.Screen
import cn.dianma.app.screens.capture.LargePicture
import cn.dianma.app.widgets.FILL
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.StagePanel
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.loading
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard
import cn.dianma.core.EvidenceView
import java.io.File

class EvidenceActivity : Screen() {
    private val presenter by lazy {
        val order = intent.getStringExtra(Routes.EXTRA_ORDER).orEmpty()
        EvidencePresenter(door, order, intent.getStringExtra(Routes.EXTRA_SHA256).orEmpty())
    }
    private lateinit var bar: TitleBar
    private lateinit var picture: ImageView
    private lateinit var film: VideoView
    private lateinit var panel: LinearLayout
    private var shownPath: String? = null

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            bar = put(TitleBar(context, getString(R.string.evidence_title)) { finish() })
            picture = ImageView(context).apply { scaleType = ImageView.ScaleType.FIT_CENTER }
            film = VideoView(context).apply { visibility = View.GONE }
            val stage = FrameLayout(context)
            listOf(picture, film).forEach { stage.addView(it, FrameLayout.LayoutParams(FILL, FILL)) }
            panel = context.column().pad(Size.EDGE, Size.GAP)
            put(StagePanel(context, stage, panel), height = 0, share = 1f)
        }

    override fun onResume() {
        super.onResume()
        presenter.attach(::draw)
        presenter.refresh()
    }

    override fun onPause() {
        film.stopPlayback()
        presenter.giveBack()
        presenter.detach()
        super.onPause()
    }

    private fun draw(state: EvidenceState) {
        panel.removeAllViews()
        state.trouble?.let { panel.put(troubleCard(it, null) {}) }
        if (state.isLoading) panel.put(loading())
        val piece = state.piece ?: return
        bar.show(getString(kindWords(piece.kind)), piece.takenAt)
        panel.put(text(say(piece.className), Type.STRONG))
        panel.put(text("${piece.sizeWords} · ${say(piece.uploadName)}", color = R.attr.inkQuiet))
        val path = state.path
        when {
            path == null -> panel.put(text(getString(R.string.evidence_gone), Type.STRONG), gap = Size.GAP)
            piece.kind in PICTURES -> showPicture(piece, path)
            else -> panel.put(primaryBar(getString(R.string.evidence_play)) { play(path) }, gap = Size.GAP)
        }
    }

    private fun showPicture(piece: EvidenceView, path: String) {
        if (path == shownPath) return
        shownPath = path
        picture.contentDescription = getString(kindWords(piece.kind))
        LargePicture.load(File(path)) { picture.setImageBitmap(it) }
    }

    // Sound too: a film without a picture.
    private fun play(path: String) {
        film.visibility = View.VISIBLE
        film.setOnErrorListener { _, _, _ -> true }
        film.setOnPreparedListener { it.start() }
        film.setVideoPath(path)
    }

    private companion object {
        val PICTURES = setOf("photo", "signature")
    }
}
