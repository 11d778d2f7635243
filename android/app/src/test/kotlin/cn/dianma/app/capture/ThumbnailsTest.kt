// The strip of an order's files: pictures by the core, signs for sound, a name and a tap for each.
package cn.dianma.app.capture

import android.view.ViewGroup
import android.widget.HorizontalScrollView
import android.widget.ImageView
import android.widget.LinearLayout
import android.widget.TextView
import cn.dianma.app.harness.County
import cn.dianma.app.harness.GeneratedMedia
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.app.widgets.Thumbnails
import cn.dianma.core.CapturedFile
import cn.dianma.core.EvidenceView
import cn.dianma.core.SignIn
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File
import java.util.Random

class ThumbnailsTest : ScreenTest() {
    @Test
    fun photos_are_drawn_sound_is_a_sign_and_each_can_be_opened_once() =
        County().use { county ->
            val order = county.order(0, "fault_repair", "家里没电了").getString("id")
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core { it.syncNow() }
            for (kind in listOf("photo", "audio")) {
                val file = File(app.cacheDir, kind).apply { writeBytes(GeneratedMedia.of(kind, Random(5))) }
                core { it.addEvidence(order, CapturedFile(file.path, "extra", kind, false)) }
            }
            val files = core { it.order(order) }.evidence
            val home = open(HomeActivity::class.java).get()
            val opened = ArrayList<EvidenceView>()
            val strip = Thumbnails(home, app.door, { it.kind }, { opened += it })
            home.addContentView(strip, ViewGroup.LayoutParams(400, 200))
            strip.show(files)
            settle()
            val tiles = tiles(strip)
            assertEquals(files.map { it.kind }, tiles.map { it.contentDescription.toString() })
            val (photo, sound) = tiles[files.indexOfFirst { it.kind == "photo" }] to
                tiles[files.indexOfFirst { it.kind == "audio" }]
            assertNotNull(shown(photo).filterIsInstance<ImageView>().single().drawable)
            assertTrue(shown(sound).filterIsInstance<TextView>().any { "♪" in it.text })
            photo.performClick()
            assertEquals(listOf("photo"), opened.map { it.kind })
            strip.show(core { it.order(order) }.evidence)
            assertSame("not drawn anew", photo, tiles(strip)[files.indexOfFirst { it.kind == "photo" }])
        }

    private fun tiles(strip: HorizontalScrollView) =
        (strip.getChildAt(0) as LinearLayout).let { row -> (0 until row.childCount).map(row::getChildAt) }
}
