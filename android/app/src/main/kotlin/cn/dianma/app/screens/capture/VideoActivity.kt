// A film of at most a minute, with sound: begins and ends with a tap, seen again before it is kept.
package cn.dianma.app.screens.capture

import android.Manifest
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import android.view.View
import android.view.WindowManager
import android.widget.FrameLayout
import android.widget.VideoView
import cn.dianma.app.R
import cn.dianma.app.camera.Camera
import cn.dianma.app.camera.CameraAbilities
import cn.dianma.app.camera.CameraProblem
import cn.dianma.app.camera.CameraUse
import cn.dianma.app.camera.CameraWatcher
import cn.dianma.app.camera.Frame
import cn.dianma.app.camera.PreviewStage
import cn.dianma.app.platform.dianma
import cn.dianma.app.widgets.FILL
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.StagePanel
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import java.io.File

class VideoActivity :
    CaptureScreen("video"),
    CameraWatcher {
    private lateinit var camera: Camera
    private lateinit var stage: PreviewStage
    private lateinit var film: VideoView
    private val clock = Handler(Looper.getMainLooper())
    private val tick = object : Runnable {
        override fun run() {
            presenter.onSecond()
            clock.postDelayed(this, SECOND_MS)
        }
    }

    override val title = R.string.capture_video

    override fun onCreate(saved: Bundle?) {
        camera = dianma.camera(CameraUse.FILM)
        super.onCreate(saved)
        window.addFlags(WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON)
    }

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            head = put(TitleBar(context, getString(title)) { finish() })
            val place = FrameLayout(context)
            stage = PreviewStage(context, camera)
            film = VideoView(context).apply { visibility = View.GONE }
            place.addView(stage, FrameLayout.LayoutParams(FILL, FILL))
            place.addView(film, FrameLayout.LayoutParams(FILL, FILL, android.view.Gravity.CENTER))
            panel = context.column().pad(Size.EDGE, Size.EDGE - 4)
            put(StagePanel(context, place, panel), height = 0, share = 1f)
        }

    override fun onResume() {
        super.onResume()
        if (isAllowed(Manifest.permission.CAMERA, Manifest.permission.RECORD_AUDIO)) camera.open(this)
    }

    // Going away ends the film as a tap does: what was filmed so far is there when the person comes back.
    override fun onPause() {
        clock.removeCallbacks(tick)
        if (presenter.state.phase == CapturePhase.TAKING) camera.endFilm()
        film.stopPlayback()
        camera.close()
        presenter.onCamera(false)
        super.onPause()
    }

    override fun drawBody(state: CaptureState) {
        val isReview = state.phase == CapturePhase.REVIEW || state.phase == CapturePhase.SAVING
        if (!isReview) film.visibility = View.GONE
        when {
            isReview -> {
                drawReview(state, R.string.capture_video_review, R.string.capture_video_again)
                panel.put(button(getString(R.string.capture_play), ::play), gap = Size.GAP)
            }
            state.phase == CapturePhase.TAKING -> {
                panel.put(heading(getString(R.string.capture_filming, state.seconds, LONGEST_S)))
                panel.put(primaryBar(getString(R.string.capture_video_end)) { camera.endFilm() }, gap = Size.GAP)
            }
            else -> drawReady(state)
        }
    }

    private fun drawReady(state: CaptureState) {
        drawSaved(state)
        state.problem?.let { drawProblem(it, R.string.capture_camera) }
        if (state.isCameraOpen) {
            panel.put(primaryBar(getString(R.string.capture_video_begin, LONGEST_S), ::begin), gap = Size.GAP)
        } else if (state.problem != null && state.problem != CaptureProblem.DENIED) {
            panel.put(button(getString(R.string.capture_reopen)) { camera.open(this) }, gap = Size.GAP)
        }
    }

    private fun begin() =
        presenter.begin(false) { path ->
            clock.postDelayed(tick, SECOND_MS)
            camera.beginFilm(File(path), LONGEST_S * SECOND_MS.toInt()) { isThere ->
                clock.removeCallbacks(tick)
                presenter.onTaken(isThere)
            }
        }

    private fun play() {
        val path = presenter.state.capture?.path ?: return
        film.visibility = View.VISIBLE
        film.setOnErrorListener { _, _, _ -> true }
        film.setOnPreparedListener { it.start() }
        film.setVideoPath(path)
    }

    override fun onOpened(abilities: CameraAbilities) {
        stage.shape(abilities)
        presenter.onCamera(true)
    }

    override fun onFrame(frame: Frame) = Unit

    override fun onProblem(problem: CameraProblem) = presenter.onCamera(false, CaptureProblem.valueOf(problem.name))

    private companion object {
        const val LONGEST_S = 60
        const val SECOND_MS = 1_000L
    }
}
