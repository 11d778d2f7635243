// The scanner: preview over the whole screen, corners over the code, a panel under the thumb that always
// has a way on - torch, zoom, a picture, typing - whatever the camera does.
package cn.dianma.app.screens.scan

import android.Manifest
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.os.Build
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import android.provider.Settings
import android.view.HapticFeedbackConstants
import android.view.View
import cn.dianma.app.R
import cn.dianma.app.camera.Analyzer
import cn.dianma.app.camera.Camera
import cn.dianma.app.camera.CameraAbilities
import cn.dianma.app.camera.CameraProblem
import cn.dianma.app.camera.CameraUse
import cn.dianma.app.camera.CameraWatcher
import cn.dianma.app.camera.Frame
import cn.dianma.app.camera.Sight
import cn.dianma.app.platform.PickedFile
import cn.dianma.app.platform.dianma
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.Screen
import cn.dianma.app.widgets.StagePanel
import cn.dianma.app.widgets.color
import cn.dianma.bridge.Trouble
import cn.dianma.core.ScanOutcome

class ScanActivity :
    Screen(),
    CameraWatcher,
    ScanPanel.Taps {
    /** Nobody is signed in yet who scans the code to sign in with. */
    override val isEntry get() = purpose == Routes.TO_ENROL

    private val purpose by lazy { intent.getStringExtra(Routes.EXTRA_PURPOSE) ?: Routes.TO_LOOK_UP }
    private val presenter by lazy { ScanPresenter(door, purpose, intent.getStringExtra(Routes.EXTRA_ORDER)) }
    private val later = Handler(Looper.getMainLooper())
    private val goOn = Runnable { presenter.state.outcome?.let(::finishWith) }
    private lateinit var camera: Camera
    private lateinit var analyzer: Analyzer
    private lateinit var stage: ScanStage
    private lateinit var panel: ScanPanel
    private var hasAsked = false
    private var isOpen = false
    private var shownOutcome: ScanOutcome? = null

    override fun onCreate(saved: Bundle?) {
        hasAsked = saved?.getBoolean(HAS_ASKED) ?: false
        camera = dianma.camera(CameraUse.FRAMES)
        analyzer = Analyzer(dianma.frames, { work -> later.post(work) }, ::onSight, ::onDefect)
        super.onCreate(saved)
        if (saved?.getBoolean(IS_TYPING) == true) {
            presenter.type()
            presenter.onTyped(saved.getString(TYPED).orEmpty())
        }
    }

    override fun build(): View {
        stage = ScanStage(this, camera, analyzer)
        panel = ScanPanel(this, this, purpose)
        return StagePanel(this, stage, panel.view).apply { setBackgroundColor(context.color(R.attr.paper)) }
    }

    override fun onResume() {
        super.onResume()
        presenter.attach(::draw)
        openCamera()
    }

    override fun onPause() {
        later.removeCallbacks(goOn)
        closeCamera()
        presenter.detach()
        super.onPause()
    }

    override fun onDestroy() {
        analyzer.end()
        super.onDestroy()
    }

    override fun onSaveInstanceState(state: Bundle) {
        state.putBoolean(HAS_ASKED, hasAsked)
        state.putBoolean(IS_TYPING, presenter.state.isTyping)
        state.putString(TYPED, presenter.state.typed)
        super.onSaveInstanceState(state)
    }

    private fun draw(state: ScanState) {
        analyzer.isPaused = !state.isSearching
        if (!state.isSearching) stage.forget()
        panel.draw(state)
        if (state.outcome !== shownOutcome) announce(state)
        shownOutcome = state.outcome
    }

    private fun announce(state: ScanState) {
        later.removeCallbacks(goOn)
        val outcome = state.outcome ?: return
        stage.performHapticFeedback(feedback(outcome.isUsable))
        if (state.goesOn) later.postDelayed(goOn, VERDICT_SEEN_MS)
    }

    private fun feedback(isGood: Boolean): Int =
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
            if (isGood) HapticFeedbackConstants.CONFIRM else HapticFeedbackConstants.REJECT
        } else {
            HapticFeedbackConstants.LONG_PRESS
        }

    // ---- camera

    private fun openCamera() {
        if (checkSelfPermission(Manifest.permission.CAMERA) != PackageManager.PERMISSION_GRANTED) {
            if (hasAsked) return presenter.onCamera(Sightline.DENIED)
            hasAsked = true
            return requestPermissions(arrayOf(Manifest.permission.CAMERA), ASK_CAMERA)
        }
        presenter.onCamera(Sightline.STARTING)
        isOpen = true
        camera.open(this)
    }

    private fun closeCamera() {
        if (isOpen) camera.close()
        isOpen = false
    }

    override fun onRequestPermissionsResult(
        code: Int,
        permissions: Array<out String>,
        results: IntArray,
    ) {
        super.onRequestPermissionsResult(code, permissions, results)
        if (code == ASK_CAMERA && results.firstOrNull() != PackageManager.PERMISSION_GRANTED) {
            presenter.onCamera(Sightline.DENIED)
        }
    }

    override fun onOpened(abilities: CameraAbilities) {
        panel.abilities = abilities
        stage.shape(abilities)
        presenter.onCamera(Sightline.LOOKING)
    }

    override fun onFrame(frame: Frame) {
        analyzer.search(frame)
    }

    override fun onProblem(problem: CameraProblem) {
        isOpen = false
        stage.forget()
        presenter.onCamera(
            when (problem) {
                CameraProblem.DENIED -> Sightline.DENIED
                CameraProblem.ABSENT -> Sightline.ABSENT
                CameraProblem.TAKEN -> Sightline.TAKEN
                CameraProblem.BROKEN -> Sightline.BROKEN
            },
        )
    }

    private fun onSight(sight: Sight?) {
        stage.show(sight)
        if (sight != null && sight.isSure) presenter.onCode(sight.text) else presenter.onNothing()
    }

    private fun onDefect(error: Throwable) = presenter.onTrouble(Trouble.of(error))

    // ---- taps

    override fun onTorch(isOn: Boolean) = camera.useTorch(isOn)

    override fun onZoom(factor: Float) = camera.zoomTo(factor)

    override fun onType() = presenter.type()

    override fun onTyped(text: String) = presenter.onTyped(text)

    override fun onUseTyped() = presenter.useTyped()

    override fun onAgain() {
        presenter.again()
        if (!isOpen) openCamera()
    }

    override fun onPick() {
        val pick = Intent(Intent.ACTION_GET_CONTENT).addCategory(Intent.CATEGORY_OPENABLE).setType("image/*")
        PickedFile.ask(this, pick, PICK)
    }

    override fun onSettings() {
        hasAsked = false
        startActivity(Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Uri.fromParts("package", packageName, null)))
    }

    override fun onUse(outcome: ScanOutcome) = finishWith(outcome)

    override fun onOrder(id: String) = leaveFor(Routes.order(this, id))

    override fun onCustomer(id: String) = leaveFor(Routes.customer(this, id))

    override fun hasSignal() = dianma.hasSignal()

    override fun onAskServer(text: String) = leaveFor(Routes.customerOnline(this, text))

    override fun onLeave() = finish()

    override fun onActivityResult(
        request: Int,
        result: Int,
        data: Intent?,
    ) {
        super.onActivityResult(request, result, data)
        val picked = data?.data
        if (request != PICK || result != RESULT_OK || picked == null) return
        PickedFile.copy(this, picked) { file ->
            if (file == null) presenter.onPicture("") else presenter.onPicture(file.path)
        }
    }

    // ---- what comes of it

    private fun finishWith(outcome: ScanOutcome) {
        if (purpose != Routes.TO_LOOK_UP) {
            val answer = Intent().putExtra(Routes.EXTRA_TEXT, outcome.text)
            setResult(RESULT_OK, answer.putExtra(Routes.EXTRA_IS_TYPED, outcome.isTyped))
            return finish()
        }
        when (outcome.opens) {
            "order" -> onOrder(outcome.orders.first().id)
            "customer" -> onCustomer(outcome.customers.first().id)
            else -> Unit
        }
    }

    private fun leaveFor(page: Intent) {
        startActivity(page)
        finish()
    }

    private companion object {
        const val ASK_CAMERA = 1
        const val PICK = 2
        const val HAS_ASKED = "has_asked"
        const val IS_TYPING = "is_typing"
        const val TYPED = "typed"

        /** Long enough to read two words, short enough not to wait. */
        const val VERDICT_SEEN_MS = 1_200L
    }
}
