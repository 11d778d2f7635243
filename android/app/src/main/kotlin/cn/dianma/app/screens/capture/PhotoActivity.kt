// A photo taken here (class A) or picked from the gallery (class B): two taps, looked at before it is kept.
package cn.dianma.app.screens.capture

import android.Manifest
import android.content.Intent
import android.os.Bundle
import android.view.View
import android.widget.FrameLayout
import android.widget.ImageView
import cn.dianma.app.R
import cn.dianma.app.camera.Camera
import cn.dianma.app.camera.CameraAbilities
import cn.dianma.app.camera.CameraProblem
import cn.dianma.app.camera.CameraUse
import cn.dianma.app.camera.CameraWatcher
import cn.dianma.app.camera.Frame
import cn.dianma.app.camera.PreviewStage
import cn.dianma.app.platform.PickedFile
import cn.dianma.app.platform.dianma
import cn.dianma.app.widgets.FILL
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.StagePanel
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import java.io.File

class PhotoActivity :
    CaptureScreen("photo"),
    CameraWatcher {
    private lateinit var camera: Camera
    private lateinit var stage: PreviewStage
    private lateinit var taken: ImageView
    private var abilities = CameraAbilities()
    private var isTorchOn = false
    private var shownPath: String? = null

    override val title = R.string.capture_photo

    override fun onCreate(saved: Bundle?) {
        camera = dianma.camera(CameraUse.PHOTO)
        super.onCreate(saved)
    }

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            head = put(TitleBar(context, getString(title)) { finish() })
            val place = FrameLayout(context)
            stage = PreviewStage(context, camera)
            taken = ImageView(context).apply {
                scaleType = ImageView.ScaleType.FIT_CENTER
                setBackgroundColor(context.color(R.attr.paper))
                contentDescription = getString(R.string.capture_photo_taken)
            }
            place.addView(stage, FrameLayout.LayoutParams(FILL, FILL))
            place.addView(taken, FrameLayout.LayoutParams(FILL, FILL))
            panel = context.column().pad(Size.EDGE, Size.EDGE - 4)
            put(StagePanel(context, place, panel), height = 0, share = 1f)
        }

    override fun onResume() {
        super.onResume()
        if (isAllowed(Manifest.permission.CAMERA)) camera.open(this)
    }

    override fun onPause() {
        camera.close()
        presenter.onCamera(false)
        super.onPause()
    }

    override fun drawBody(state: CaptureState) {
        val isReview = state.phase == CapturePhase.REVIEW || state.phase == CapturePhase.SAVING
        showPicture(if (isReview) state.capture?.path else null)
        when {
            isReview -> drawReview(state, R.string.capture_photo_review, R.string.capture_photo_again)
            state.phase == CapturePhase.TAKING -> panel.put(primaryBar(getString(R.string.capture_taking)) {})
            else -> drawReady(state)
        }
    }

    private fun drawReady(state: CaptureState) {
        drawSaved(state)
        state.problem?.let { drawProblem(it, R.string.capture_camera) }
        if (state.isCameraOpen) {
            panel.put(primaryBar(getString(R.string.capture_shutter), ::shoot), gap = Size.GAP)
        } else if (state.problem != null && state.problem != CaptureProblem.DENIED) {
            val reopen = button(getString(R.string.capture_reopen)) { camera.open(this) }
            panel.put(reopen, gap = Size.GAP)
        }
        val tools = row()
        tools.put(button(getString(R.string.capture_gallery), ::pick), width = 0, share = 1f)
        if (state.isCameraOpen && abilities.hasTorch) {
            val words = if (isTorchOn) R.string.scan_torch_off else R.string.scan_torch_on
            tools.put(button(getString(words), ::turnTorch), width = 0, share = 1f, gap = Size.GAP)
        }
        panel.put(tools, gap = Size.GAP)
    }

    private fun showPicture(path: String?) {
        taken.visibility = if (path == null) View.GONE else View.VISIBLE
        if (path == shownPath) return
        shownPath = path
        taken.setImageDrawable(null)
        if (path != null) LargePicture.load(File(path)) { if (shownPath == path) taken.setImageBitmap(it) }
    }

    private fun shoot() = presenter.begin(false) { path -> camera.takePicture(File(path), presenter::onTaken) }

    private fun turnTorch() {
        isTorchOn = !isTorchOn
        camera.useTorch(isTorchOn)
        drawAgain()
    }

    private fun pick() {
        val pick = Intent(Intent.ACTION_GET_CONTENT).addCategory(Intent.CATEGORY_OPENABLE).setType("image/*")
        PickedFile.ask(this, pick, PICK)
    }

    override fun onActivityResult(
        request: Int,
        result: Int,
        data: Intent?,
    ) {
        super.onActivityResult(request, result, data)
        val picked = data?.data
        if (request != PICK || result != RESULT_OK || picked == null) return
        presenter.begin(true) { path ->
            PickedFile.copy(this, picked, File(path)) { file -> presenter.onTaken(file != null) }
        }
    }

    override fun onOpened(abilities: CameraAbilities) {
        this.abilities = abilities
        stage.shape(abilities)
        presenter.onCamera(true)
    }

    override fun onFrame(frame: Frame) = Unit

    override fun onProblem(problem: CameraProblem) = presenter.onCamera(false, CaptureProblem.valueOf(problem.name))

    private companion object {
        const val PICK = 2
    }
}
