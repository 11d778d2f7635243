// The PIN: set, asked for after process death without a network, counted, locked out, changed; and the app
// that locks itself when nobody touches it.
package cn.dianma.app.entry

import android.app.Activity
import android.os.Looper
import android.view.View
import cn.dianma.app.harness.County
import cn.dianma.app.harness.Device
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.harness.TestApp
import cn.dianma.app.screens.entry.SetPinActivity
import cn.dianma.app.screens.entry.UnlockActivity
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.core.SignIn
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import java.io.File
import java.time.Duration

class UnlockTest : ScreenTest() {
    @Test
    fun after_process_death_the_pin_opens_the_work_without_a_network() =
        afterDeath { order ->
            app.isAirplane = true
            val home = open(HomeActivity::class.java)
            assertEquals("UnlockActivity", led())
            home.pause()
            val lock = open(UnlockActivity::class.java).get()
            assertTrue(words(lock), "生成worker1" in words(lock) && "客户资料可用至" in words(lock))
            enter(lock, "111111")
            assertTrue(words(lock), "还可试 4 次" in words(lock))
            assertFalse(lock.isFinishing)
            enter(lock, PIN)
            assertTrue(words(lock), lock.isFinishing)
            home.resume()
            settle()
            assertTrue(words(home.get()), order in words(home.get()))
        }

    @Test
    fun five_wrong_pins_leave_only_the_password() =
        afterDeath {
            val lock = open(UnlockActivity::class.java).get()
            repeat(5) { enter(lock, "000000") }
            assertTrue(words(lock), "A-423-LOCKED" in words(lock))
            assertFalse("the keys are gone", "⌫" in words(lock))
            tap(lock, "联网用密码登录")
            assertEquals("SignInActivity", led())
        }

    @Test
    fun a_first_pin_is_typed_twice_and_changed_by_the_one_in_use() {
        County().use { county ->
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            open(HomeActivity::class.java)
            assertEquals("SetPinActivity", led())
            val first = open(SetPinActivity::class.java).get()
            enter(first, PIN)
            enter(first, "999999")
            assertTrue(words(first), "两次不一样" in words(first))
            enter(first, "12")
            enter(first, "12")
            assertTrue(words(first), "4 到 12 位数字" in words(first))
            enter(first, PIN)
            enter(first, PIN)
            assertTrue(first.isFinishing)
            val change = open(SetPinActivity::class.java).get()
            assertTrue(words(change), "输入现在的解锁码" in words(change))
            listOf(PIN, "246800", "246800").forEach { enter(change, it) }
            assertTrue(words(change), change.isFinishing)
            core {
                it.lock()
                it.unlock("246800")
            }
        }
    }

    @Test
    fun an_app_that_nobody_touches_locks_itself() {
        County().use { county ->
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core { it.setPin(PIN) }
            open(HomeActivity::class.java)
            assertEquals("", led())
            val idleMs = core { it.session() }.idleLockMs
            shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(idleMs / 2))
            settle()
            assertFalse(core { it.session() }.isLocked)
            shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(idleMs))
            settle()
            assertTrue(core { it.session() }.isLocked)
            assertEquals("UnlockActivity", led())
        }
    }

    /** Signs in, pulls an order and sets a PIN in one process; the story goes on in another. */
    private fun afterDeath(story: (String) -> Unit) {
        County().use { county ->
            Device(TestApp.memoryKeys).use { device ->
                val order = county.order(0, "fault_repair", "家里没电了").getString("order_number")
                device.core.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15"))
                device.syncUntilIdle()
                device.core.setPin(PIN)
                device.die()
                app.store = File(device.folder, "store")
                story(order)
            }
        }
    }

    private fun enter(screen: Activity, pin: String) {
        pin.forEach { key(screen, it.toString()) }
        key(screen, "确定")
        settle()
    }

    private fun key(screen: Activity, says: String) {
        val key = shown(screen.window.decorView).firstOrNull { it.isClickable && it.contentDescription == says }
        (key as View? ?: throw AssertionError("no key $says in ${words(screen)}")).performClick()
    }

    private companion object {
        const val PIN = "135790"
    }
}
