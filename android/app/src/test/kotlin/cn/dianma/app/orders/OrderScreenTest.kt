// What the tests of the order page share: a phone of worker1 with orders of a real county, and the ways a
// finger and the screens behind it drive the page.
package cn.dianma.app.orders

import android.app.Activity
import android.os.Looper
import android.view.View
import android.widget.EditText
import android.widget.TextView
import cn.dianma.app.harness.County
import cn.dianma.app.harness.GeneratedJob
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.orders.OrderActivity
import cn.dianma.core.OrderView
import cn.dianma.core.SignIn
import org.junit.Assert.assertEquals
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import java.io.File
import java.nio.file.Files
import java.time.Duration

abstract class OrderScreenTest : ScreenTest() {
    protected val files: File = Files.createTempDirectory("dianma-captured").toFile()

    protected fun signIn(county: County) {
        core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
        syncUntilIdle()
    }

    /** Exchanges until nothing is left to send. */
    protected fun syncUntilIdle() {
        repeat(MOST_ROUNDS) {
            val outcome = core { it.syncNow() }
            check(outcome.isReached) { "the server was not reached: ${outcome.notices}" }
            if (outcome.strip.pendingCommands == 0u && outcome.strip.pendingFiles == 0u) return settle()
        }
        error("still unsent")
    }

    protected fun open(id: String): ActivityController<OrderActivity> =
        open(OrderActivity::class.java, Routes.order(app, id))

    protected fun order(id: String): OrderView = core { it.order(id) }

    /** Lets the pause pass after which a field saves itself. */
    protected fun pause() {
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofSeconds(2))
        settle()
    }

    /** Types into the field with this label. */
    override fun type(
        activity: Activity,
        label: String,
        words: String,
    ) {
        val field =
            shown(activity.window.decorView).filterIsInstance<EditText>().firstOrNull {
                label in (it.hint ?: "") ||
                    label in "${it.tag ?: ""}"
            }
                ?: throw AssertionError("no field \"$label\" in:\n${words(activity)}")
        field.setText(words)
        pause()
    }

    /** Taps what says just this, chosen or not. */
    protected fun tapExactly(activity: Activity, words: String) {
        val view =
            shown(activity.window.decorView)
                .filterIsInstance<TextView>()
                .firstOrNull { it.isClickable && it.text.toString().removePrefix("✓ ") == words }
        checkNotNull(view) { "nothing to tap says just \"$words\" in:\n${words(activity)}" }.performClick()
        settle()
    }

    /** Taps the next-action bar, which must say this. */
    protected fun next(activity: Activity, words: String) {
        val bar = shown(activity.window.decorView).filterIsInstance<TextView>().lastOrNull {
            it.text.startsWith("▶ ") &&
                it.isClickable
        }
        assertEquals(words(activity), true, bar?.text?.contains(words) ?: false)
        bar?.performClick()
        settle()
    }

    /** From accepting to working on site, without screens. */
    protected fun begin(county: County, id: String) =
        core { core -> GeneratedJob({ core }, id, county.labelText(0), files).begin() }

    /** Stores what the camera would have taken for every line of the check-list. */
    protected fun takeEvidence(id: String, seed: Long = 1) = core { GeneratedJob({ it }, id, "", files).evidence(seed) }

    private companion object {
        const val MOST_ROUNDS = 60
    }
}
