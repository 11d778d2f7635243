// What every screen test shares: the app, waiting for the worker, finding views by what they say.
package cn.dianma.app.harness

import android.app.Activity
import android.content.Intent
import android.os.Looper
import android.view.View
import android.view.ViewGroup
import android.widget.EditText
import android.widget.TextView
import cn.dianma.bridge.Answer
import cn.dianma.core.CoreInterface
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [26, 35], application = TestApp::class, qualifiers = "zh-rCN-w411dp-h731dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
abstract class ScreenTest {
    val app: TestApp get() = RuntimeEnvironment.getApplication() as TestApp

    /** Opens a screen as the system would. */
    protected fun <A : Activity> open(kind: Class<A>): ActivityController<A> =
        Robolectric.buildActivity(kind).setup().also { settle() }

    /** Opens a screen with what it was given by the one before. */
    protected fun <A : Activity> open(kind: Class<A>, intent: Intent): ActivityController<A> =
        Robolectric.buildActivity(kind, intent).setup().also { settle() }

    /** Waits until the worker and the main thread have nothing more to do. */
    fun settle() {
        repeat(ROUNDS) {
            val done = CountDownLatch(2)
            app.network.execute(done::countDown)
            app.worker.execute(done::countDown)
            check(done.await(WAIT_S, TimeUnit.SECONDS)) { "the worker is stuck" }
            shadowOf(Looper.getMainLooper()).idle()
        }
    }

    /** Asks the core as the worker does and fails the test on a fault. */
    fun <T> core(work: (CoreInterface) -> T): T {
        var answer: Answer<T>? = null
        val thread = Thread { answer = app.door.now(work) }
        thread.start()
        thread.join()
        return when (val got = answer) {
            is Answer.Good -> got.value
            is Answer.Bad -> throw AssertionError("${got.trouble.code} ${got.trouble.fault.detail ?: ""}")
            null -> throw AssertionError("no answer")
        }
    }

    /** Every view below, this one included, that is shown. */
    fun shown(view: View): Sequence<View> =
        sequence {
            if (view.visibility != View.VISIBLE) return@sequence
            yield(view)
            if (view is ViewGroup) (0 until view.childCount).forEach { yieldAll(shown(view.getChildAt(it))) }
        }

    /** Everything the screen says, one text a line. */
    fun words(activity: Activity): String =
        shown(activity.window.decorView)
            .filterIsInstance<TextView>()
            .map { it.text.toString() }
            .filter { it.isNotEmpty() }
            .joinToString("\n")

    /** Types into the field with that hint. */
    protected open fun type(
        activity: Activity,
        label: String,
        words: String,
    ) {
        val field =
            shown(activity.window.decorView).filterIsInstance<EditText>().firstOrNull { label in (it.hint ?: "") }
                ?: throw AssertionError("no field \"$label\" in:\n${words(activity)}")
        field.setText(words)
        settle()
    }

    /** The name of the screen that was led to last; none is "". */
    protected fun led(): String {
        val started = shadowOf(app).nextStartedActivity ?: return ""
        return started.component?.shortClassName?.substringAfterLast('.') ?: started.action.orEmpty()
    }

    /** Taps what says [words], exactly or in part: the view itself or the nearest parent that can be tapped. */
    fun tap(activity: Activity, words: String) {
        val saying = shown(activity.window.decorView).filterIsInstance<TextView>().filter { words in it.text }.toList()
        if (saying.isEmpty()) throw AssertionError("nothing says \"$words\" in:\n${words(activity)}")
        val exact = saying.filter { it.text.toString() == words }
        val target = (exact + saying).firstNotNullOfOrNull(::tappable)
        checkNotNull(target) { "\"$words\" cannot be tapped" }.performClick()
        settle()
    }

    private fun tappable(view: View): View? =
        generateSequence(view) { it.parent as? View }.firstOrNull { it.isClickable }

    private companion object {
        const val ROUNDS = 4
        const val WAIT_S = 60L
    }
}
