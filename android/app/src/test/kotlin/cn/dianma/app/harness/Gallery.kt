// Pictures of a screen in every look: real framework drawing, written to target/gallery with a page of
// them. Every picture is walked; findings fail the test.
package cn.dianma.app.harness

import android.app.Activity
import android.graphics.Bitmap
import android.graphics.Canvas
import cn.dianma.app.platform.Look
import org.junit.After
import org.junit.Assert.assertEquals
import org.robolectric.RuntimeEnvironment
import org.robolectric.android.controller.ActivityController
import java.io.File

/** A way a screen can look. */
enum class Variant(
    val qualifiers: String,
    val choice: Look.Choice,
    val fontScale: Float,
    val leastContrast: Double,
) {
    ZH_LIGHT("zh-rCN-w411dp-h731dp-notnight-xhdpi", Look.Choice.LIGHT, 1f, 4.5),
    ZH_DARK("zh-rCN-w411dp-h731dp-night-xhdpi", Look.Choice.DARK, 1f, 4.5),
    ZH_SUN("zh-rCN-w411dp-h731dp-notnight-xhdpi", Look.Choice.SUN, 1f, 7.0),
    EN_LIGHT("en-rUS-w411dp-h731dp-notnight-xhdpi", Look.Choice.LIGHT, 1f, 4.5),
    ZH_BIG("zh-rCN-w360dp-h731dp-notnight-xhdpi", Look.Choice.LIGHT, 2f, 4.5),

    /** Lying on its side, and half a screen: nothing may be out of reach. */
    ZH_LYING("zh-rCN-w640dp-h360dp-land-notnight-xhdpi", Look.Choice.LIGHT, 1f, 4.5),
    ZH_SPLIT("zh-rCN-w360dp-h320dp-land-notnight-xhdpi", Look.Choice.LIGHT, 1f, 4.5),
}

/** Base of `…Gallery` tests: one method a screen state. */
abstract class Gallery : ScreenTest() {
    private val findings = ArrayList<String>()
    private val page = GalleryPage(File(System.getProperty("dianma.gallery") ?: "target/gallery"))

    /** Opens the screen in every look, draws and walks it. */
    protected fun <A : Activity> pictures(name: String, open: () -> ActivityController<A>) {
        for (look in Variant.values()) {
            RuntimeEnvironment.setQualifiers(look.qualifiers)
            RuntimeEnvironment.setFontScale(look.fontScale)
            app.look.choice = look.choice
            val controller = open()
            settle()
            val root = controller.get().window.decorView
            val picture = Bitmap.createBitmap(root.width, root.height, Bitmap.Config.ARGB_8888)
            root.draw(Canvas(picture))
            page.keep(picture, name, look)
            Walker(picture, look.leastContrast).findings(root).forEach { findings += "$name ${look.name}: $it" }
            controller.pause().stop().destroy()
        }
    }

    /** After all pictures of a method: one finding must not hide the next screen's. */
    @After
    fun nothing_was_found() {
        page.write()
        assertEquals("", findings.joinToString("\n"))
    }
}
