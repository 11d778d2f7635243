// What the capture screens share: the way to the presenter, the head that says what is asked for and how
// much is missing, the panel under the thumb, and the ways on when phone or store refuse.
package cn.dianma.app.screens.capture

import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.os.Bundle
import android.provider.Settings
import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.platform.dianma
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.Screen
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard
import cn.dianma.bridge.Action

abstract class CaptureScreen(
    private val kind: String,
) : Screen() {
    protected val presenter by lazy {
        CapturePresenter(
            door,
            intent.getStringExtra(Routes.EXTRA_ORDER).orEmpty(),
            intent.getStringExtra(Routes.EXTRA_SLOT) ?: EXTRA_PIECE,
            kind,
        ) { dianma.freeBytes() }
    }
    protected lateinit var head: TitleBar
    protected lateinit var panel: LinearLayout
    private var hasAsked = false

    /** What the screen is called when the order's list does not name what is taken. */
    protected abstract val title: Int

    override fun onCreate(saved: Bundle?) {
        hasAsked = saved?.getBoolean(HAS_ASKED) ?: false
        super.onCreate(saved)
    }

    override fun onResume() {
        super.onResume()
        presenter.attach(::draw)
        presenter.load()
    }

    override fun onPause() {
        presenter.detach()
        super.onPause()
    }

    override fun onSaveInstanceState(state: Bundle) {
        state.putBoolean(HAS_ASKED, hasAsked)
        super.onSaveInstanceState(state)
    }

    private fun draw(state: CaptureState) {
        if (state.phase == CapturePhase.SAVED) return finish()
        drawHead(state)
        panel.removeAllViews()
        state.trouble?.let { trouble ->
            val isFull = trouble.action == Action.FREE_SPACE
            val words = if (isFull) getString(R.string.capture_make_room) else null
            panel.put(troubleCard(trouble, words) { openSettings(Settings.ACTION_INTERNAL_STORAGE_SETTINGS) })
        }
        drawBody(state)
    }

    /** Draws the state once more: something of the screen's own has changed. */
    protected fun drawAgain() = draw(presenter.state)

    /** Draws what depends on the state; the panel is empty but for a trouble. */
    protected abstract fun drawBody(state: CaptureState)

    private fun drawHead(state: CaptureState) {
        val demand = state.demand ?: return head.show(getString(title))
        val line =
            if (demand.isMet) {
                getString(R.string.capture_enough, demand.count.toInt())
            } else {
                getString(R.string.capture_missing, demand.count.toInt(), demand.minCount.toInt())
            }
        head.show(say(demand.name), line)
    }

    /** Keep or take again; what was left is named as such. */
    protected fun drawReview(
        state: CaptureState,
        says: Int,
        again: Int,
    ) {
        val left = state.capture?.takeIf { state.isLeft }
        panel.put(heading(if (left == null) getString(says) else getString(R.string.capture_left, left.begunAt)))
        if (state.capture?.isImported == true) {
            panel.put(text(getString(R.string.capture_class_b), color = R.attr.soon), gap = Size.GAP / 2)
        }
        if (state.phase == CapturePhase.SAVING) {
            panel.put(text(getString(R.string.capture_saving), color = R.attr.inkQuiet), gap = Size.GAP)
            return
        }
        panel.put(primaryBar(getString(R.string.capture_keep)) { presenter.keep() }, gap = Size.GAP)
        panel.put(button(getString(again)) { presenter.again() }, gap = Size.GAP)
    }

    /** What went wrong at the phone's end and what to do about it. */
    protected fun drawProblem(problem: CaptureProblem, what: Int) {
        val (title, hint) =
            when (problem) {
                CaptureProblem.DENIED -> R.string.capture_denied to R.string.capture_denied_hint
                CaptureProblem.ABSENT -> R.string.capture_absent to R.string.capture_absent_hint
                CaptureProblem.TAKEN -> R.string.capture_taken to R.string.capture_taken_hint
                CaptureProblem.BROKEN -> R.string.capture_broken to R.string.capture_broken_hint
                CaptureProblem.FAILED -> R.string.capture_failed to R.string.capture_failed_hint
            }
        panel.put(
            heading(getString(title, getString(what))).apply {
                accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
            },
        )
        panel.put(text(getString(hint), color = R.attr.inkQuiet), gap = Size.GAP / 2)
        if (problem == CaptureProblem.DENIED) {
            val settings = primaryBar(getString(R.string.capture_settings)) {
                hasAsked = false
                openSettings(Settings.ACTION_APPLICATION_DETAILS_SETTINGS)
            }
            panel.put(settings, gap = Size.GAP)
        }
    }

    /** Says that the last one is safe. */
    protected fun drawSaved(state: CaptureState) {
        if (state.hasSaved) panel.put(text(getString(R.string.capture_saved), color = R.attr.good))
    }

    /** Whether all [permissions] are there; asks for them once. */
    protected fun isAllowed(vararg permissions: String): Boolean {
        val missing = permissions.filter { checkSelfPermission(it) != PackageManager.PERMISSION_GRANTED }
        if (missing.isEmpty()) return true
        if (hasAsked) {
            presenter.onCamera(false, CaptureProblem.DENIED)
        } else {
            hasAsked = true
            requestPermissions(missing.toTypedArray(), ASK)
        }
        return false
    }

    override fun onRequestPermissionsResult(
        code: Int,
        permissions: Array<out String>,
        results: IntArray,
    ) {
        super.onRequestPermissionsResult(code, permissions, results)
        val isDenied = results.isEmpty() || results.any { it != PackageManager.PERMISSION_GRANTED }
        if (code == ASK && isDenied) presenter.onCamera(false, CaptureProblem.DENIED)
    }

    private fun openSettings(page: String) {
        val intent = Intent(page)
        if (page == Settings.ACTION_APPLICATION_DETAILS_SETTINGS) {
            intent.data = Uri.fromParts("package", packageName, null)
        }
        try {
            startActivity(intent)
        } catch (_: android.content.ActivityNotFoundException) {
            // Some makers leave the page out; the words above say what to do.
        }
    }

    protected companion object {
        const val ASK = 1
        const val HAS_ASKED = "has_asked"
        const val EXTRA_PIECE = "extra"
    }
}
