// The phone's own file is not what this version writes: older, newer, or damaged. Work is there afterwards, and
// the screens say what happened.
package cn.dianma.app.badluck

import cn.dianma.app.harness.County
import cn.dianma.app.harness.GeneratedMedia
import cn.dianma.app.harness.SealedStore
import cn.dianma.app.orders.OrderScreenTest
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.core.CapturedFile
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File
import java.io.RandomAccessFile
import java.util.Random

class OldStoreTest : OrderScreenTest() {
    private val disk get() = SealedStore(app.store, app.keyStore)

    @Test
    fun a_file_of_the_version_before_is_brought_up_to_date_with_all_its_work() =
        withUnsentWork { county, id, words ->
            closed()
            // What the step from the version before adds is taken away again.
            changed(
                "ALTER TABLE evidence_files DROP COLUMN is_asked",
                "ALTER TABLE outbox DROP COLUMN detail_en",
                "PRAGMA user_version = ${version() - 1}",
            )
            val home = open(HomeActivity::class.java).get()
            assertTrue(words(home), "1 项待上传" !in words(home) && "项待上传" in words(home))
            val page = open(id).get()
            assertEquals(words, order(id).fields.first { it.kind == "text" }.value)
            tap(page, "申请转派")
            type(page, "为什么要转派", "需要吊车")
            assertEquals("需要吊车", order(id).drafts["reassign.reason"])
            val voice = File(app.cacheDir, "voice").apply { writeBytes(GeneratedMedia.of("audio", Random(4))) }
            core { it.addEvidence(id, CapturedFile(voice.path, "extra", "audio", false)) }
            core { it.setNetClass("three_g") }
            val waiting = core { it.outbox(null, 1u) }.files.single()
            core { it.sendFileNow(waiting.sha256) }
            assertFalse("what is new works", core { it.outbox(null, 1u) }.files.single().canSendNow)
            syncUntilIdle()
            assertEquals("working", county.seen(id).getString("state"))
        }

    @Test
    fun a_file_of_a_newer_version_is_left_alone_and_named() =
        withUnsentWork { _, id, words ->
            closed()
            val mine = version()
            changed("PRAGMA user_version = 99")
            val home = open(HomeActivity::class.java)
            assertTrue(words(home.get()), "V-426-APP" in words(home.get()) && "版本过旧" in words(home.get()))
            home.pause().stop().destroy()
            app.die()
            changed("PRAGMA user_version = $mine")
            assertEquals(words, order(id).fields.first { it.kind == "text" }.value)
        }

    @Test
    fun a_damaged_file_is_set_aside_and_unsent_work_comes_back_from_the_journal() =
        withUnsentWork { county, id, words ->
            closed()
            val unsent = unsentOnDisk()
            RandomAccessFile(disk.file, "rw").use { damaged ->
                damaged.seek(0)
                damaged.write(ByteArray(8_192) { 0x5A })
            }
            val home = open(HomeActivity::class.java).get()
            tap(home, "系统")
            assertTrue(words(home), "已从备份恢复未上传的工作" in words(home))
            assertTrue("$unsent", core { it.strip() }.pendingCommands.toLong() >= unsent)
            tap(home, "知道了")
            assertFalse(words(home), "已从备份恢复未上传的工作" in words(home))
            syncUntilIdle()
            val seen = county.seen(id)
            assertEquals("working", seen.getString("state"))
            val fields = seen.getJSONArray("record")
            val values = (0 until fields.length()).map { fields.getJSONObject(it).optString("value") }
            assertTrue("$values", words in values)
        }

    private fun withUnsentWork(story: (County, String, String) -> Unit) {
        County().use { county ->
            val id = county.order(0, "fault_repair", "家里没电了").getString("id")
            signIn(county)
            begin(county, id)
            val field = order(id).fields.first { it.kind == "text" }
            core { it.recordField(id, field.name, WORDS) }
            story(county, id, WORDS)
        }
    }

    /** The process ends and lets go of the file. */
    private fun closed() {
        app.die()
        repeat(TRIES) {
            if (disk.isClosed) return
            Thread.sleep(WAIT_MS)
        }
        error("the store was not closed")
    }

    private fun version() = disk.sql("PRAGMA user_version")

    private fun unsentOnDisk() = disk.sql("SELECT count(*) FROM outbox WHERE status = 'pending'")

    private fun changed(vararg statements: String) = disk.sql(*statements)

    private companion object {
        const val WORDS = "进线开关烧坏"
        const val TRIES = 400
        const val WAIT_MS = 10L
    }
}
