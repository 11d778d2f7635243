// Pictures of sign-in, unlock and PIN.
package cn.dianma.app.entry

import android.app.Activity
import cn.dianma.app.harness.County
import cn.dianma.app.harness.Gallery
import cn.dianma.app.harness.MemoryKeys
import cn.dianma.app.screens.entry.SetPinActivity
import cn.dianma.app.screens.entry.SignInActivity
import cn.dianma.app.screens.entry.UnlockActivity
import cn.dianma.core.SignIn
import org.junit.Test
import org.robolectric.annotation.Config

@Config(sdk = [35])
class EntryGallery : Gallery() {
    @Test
    fun first_start() = pictures("entry-first") { open(SignInActivity::class.java) }

    @Test
    fun a_wrong_address_and_no_network() {
        app.isAirplane = true
        pictures("entry-no-network") {
            open(SignInActivity::class.java).also {
                tap(it.get(), app.getString(cn.dianma.app.R.string.entry_by_password))
                type(it.get(), "https", "https://gd.example")
                bar(it.get())
            }
        }
    }

    @Test
    fun locked_and_locked_out() {
        County().use { county ->
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            pictures("entry-first-pin") { open(SetPinActivity::class.java) }
            core {
                it.setPin("135790")
                it.lock()
            }
            pictures("entry-locked") { open(UnlockActivity::class.java) }
            pictures("entry-known") { open(SignInActivity::class.java) }
            pictures("entry-wrong-pin") {
                core {
                    it.unlock("135790")
                    it.lock()
                }
                open(UnlockActivity::class.java).also { digits(it.get()) }
            }
            repeat(5) { app.door.ask({ core -> core.unlock("000000") }) {} }
            settle()
            pictures("entry-locked-out") { open(UnlockActivity::class.java) }
        }
    }

    @Test
    fun a_key_store_that_lost_its_key() {
        County().use { county ->
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            app.die()
            app.keyStore = MemoryKeys()
            pictures("entry-put-away") {
                open(SignInActivity::class.java).also {
                    tap(it.get(), app.getString(cn.dianma.app.R.string.entry_by_password))
                }
            }
        }
    }

    private fun bar(screen: Activity) = tap(screen, screen.getString(cn.dianma.app.R.string.entry_sign_in))

    private fun digits(screen: Activity) {
        val keys = shown(screen.window.decorView).filter { it.isClickable }.toList()
        keys.filter { it.contentDescription == "1" }.forEach { key -> repeat(4) { key.performClick() } }
        val done = screen.getString(cn.dianma.app.R.string.entry_pin_done)
        keys.firstOrNull { it.contentDescription == done }?.performClick()
        settle()
    }
}
