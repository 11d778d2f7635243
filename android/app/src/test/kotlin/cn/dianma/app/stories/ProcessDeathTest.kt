// One order from the one-time code to the archive, the process being taken after everything the hand does: each
// time the same screen comes back with the same words, and nothing that was done or typed is lost.
package cn.dianma.app.stories

import android.Manifest
import cn.dianma.app.harness.County
import cn.dianma.app.harness.Hand
import cn.dianma.app.harness.ScreenTest
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.Shadows.shadowOf

class ProcessDeathTest : ScreenTest() {
    private var deaths = 0

    @Before
    fun allow() = shadowOf(app).grantPermissions(Manifest.permission.CAMERA)

    @Test
    fun the_process_is_taken_after_every_step_of_a_story() =
        County(hasKeys = true).use { county ->
            FieldStory(this, Hand(this, ::die), county, "ad_hoc", 7, Consent.SCANNED_CODE).whole()
            assertTrue("$deaths", deaths > LEAST_DEATHS)
        }

    private fun die(hand: Hand) {
        val (screen, said) = hand.front.javaClass to plain(hand.said)
        val unsent = unsent()
        hand.comeBackAfterDeath(FieldStory.PIN)
        assertEquals(screen, hand.front.javaClass)
        assertEquals(said, plain(hand.said))
        assertEquals("nothing lost, nothing done twice", unsent, unsent())
        deaths += 1
    }

    private fun unsent() = core { it.strip() }.run { Triple(pendingCommands, pendingFiles, refused) }

    /**
     * Clocks go on, a picture that was not kept yet is called what it is: left over, and what an exchange came to
     * is news of the process that made it.
     */
    private fun plain(words: String) =
        words
            .replace(Regex("上次（.*）没有保存的，还在"), "看清楚了吗？")
            .replace(Regex("已同步：.*\n"), "")
            .replace(Regex("已全部上传.*"), "已全部上传")
            .replace(Regex("\\d+"), "0")

    private companion object {
        const val LEAST_DEATHS = 50
    }
}
