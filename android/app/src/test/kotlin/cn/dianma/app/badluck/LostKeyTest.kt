// The phone's key store loses its key, or does not answer: nobody reads the data without it, and the work comes
// back with the next sign-in.
package cn.dianma.app.badluck

import cn.dianma.app.harness.County
import cn.dianma.app.harness.MemoryKeys
import cn.dianma.app.orders.OrderScreenTest
import cn.dianma.app.screens.entry.SignInActivity
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.core.KeyWrapper
import cn.dianma.core.KeyWrapperProblem
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class LostKeyTest : OrderScreenTest() {
    @Test
    fun a_lost_key_costs_a_sign_in_and_no_work() =
        withUnsentWork { county, id ->
            app.die()
            app.keyStore = MemoryKeys()
            val screen = open(SignInActivity::class.java).get()
            assertTrue(words(screen), "手机的密钥失效了" in words(screen))
            tap(screen, "用账号密码登录")
            assertTrue("the address is known", county.server.url in words(screen))
            type(screen, "登录名", "worker1")
            type(screen, "密码", County.PASSWORD)
            tap(screen, "登录")
            assertFalse(words(screen), "A-401" in words(screen))
            assertEquals(WORDS, order(id).fields.first { it.kind == "text" }.value)
            assertEquals("需要吊车", order(id).drafts["reassign.reason"])
            assertEquals(null, core { it.session() }.putAway)
            syncUntilIdle()
            val fields = county.seen(id).getJSONArray("record")
            val values = (0 until fields.length()).map { fields.getJSONObject(it).optString("value") }
            assertTrue("$values", WORDS in values)
        }

    @Test
    fun a_key_store_that_does_not_answer_is_told_and_asked_again() =
        withUnsentWork { _, id ->
            app.die()
            val sound = app.keyStore
            app.keyStore = Silent
            val home = open(HomeActivity::class.java).get()
            assertTrue(words(home), "X-503-BUSY" in words(home) && "密钥库" in words(home))
            app.keyStore = sound
            tap(home, "重试")
            assertFalse(words(home), "X-503-BUSY" in words(home))
            assertEquals(WORDS, order(id).fields.first { it.kind == "text" }.value)
        }

    private fun withUnsentWork(story: (County, String) -> Unit) {
        County().use { county ->
            val id = county.order(0, "fault_repair", "家里没电了").getString("id")
            signIn(county)
            begin(county, id)
            val field = order(id).fields.first { it.kind == "text" }
            core {
                it.recordField(id, field.name, WORDS)
                it.keepDraft(id, "reassign.reason", "需要吊车")
            }
            story(county, id)
        }
    }

    private object Silent : KeyWrapper {
        override fun wrap(secret: ByteArray): ByteArray = throw KeyWrapperProblem.Busy()

        override fun unwrap(sealed: ByteArray): ByteArray = throw KeyWrapperProblem.Busy()
    }

    private companion object {
        const val WORDS = "进线开关烧坏"
    }
}
