// A hand on the phone: taps what it reads on the screen in front, types, holds a code before the camera, signs.
// Only through views and the camera; what becomes of it is the app's.
package cn.dianma.app.harness

import android.app.Activity
import android.app.DatePickerDialog
import android.app.TimePickerDialog
import android.content.DialogInterface
import android.content.Intent
import android.os.Looper
import android.os.SystemClock
import android.view.MotionEvent
import android.view.View
import android.view.ViewGroup
import android.widget.EditText
import android.widget.TextView
import cn.dianma.app.screens.capture.SignatureView
import cn.dianma.app.screens.home.HomeActivity
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowDialog
import java.time.Duration

/** @param after called after everything the hand did. */
class Hand(
    private val test: ScreenTest,
    private val after: (Hand) -> Unit = {},
) {
    /** The screens the hand came through. */
    val screens = ScreenStack(test)

    /** The latest things it did, for a test that fails. */
    private val trail = ArrayList<String>()

    val front: Activity get() = screens.front

    /** Everything the screen in front says. */
    val said: String get() = test.words(front)

    /** The sign of the app in the launcher, or a screen that was led to. */
    fun start(to: Intent = Intent(test.app, HomeActivity::class.java)) = act("start") { screens.start(to) }

    /** The phone is turned. */
    fun turn() = act("turn") { screens.turn() }

    /** Taps what says [words], exactly or in part. */
    fun tap(words: String) = act("tap $words") { test.tap(front, words) }

    /** Taps the button that says just this, chosen or not, or that a screen reader calls so. */
    fun press(words: String) =
        act("press $words") {
            val button = texts().firstOrNull { it.isClickable && words in names(it) }
            missing(button, words).performClick()
        }

    /** Taps the next-action bar, which must say this. */
    fun next(words: String) =
        act("next $words") {
            val bar = texts().lastOrNull { it.isClickable && it.text.startsWith("▶ ") }
            check(bar != null && words in bar.text) { "the bar does not say \"$words\" but \"${bar?.text}\"" }
            bar.performClick()
        }

    /** Ticks what is to be ticked, one after the other. */
    fun tickAll() {
        repeat(MOST_TICKS) {
            val open = texts().firstOrNull { it.text.toString() == "☐" } ?: return
            act("tick") { (open.parent as View).performClick() }
        }
        error("there is always one more to tick")
    }

    /** Types into the field with that label or hint, and waits until it has saved itself. */
    fun write(label: String, words: String) =
        act("write $label") {
            val field = texts().filterIsInstance<EditText>().firstOrNull { isCalled(it, label) }
            missing(field, label).setText(words)
            passes(SAVED_MS)
        }

    /** Taps [words] in the part of the form with that label. */
    fun choose(label: String, words: String) =
        act("choose $label: $words") {
            val parts = texts().filter { bare(it.text) == label || bare(it.text).startsWith("$label（") }
            val ways = parts.flatMap { test.shown(it.parent as ViewGroup).filterIsInstance<TextView>() }
            missing(ways.firstOrNull { it.isClickable && words in names(it) }, "$label: $words").performClick()
        }

    /** Sets the picker in front and confirms it; a picker of a day is followed by one of a clock. */
    fun pickDay(
        year: Int,
        month: Int,
        day: Int,
    ) = act("pick a day") {
        val picker = ShadowDialog.getLatestDialog() as DatePickerDialog
        check(picker.isShowing) { "no picker" }
        picker.updateDate(year, month - 1, day)
        picker.getButton(DialogInterface.BUTTON_POSITIVE).performClick()
    }

    fun pickClock(hour: Int, minute: Int) =
        act("pick a clock") {
            val picker = ShadowDialog.getLatestDialog() as TimePickerDialog
            check(picker.isShowing) { "no picker" }
            picker.updateTime(hour, minute)
            picker.getButton(DialogInterface.BUTTON_POSITIVE).performClick()
        }

    /** Types PINs on the keys of the screen, one after the other. */
    fun pin(vararg all: String) =
        act("PIN") {
            all.forEach { digits ->
                keys(digits)
                test.settle()
            }
        }

    /** Holds a code before the camera, until the verdict has been read and the scanner goes on. */
    fun see(plate: Plate) =
        act("see a code") {
            val before = said
            // A frame has its time; on a busy machine one may not be enough, as on a cheap phone.
            for (frame in 1..MOST_FRAMES) {
                test.app.camera.look(plate)
                test.settle()
                if (said != before) break
            }
            check(said != before) { "the code was not read: ${test.app.frames.figures}" }
            passes(VERDICT_MS)
        }

    /** Draws a name across the paper. */
    fun sign() =
        act("sign") {
            val paper = test.shown(front.window.decorView).filterIsInstance<SignatureView>().single()
            touch(paper, MotionEvent.ACTION_DOWN, 1)
            for (tenth in 2..8) touch(paper, MotionEvent.ACTION_MOVE, tenth)
            touch(paper, MotionEvent.ACTION_UP, 8)
        }

    @Suppress("DEPRECATION")
    fun back() = act("back") { front.onBackPressed() }

    /**
     * Another app is in front, the system takes this one's process, and the person comes back: all objects are
     * new, the screen in front is built from what the system kept of it. A locked app is opened with [pin].
     */
    fun comeBackAfterDeath(pin: String) {
        trail += "death"
        screens.dieAndReturn()
        if (front.javaClass.simpleName != "UnlockActivity") return
        keys(pin)
        screens.follow()
    }

    private fun keys(digits: String) {
        for (says in digits.map { "$it" } + "确定") {
            val key = test.shown(front.window.decorView).firstOrNull { it.isClickable && it.contentDescription == says }
            missing(key, says).performClick()
        }
    }

    private fun act(what: String, work: () -> Unit) {
        trail += what
        try {
            work()
            screens.follow()
            after(this)
        } catch (error: Throwable) {
            val where = "after ${trail.takeLast(TRAIL)} on ${front.javaClass.simpleName}"
            throw AssertionError("${error.message}\n$where", error)
        }
    }

    private fun texts() = test.shown(front.window.decorView).filterIsInstance<TextView>()

    private fun names(view: TextView) = listOf(bare(view.text), view.contentDescription?.toString())

    private fun bare(words: CharSequence) = words.toString().removePrefix("* ").removePrefix("✓ ")

    private fun isCalled(field: EditText, label: String): Boolean {
        val tag = bare("${field.tag ?: ""}")
        return tag == label || tag.startsWith("$label（") || label in (field.hint ?: "")
    }

    private fun <V : View> missing(view: V?, words: String): V =
        view ?: throw AssertionError("nothing for \"$words\" in:\n$said")

    private fun passes(ms: Long) = shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(ms))

    private fun touch(
        view: View,
        action: Int,
        tenth: Int,
    ) {
        val (now, share) = SystemClock.uptimeMillis() to tenth / 10f
        val event = MotionEvent.obtain(now, now, action, view.width * share, view.height * (0.3f + share / 3), 0)
        view.dispatchTouchEvent(event)
        event.recycle()
    }

    private companion object {
        const val MOST_TICKS = 40
        const val MOST_FRAMES = 8
        const val TRAIL = 12

        /** Longer than a field waits before it saves itself. */
        const val SAVED_MS = 2_000L

        /** Longer than a verdict stands before the scanner goes on. */
        const val VERDICT_MS = 2_000L
    }
}
