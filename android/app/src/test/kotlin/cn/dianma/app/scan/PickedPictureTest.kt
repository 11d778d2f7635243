// A picture instead of the camera: the core reads it, and says so when there is nothing in it or it is no
// picture at all.
package cn.dianma.app.scan

import android.Manifest
import android.app.Activity
import android.content.Intent
import android.graphics.Bitmap
import android.net.Uri
import cn.dianma.app.harness.Plate
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.scan.ScanActivity
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream

class PickedPictureTest : ScreenTest() {
    @Test
    fun a_code_in_a_picture_is_read_by_the_core() {
        val screen = open(Routes.TO_ENROL)
        pick(screen, jpeg(Plate("DIANMA:E1:00112233445566778899AABBCCDDEEFF:HTTPS://GD.EXAMPLE")), "登记码")
        assertTrue(words(screen), "✓ 已读到登记码" in words(screen))
    }

    @Test
    fun a_picture_without_a_code_says_so() {
        val screen = open(Routes.TO_ENROL)
        pick(screen, jpeg(Plate(null)), "没有读到")
        assertTrue(words(screen), "照片里没有读到码" in words(screen))
    }

    @Test
    fun what_is_no_picture_is_refused_with_its_code() {
        val screen = open(Routes.TO_ENROL)
        pick(screen, "not a picture".toByteArray(), "E-415")
        assertTrue(words(screen), "E-415-MEDIA" in words(screen))
        tap(screen, "再扫一次")
        assertTrue(words(screen), "选照片" in words(screen))
    }

    @Test
    fun a_picture_that_cannot_be_opened_is_no_dead_end() {
        val screen = open(Routes.TO_ENROL)
        answer(screen, Uri.parse("content://generated/gone"), "E-415")
        assertTrue(words(screen), "E-415-MEDIA" in words(screen) && "选照片" in words(screen))
    }

    @Before
    fun allow() = shadowOf(app).grantPermissions(Manifest.permission.CAMERA)

    private fun open(purpose: String): ScanActivity =
        Robolectric
            .buildActivity(ScanActivity::class.java, Routes.scan(app, purpose))
            .setup()
            .get()
            .also { settle() }

    private fun pick(
        screen: ScanActivity,
        bytes: ByteArray,
        until: String,
    ) {
        val uri = Uri.parse("content://generated/picture")
        shadowOf(app.contentResolver).registerInputStream(uri, ByteArrayInputStream(bytes))
        answer(screen, uri, until)
    }

    private fun answer(
        screen: ScanActivity,
        uri: Uri,
        until: String,
    ) {
        tap(screen, "选照片")
        val asked = shadowOf(screen).nextStartedActivityForResult
        assertEquals(Intent.ACTION_GET_CONTENT, asked.intent.action)
        shadowOf(screen).receiveResult(asked.intent, Activity.RESULT_OK, Intent().setData(uri))
        // The copy is made on a thread of its own.
        repeat(TRIES) {
            settle()
            if (until in words(screen).substringAfter("扫描登记码")) return
            Thread.sleep(WAIT_MS)
        }
    }

    private fun jpeg(plate: Plate): ByteArray =
        ByteArrayOutputStream()
            .also { plate.picture(WIDTH, HEIGHT).compress(Bitmap.CompressFormat.JPEG, QUALITY, it) }
            .toByteArray()

    private companion object {
        const val WIDTH = 600
        const val HEIGHT = 480
        const val QUALITY = 90
        const val TRIES = 200
        const val WAIT_MS = 25L
    }
}
