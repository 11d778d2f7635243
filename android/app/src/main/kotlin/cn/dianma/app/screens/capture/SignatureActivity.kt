// The customer signs: the whole screen, lying on its side, dark on white in every theme. What is kept is a
// PNG of the strokes.
package cn.dianma.app.screens.capture

import android.os.Bundle
import android.view.View
import android.widget.FrameLayout
import cn.dianma.app.R
import cn.dianma.app.widgets.FILL
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.text
import java.io.File

class SignatureActivity : CaptureScreen("signature") {
    private lateinit var paper: SignatureView

    override val title = R.string.capture_signature

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            head = put(TitleBar(context, getString(title)) { finish() })
            paper = SignatureView(context) { drawAgain() }
            paper.contentDescription = getString(R.string.capture_signature_paper)
            val place = put(FrameLayout(context), height = 0, share = 1f)
            place.addView(paper, FrameLayout.LayoutParams(FILL, FILL))
            panel = put(context.column().pad(Size.EDGE, Size.GAP))
        }

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        saved?.getFloatArray(STROKES)?.let { paper.strokes = it }
    }

    override fun onSaveInstanceState(state: Bundle) {
        state.putFloatArray(STROKES, paper.strokes)
        super.onSaveInstanceState(state)
    }

    override fun drawBody(state: CaptureState) {
        when (state.phase) {
            // Drawn by a process that died: the strokes are gone, the picture is there.
            CapturePhase.REVIEW, CapturePhase.SAVING ->
                if (state.isLeft) {
                    drawReview(state, R.string.capture_signature, R.string.capture_signature_again)
                } else {
                    panel.put(text(getString(R.string.capture_saving), color = R.attr.inkQuiet))
                    val retry = primaryBar(getString(R.string.capture_keep)) { presenter.keep() }
                    if (state.trouble != null) panel.put(retry, gap = Size.GAP)
                }
            else -> {
                state.problem?.let { drawProblem(it, R.string.capture_signature) }
                val bar = row()
                val clear = button(getString(R.string.capture_signature_again)) { paper.clear() }
                bar.put(clear, width = 0, share = 1f)
                if (paper.isSigned) {
                    val keep = primaryBar(getString(R.string.capture_signature_keep), ::keep)
                    bar.put(keep, width = 0, share = 2f, gap = Size.GAP)
                } else {
                    val hint = text(getString(R.string.capture_signature_hint), color = R.attr.inkQuiet)
                    bar.put(hint, width = 0, share = 2f, gap = Size.EDGE)
                }
                panel.put(bar)
            }
        }
    }

    private fun keep() =
        presenter.begin(false) { path ->
            presenter.onTaken(paper.write(File(path)))
            presenter.keep()
        }

    private companion object {
        const val STROKES = "strokes"
    }
}
