// Every screen of the manifest in every shape a phone gives it: turned, in half a window, with letters twice as
// large, from right to left, and after the process was taken. It says the same, and nothing is cut off.
package cn.dianma.app.badluck

import android.Manifest
import android.app.Activity
import android.content.Intent
import android.graphics.Bitmap
import android.graphics.Canvas
import android.os.Bundle
import android.view.View
import cn.dianma.app.harness.County
import cn.dianma.app.harness.Hand
import cn.dianma.app.harness.Walker
import cn.dianma.app.orders.OrderScreenTest
import cn.dianma.app.screens.Routes
import org.junit.Assert.assertEquals
import org.junit.Before
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.w3c.dom.Element
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory
import kotlin.math.roundToInt

/** A shape of the window and the letters in it. */
enum class Shape(
    val qualifiers: String,
    val fontScale: Float = 1f,
) {
    TURNED("zh-rCN-w731dp-h411dp-land-xhdpi"),
    HALF("zh-rCN-w411dp-h340dp-xhdpi"),
    NARROW_LARGE("zh-rCN-w360dp-h640dp-xhdpi", 2f),
    TURNED_LARGE("zh-rCN-w640dp-h360dp-land-xhdpi", 2f),
    FROM_THE_RIGHT("ar-rEG-ldrtl-w360dp-h731dp-xhdpi"),
}

@Config(sdk = [35])
class EveryScreenTest : OrderScreenTest() {
    @Before
    fun allow() = shadowOf(app).grantPermissions(Manifest.permission.CAMERA, Manifest.permission.RECORD_AUDIO)

    @Test
    fun every_shape_says_the_same_and_cuts_nothing_off() =
        withScreens { screens ->
            val found = ArrayList<String>()
            for (intent in screens) {
                RuntimeEnvironment.setQualifiers(UPRIGHT)
                RuntimeEnvironment.setFontScale(1f)
                val upright = shown(intent, null)
                for (shape in Shape.values()) {
                    RuntimeEnvironment.setQualifiers(shape.qualifiers)
                    RuntimeEnvironment.setFontScale(shape.fontScale)
                    val look = shown(intent, upright.kept)
                    val name = "$shape ${intent.component!!.shortClassName.substringAfterLast('.')}"
                    look.findings.forEach { found += "$name: $it" }
                    // Another shape may put a part elsewhere.
                    val isSame = look.said.lines().sorted() == upright.said.lines().sorted()
                    if (!isSame) found += "$name: says\n${look.said}\ninstead of\n${upright.said}"
                }
            }
            assertEquals("", found.joinToString("\n"))
        }

    @Test
    fun every_screen_comes_back_after_the_process_was_taken_and_the_app_unlocked() =
        withScreens { screens ->
            val found = ArrayList<String>()
            for (intent in screens.filterNot { "entry." in it.component!!.className }) {
                val hand = Hand(this)
                hand.start(intent)
                val said = plain(hand.said)
                hand.comeBackAfterDeath(PIN)
                val name = intent.component!!.shortClassName
                if (!hand.front.javaClass.name
                        .endsWith(name)
                ) {
                    found += "$name: ${hand.front.javaClass.name} is there"
                }
                if (plain(hand.said) != said) found += "$name: says\n${plain(hand.said)}\ninstead of\n$said"
            }
            assertEquals("", found.joinToString("\n"))
        }

    private class Look(
        val said: String,
        val findings: List<String>,
        val kept: Bundle,
    )

    private fun shown(intent: Intent, kept: Bundle?): Look {
        val kind = javaClass.classLoader!!.loadClass(intent.component!!.className)
        val screen = Robolectric.buildActivity(kind.asSubclass(Activity::class.java), intent)
        if (kept == null) screen.setup() else screen.setup(kept)
        settle()
        val root = screen.get().window.decorView
        assertShape(root)
        val picture = Bitmap.createBitmap(root.width, root.height, Bitmap.Config.ARGB_8888)
        root.draw(Canvas(picture))
        val findings = Walker(picture, LEAST_CONTRAST).findings(root)
        val look = Look(plain(words(screen.get())), findings, Bundle())
        screen
            .pause()
            .saveInstanceState(look.kept)
            .stop()
            .destroy()
        settle()
        return look
    }

    /** The window really has the shape that was asked for. */
    private fun assertShape(root: View) {
        val asked = RuntimeEnvironment.getQualifiers()
        val (width, height) = listOf("w", "h").map { Regex("-$it(\\d+)dp").find(asked)!!.groupValues[1].toInt() }
        val density = root.resources.displayMetrics.density
        assertEquals(asked, listOf(width, height), listOf(root.width, root.height).map { (it / density).roundToInt() })
        val isMirrored = root.layoutDirection == View.LAYOUT_DIRECTION_RTL
        assertEquals(asked, "ldrtl" in asked, isMirrored)
    }

    private fun plain(words: String) =
        words
            .replace(Regex("已全部上传.*"), "已全部上传")
            .replace(Regex("\\p{Nd}+"), "0")
            .replace("locked=true", "locked=false")

    private fun withScreens(story: (List<Intent>) -> Unit) {
        County().use { county ->
            val id = county.order(0, "fault_repair", "家里没电了，邻居家有电").getString("id")
            signIn(county)
            begin(county, id)
            takeEvidence(id)
            syncUntilIdle()
            core { it.setPin(PIN) }
            story(activities().map { name -> intent(name, id) })
        }
    }

    private fun intent(name: String, order: String): Intent {
        val slot = order(order).demands.first().slot
        return when (name) {
            "orders.EvidenceActivity" -> Routes.evidence(app, order, order(order).evidence.first().sha256)
            "orders.OrderActivity" -> Routes.order(app, order)
            "cost.CostActivity" -> Routes.cost(app, order)
            "scan.ScanActivity" -> Routes.scan(app, Routes.TO_LOOK_UP)
            "capture.PhotoActivity" -> Routes.capture(app, order, slot, "photo")
            "capture.VideoActivity" -> Routes.capture(app, order, "extra", "video")
            "capture.VoiceActivity" -> Routes.capture(app, order, "extra", "audio")
            "capture.SignatureActivity" -> Routes.capture(app, order, "extra", "signature")
            "lookup.CustomerActivity" -> Routes.customer(app, order(order).row.accountNumber!!)
            else -> Intent().setClassName(app.packageName, "cn.dianma.app.screens.$name")
        }
    }

    /** As the manifest names them, without the package of the screens. */
    private fun activities(): List<String> {
        val builder = DocumentBuilderFactory.newInstance().newDocumentBuilder()
        val all = builder.parse(File("src/main/AndroidManifest.xml")).getElementsByTagName("activity")
        val names = (0 until all.length).map { (all.item(it) as Element).getAttribute("android:name") }
        check(names.size > LEAST_SCREENS && names.all { it.startsWith(".screens.") }) { "$names" }
        return names.map { it.removePrefix(".screens.") }
    }

    private companion object {
        const val UPRIGHT = "zh-rCN-w411dp-h731dp-xhdpi"
        const val LEAST_CONTRAST = 4.5
        const val LEAST_SCREENS = 15
        const val PIN = "135790"
    }
}
