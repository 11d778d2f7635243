// The system's part around the screens: what one starts comes to the front, what it ends with is handed to the
// one that asked, those behind are asleep, and after the process was taken each is built from what was kept.
package cn.dianma.app.harness

import android.app.Activity
import android.content.Intent
import android.os.Bundle
import android.os.Looper
import android.os.Parcel
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.shadows.ShadowActivity.IntentForResult
import java.time.Duration

class ScreenStack(
    private val test: ScreenTest,
) {
    /** @param isAsked somebody waits for what it ends with. */
    private class Level(
        val intent: Intent,
        val isAsked: Boolean = false,
    ) {
        /** None in a process that has not shown it yet. */
        var controller: ActivityController<out Activity>? = null
        var kept: Bundle? = null

        val activity: Activity get() = controller!!.get()
    }

    private val levels = ArrayList<Level>()

    val front: Activity get() = levels.last().activity

    /** What was led to outside the app, oldest first. */
    val outside = ArrayList<Intent>()

    fun start(intent: Intent) {
        check(levels.isEmpty()) { "already running" }
        levels += Level(intent)
        wake(levels.last())
    }

    /** The screen in front is built anew, as when the phone is turned. */
    fun turn() {
        levels.last().controller?.recreate()
    }

    /** Lets happen what the screen in front asked for, until it asks for nothing more. */
    fun follow() {
        repeat(MOST_TURNS) {
            test.settle()
            val started = started()
            when {
                started != null -> enter(started)
                front.isFinishing -> leave()
                else -> return
            }
        }
        error("the screens go on changing at ${front.javaClass.simpleName}")
    }

    /** Everything of the process goes; the screen in front is shown again by a new one. */
    fun dieAndReturn() {
        sleep(levels.last())
        test.settle()
        // What was posted has run before the system takes a process that nobody looks at.
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofSeconds(2))
        test.settle()
        test.app.reborn()
        levels.forEach { it.controller = null }
        wake(levels.last())
        follow()
    }

    private fun started(): IntentForResult? {
        val shadow = shadowOf(front)
        val found = shadow.peekNextStartedActivityForResult() ?: return null
        shadow.clearNextStartedActivities()
        if (found.intent.component?.packageName == test.app.packageName) return found
        outside += found.intent
        return null
    }

    private fun enter(started: IntentForResult) {
        val intent = started.intent
        val known = levels.indexOfLast { it.intent.component == intent.component }
        sleep(levels.last())
        if (known >= 0 && intent.flags and Intent.FLAG_ACTIVITY_CLEAR_TOP != 0) {
            while (levels.lastIndex > known) levels.removeAt(levels.lastIndex).controller?.destroy()
            return wake(levels.last())
        }
        if (front.isFinishing) levels.removeAt(levels.lastIndex).controller?.destroy()
        levels += Level(intent, started.requestCode >= 0)
        wake(levels.last())
    }

    private fun leave() {
        val gone = levels.removeAt(levels.lastIndex)
        check(levels.isNotEmpty()) { "the app was left" }
        val ended = shadowOf(gone.activity)
        gone.controller?.pause()
        wake(levels.last()) { below ->
            if (gone.isAsked) shadowOf(below).receiveResult(gone.intent, ended.resultCode, ended.resultIntent)
        }
        gone.controller?.stop()?.destroy()
    }

    private fun sleep(level: Level) {
        val kept = Bundle()
        level.controller
            ?.pause()
            ?.saveInstanceState(kept)
            ?.stop()
        level.kept = stored(kept)
    }

    /** To the front; [before] is done when it is there and nobody sees it yet. */
    private fun wake(level: Level, before: (Activity) -> Unit = {}) {
        val known = level.controller
        if (known != null) {
            known.restart()
            before(known.get())
            known.resume()
            return
        }
        val made = built(level.intent)
        level.controller = made
        made.create(level.kept).start()
        level.kept?.let { made.restoreInstanceState(it) }
        made.postCreate(level.kept)
        before(made.get())
        made.resume().visible()
    }

    private fun built(intent: Intent): ActivityController<out Activity> {
        val kind = javaClass.classLoader!!.loadClass(intent.component!!.className)
        return Robolectric.buildActivity(kind.asSubclass(Activity::class.java), intent)
    }

    /** As the system keeps it: bytes, nothing that lives. */
    private fun stored(state: Bundle): Bundle {
        val out = Parcel.obtain()
        state.writeToParcel(out, 0)
        val bytes = out.marshall()
        out.recycle()
        val back = Parcel.obtain()
        back.unmarshall(bytes, 0, bytes.size)
        back.setDataPosition(0)
        val read = Bundle.CREATOR.createFromParcel(back)
        read.classLoader = javaClass.classLoader
        read.size()
        back.recycle()
        return read
    }

    private companion object {
        const val MOST_TURNS = 20
    }
}
