// The panel of the scanner under the thumb: tools while it looks, the verdict when something was read, the
// number while it is typed, and what to do when there is no picture.
package cn.dianma.app.screens.scan

import android.content.Context
import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.camera.CameraAbilities
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard
import cn.dianma.core.ScanOutcome

class ScanPanel(
    private val context: Context,
    private val taps: Taps,
    private val purpose: String,
) {
    /** What a person can do here. */
    interface Taps {
        fun onTorch(isOn: Boolean)

        fun onZoom(factor: Float)

        fun onPick()

        fun onType()

        fun onTyped(text: String)

        fun onUseTyped()

        fun onAgain()

        fun onSettings()

        fun onUse(outcome: ScanOutcome)

        fun onOrder(id: String)

        fun onCustomer(id: String)

        /** There is a network to ask the server over. */
        fun hasSignal(): Boolean

        fun onAskServer(text: String)

        fun onLeave()
    }

    /** What the opened camera can do. */
    var abilities = CameraAbilities()
        set(value) {
            field = value
            shown?.let(::draw)
        }

    private val body = context.column().pad(Size.EDGE, Size.EDGE - 4)
    private val number = NumberEntry(context, taps)
    private val verdict = VerdictView(context, taps)
    private var isTorchOn = false
    private var zoom = 1f
    private var shown: ScanState? = null
    private var drawn: Any? = null

    /** What is drawn here. */
    val view: View get() = body

    fun draw(state: ScanState) {
        shown = state
        // Drawing anew while somebody types would take the keyboard away.
        val key = if (state.isTyping) TYPING else listOf(state, abilities, isTorchOn, zoom)
        if (key != drawn) rebuild(state)
        drawn = key
        if (state.isTyping) number.draw(state)
    }

    private fun rebuild(state: ScanState) {
        body.removeAllViews()
        val outcome = state.outcome
        val trouble = state.trouble
        when {
            trouble != null && !state.isTyping -> {
                body.put(context.troubleCard(trouble, context.getString(R.string.scan_again)) { taps.onAgain() })
                ways(state)
            }
            state.isTyping -> body.put(number.view(state.typed))
            outcome != null -> body.put(verdict.view(outcome, purpose, state))
            else -> looking(state)
        }
        back()
    }

    private fun looking(state: ScanState) {
        val (title, hint) = words(state)
        body.put(
            context.heading(context.getString(title)).apply {
                accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
            },
        )
        body.put(context.text(context.getString(hint), color = R.attr.inkQuiet), gap = Size.GAP / 2)
        when (state.sightline) {
            Sightline.DENIED -> body.put(bar(R.string.scan_settings) { taps.onSettings() }, gap = Size.GAP)
            Sightline.TAKEN, Sightline.BROKEN -> body.put(bar(R.string.scan_reopen) { taps.onAgain() }, gap = Size.GAP)
            else -> Unit
        }
        if (state.sightline == Sightline.LOOKING) cameraTools()
        ways(state)
    }

    private fun words(state: ScanState): Pair<Int, Int> =
        when {
            state.isWeighing -> R.string.scan_weighing to R.string.scan_weighing_hint
            state.hasEmptyPicture -> R.string.scan_picture_empty to R.string.scan_picture_empty_hint
            state.sightline == Sightline.STARTING -> R.string.scan_starting to hint()
            state.sightline == Sightline.DENIED -> R.string.scan_denied to R.string.scan_denied_hint
            state.sightline == Sightline.ABSENT -> R.string.scan_absent to R.string.scan_absent_hint
            state.sightline == Sightline.TAKEN -> R.string.scan_taken to R.string.scan_taken_hint
            state.sightline == Sightline.BROKEN -> R.string.scan_broken to R.string.scan_broken_hint
            state.isHard -> R.string.scan_hard to R.string.scan_hard_hint
            else -> title() to hint()
        }

    private fun title() =
        when (purpose) {
            "arrive" -> R.string.scan_arrive
            "finish" -> R.string.scan_finish
            "enrol" -> R.string.scan_enrol
            else -> R.string.scan_lookup
        }

    private fun hint() =
        when (purpose) {
            "arrive" -> R.string.scan_arrive_hint
            "finish" -> R.string.scan_finish_hint
            "enrol" -> R.string.scan_enrol_hint
            else -> R.string.scan_lookup_hint
        }

    private fun cameraTools() {
        val tools = ArrayList<View>()
        if (abilities.hasTorch) {
            val words = if (isTorchOn) R.string.scan_torch_off else R.string.scan_torch_on
            tools += context.button(context.getString(words)) {
                isTorchOn = !isTorchOn
                taps.onTorch(isTorchOn)
                shown?.let(::draw)
            }
        }
        if (abilities.largestZoom >= ZOOM_STEP) {
            tools += context.button(context.getString(R.string.scan_zoom, zoom.toInt())) {
                zoom = if (zoom * ZOOM_STEP > minOf(abilities.largestZoom, MOST_ZOOM)) 1f else zoom * ZOOM_STEP
                taps.onZoom(zoom)
                shown?.let(::draw)
            }
        }
        if (tools.isNotEmpty()) body.put(sideBySide(tools), gap = Size.GAP)
    }

    /** The ways that need no camera. */
    private fun ways(state: ScanState) {
        val ways = ArrayList<View>()
        ways += context.button(context.getString(R.string.scan_pick)) { taps.onPick() }
        if (state.mayType) ways += context.button(context.getString(R.string.scan_type)) { taps.onType() }
        body.put(sideBySide(ways), gap = Size.GAP)
    }

    private fun back() {
        body.put(context.button(context.getString(R.string.scan_leave)) { taps.onLeave() }, gap = Size.GAP)
    }

    private fun bar(words: Int, action: () -> Unit) = context.primaryBar(context.getString(words), action)

    // Large letters need the whole width.
    private fun sideBySide(views: List<View>): LinearLayout {
        val isLarge = context.resources.configuration.fontScale > LARGE_LETTERS
        val box = if (isLarge) context.column() else context.row()
        views.forEachIndexed { index, view ->
            val gap = if (index == 0) 0 else Size.GAP
            if (isLarge) box.put(view, gap = gap) else box.put(view, width = 0, share = 1f, gap = gap)
        }
        return box
    }

    private companion object {
        const val TYPING = "typing"
        const val ZOOM_STEP = 2f
        const val MOST_ZOOM = 4f
        const val LARGE_LETTERS = 1.3f
    }
}
