// Leads to sign-in, unlock or the first PIN when the core says so, and locks an app that nobody touches.
// Which of them, and after how long, is the core's word.
package cn.dianma.app.screens.entry

import android.os.Handler
import android.os.Looper
import android.os.SystemClock
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.Screen
import cn.dianma.bridge.Action
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.SessionView

class Gatekeeper(
    private val door: CoreDoor,
) {
    private val home = Handler(Looper.getMainLooper())
    private val tick = Runnable { lockWhenIdle() }
    private var front: Screen? = null
    private var touchedAt = SystemClock.elapsedRealtime()
    private var idleMs = 0L
    private var isLeading = false

    /** A screen is in front. */
    fun shown(screen: Screen) {
        front = screen
        isLeading = false
        lockWhenIdle()
    }

    /** A screen is no longer in front. */
    fun gone(screen: Screen) {
        if (front === screen) front = null
    }

    /** A person touched the screen. */
    fun touched() {
        touchedAt = SystemClock.elapsedRealtime()
    }

    /** A call failed: perhaps somebody has to sign in or unlock first. */
    fun onTrouble(trouble: Trouble) {
        if (trouble.action == Action.UNLOCK || trouble.action == Action.SIGN_IN) check()
    }

    /** Asks the core how the phone stands and leads there. */
    fun check() =
        door.ask({ it.session() }) { answer ->
            if (answer is Answer.Good) lead(answer.value)
        }

    private fun lead(session: SessionView) {
        idleMs = session.idleLockMs
        arm()
        val screen = front?.takeUnless { it.isEntry || isLeading } ?: return
        val way =
            when (session.gate) {
                "sign_in" -> Routes.signIn(screen)
                "unlock" -> Routes.unlock(screen)
                "set_pin" -> Routes.setPin(screen)
                else -> return
            }
        isLeading = true
        screen.startActivity(way)
    }

    private fun lockWhenIdle() {
        val screen = front ?: return
        if (idleMs <= 0) return
        val left = touchedAt + idleMs - SystemClock.elapsedRealtime()
        if (left > 0 || screen.isEntry) {
            arm()
            return
        }
        touched()
        door.ask({ it.lock() }) { check() }
    }

    private fun arm() {
        home.removeCallbacks(tick)
        if (idleMs > 0) home.postDelayed(tick, (touchedAt + idleMs - SystemClock.elapsedRealtime()).coerceAtLeast(1))
    }
}
