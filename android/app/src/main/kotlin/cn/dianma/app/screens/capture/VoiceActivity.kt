// A spoken note: held like a walkie-talkie, or begun and ended with a tap. Heard again before it is kept.
package cn.dianma.app.screens.capture

import android.Manifest
import android.annotation.SuppressLint
import android.media.MediaPlayer
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import android.os.SystemClock
import android.view.Gravity
import android.view.MotionEvent
import android.view.View
import android.view.WindowManager
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.platform.VoiceRecorder
import cn.dianma.app.platform.dianma
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.StagePanel
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.dp
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.text
import java.io.File
import java.io.IOException

class VoiceActivity : CaptureScreen("audio") {
    private lateinit var voice: VoiceRecorder
    private lateinit var figure: TextView
    private lateinit var talk: TextView
    private var player: MediaPlayer? = null
    private var heldSince = 0L
    private val clock = Handler(Looper.getMainLooper())
    private val tick = object : Runnable {
        override fun run() {
            presenter.onSecond()
            if (presenter.state.seconds >= LONGEST_S) return end()
            clock.postDelayed(this, SECOND_MS)
        }
    }

    override val title = R.string.capture_voice

    override fun onCreate(saved: Bundle?) {
        voice = dianma.voice()
        super.onCreate(saved)
        window.addFlags(WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON)
    }

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            head = put(TitleBar(context, getString(title)) { finish() })
            figure = context.text(type = Type.LARGE).pad(Size.EDGE)
            figure.gravity = Gravity.CENTER
            talk = primaryBar("") { }.apply { minHeight = dp(TALK) }
            talk.setOnTouchListener(::onTalk)
            talk.setOnClickListener { if (presenter.state.phase == CapturePhase.TAKING) end() else begin() }
            panel = context.column()
            // Stays where it is while the panel is drawn anew: the finger is on it.
            val lower = context.column { listOf(panel, talk).forEach { put(it, gap = Size.GAP) } }
            put(StagePanel(context, figure, lower.pad(Size.EDGE, Size.GAP)), height = 0, share = 1f)
        }

    override fun onResume() {
        super.onResume()
        if (isAllowed(Manifest.permission.RECORD_AUDIO)) presenter.onCamera(true)
    }

    // Going away ends the note as a tap does: what was said so far is there when the person comes back.
    override fun onPause() {
        if (presenter.state.phase == CapturePhase.TAKING) end()
        stopPlaying()
        super.onPause()
    }

    override fun drawBody(state: CaptureState) {
        figure.text = when (state.phase) {
            CapturePhase.TAKING -> getString(R.string.capture_seconds, state.seconds)
            CapturePhase.REVIEW, CapturePhase.SAVING -> getString(R.string.capture_voice_taken)
            else -> getString(R.string.capture_voice_hint)
        }
        figure.textSize = if (state.phase == CapturePhase.READY) Type.HEADING.sp else Type.LARGE.sp
        when (state.phase) {
            CapturePhase.REVIEW, CapturePhase.SAVING -> {
                drawReview(state, R.string.capture_voice_review, R.string.capture_voice_again)
                panel.put(button(getString(R.string.capture_play), ::play), gap = Size.GAP)
            }
            else -> {
                drawSaved(state)
                state.problem?.let { drawProblem(it, R.string.capture_microphone) }
            }
        }
        val isTalking = state.phase == CapturePhase.TAKING
        val mayTalk = isTalking || (state.phase == CapturePhase.READY && state.problem != CaptureProblem.DENIED)
        talk.text = getString(if (isTalking) R.string.capture_voice_end else R.string.capture_voice_begin)
        talk.visibility = if (mayTalk) View.VISIBLE else View.GONE
    }

    // Held: speaks as long as the finger is down. A short tap goes on until the next one. A screen reader
    // clicks, and gets the taps.
    @SuppressLint("ClickableViewAccessibility")
    private fun onTalk(view: View, event: MotionEvent): Boolean {
        when (event.actionMasked) {
            MotionEvent.ACTION_DOWN -> {
                heldSince = SystemClock.uptimeMillis()
                if (presenter.state.phase == CapturePhase.TAKING) heldSince = 0L else begin()
                view.isPressed = true
            }
            MotionEvent.ACTION_UP, MotionEvent.ACTION_CANCEL -> {
                view.isPressed = false
                if (SystemClock.uptimeMillis() - heldSince >= HELD_MS) end()
            }
        }
        return true
    }

    private fun begin() {
        stopPlaying()
        presenter.begin(false) { path ->
            if (voice.begin(File(path), LONGEST_S * SECOND_MS.toInt())) {
                clock.postDelayed(tick, SECOND_MS)
            } else {
                presenter.onCamera(true, CaptureProblem.TAKEN)
                presenter.onTaken(false)
            }
        }
    }

    private fun end() {
        clock.removeCallbacks(tick)
        presenter.onTaken(voice.end())
    }

    private fun play() {
        stopPlaying()
        val path = presenter.state.capture?.path ?: return
        val made = MediaPlayer()
        try {
            made.setDataSource(path)
            made.setOnPreparedListener { it.start() }
            made.prepareAsync()
            player = made
        } catch (_: IOException) {
            made.release()
        } catch (_: IllegalStateException) {
            made.release()
        }
    }

    private fun stopPlaying() {
        player?.release()
        player = null
    }

    private companion object {
        const val LONGEST_S = 300
        const val SECOND_MS = 1_000L
        const val HELD_MS = 600L
        const val TALK = 96
    }
}
