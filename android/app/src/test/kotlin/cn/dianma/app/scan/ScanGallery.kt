// Pictures of the scanner in its states, with generated frames as the preview.
package cn.dianma.app.scan

import android.Manifest
import android.content.pm.PackageManager
import android.widget.EditText
import cn.dianma.app.camera.CameraProblem
import cn.dianma.app.harness.County
import cn.dianma.app.harness.Gallery
import cn.dianma.app.harness.Plate
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.scan.ScanActivity
import cn.dianma.core.SignIn
import org.junit.Before
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config

@Config(sdk = [35])
class ScanGallery : Gallery() {
    @Before
    fun look() {
        shadowOf(app).grantPermissions(Manifest.permission.CAMERA)
        app.camera.plate = Plate("DM1:generated for the picture", turnDegrees = 12.0)
    }

    @Test
    fun looking() = pictures("scan-looking") { open(Routes.TO_LOOK_UP, null) }

    @Test
    fun enrolling() = pictures("scan-enrol") { open(Routes.TO_ENROL, null) }

    @Test
    fun hard_to_read() =
        pictures("scan-hard") {
            open(Routes.TO_LOOK_UP, null).also {
                app.camera.look(Plate(null), frames = 45)
                settle()
            }
        }

    @Test
    fun every_verdict() {
        County(hasKeys = true).use { county ->
            val order = county.order(0, "fault_repair", "家里没电了").getString("id")
            val (own, other) = county.labelText(0) to county.labelText(5)
            county.order(3, "meter_change", "换表")
            county.order(3, "safety_inspection", "安全检查")
            val shared = county.labelText(3)
            val void = county.labelText(7)
            county.revoke(7)
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core { it.syncNow() }
            pictures("scan-valid") { seeing(Routes.TO_ARRIVE, order, own) }
            pictures("scan-wrong-place") { seeing(Routes.TO_ARRIVE, order, other) }
            pictures("scan-revoked") { seeing(Routes.TO_ARRIVE, order, void) }
            pictures("scan-stranger") { seeing(Routes.TO_ARRIVE, order, "https://generated.example/coupon") }
            pictures("scan-choose") { seeing(Routes.TO_LOOK_UP, null, shared) }
            pictures("scan-finish") { open(Routes.TO_FINISH, order) }
            pictures("scan-number") {
                open(Routes.TO_ARRIVE, order).also { typing(it, County.meterNumber(0)) }
            }
            pictures("scan-number-wrong") {
                open(Routes.TO_ARRIVE, order).also { typing(it, County.meterNumber(9)) }
            }
            pictures("scan-ask-server") { seeing(Routes.TO_LOOK_UP, null, "9099999999") }
            app.isAirplane = true
            pictures("scan-no-signal") { seeing(Routes.TO_LOOK_UP, null, "9099999999") }
        }
    }

    @Test
    fun no_camera() {
        for (problem in CameraProblem.values()) {
            app.camera.problem = problem
            pictures("scan-" + problem.name.lowercase()) { open(Routes.TO_LOOK_UP, null) }
        }
    }

    @Test
    fun not_allowed() {
        shadowOf(app).denyPermissions(Manifest.permission.CAMERA)
        pictures("scan-not-allowed") {
            open(Routes.TO_ARRIVE, null).also { controller ->
                val denied = intArrayOf(PackageManager.PERMISSION_DENIED)
                controller.get().onRequestPermissionsResult(1, arrayOf(Manifest.permission.CAMERA), denied)
                settle()
            }
        }
    }

    @Test
    fun nobody_signed_in() = pictures("scan-nobody") { seeing(Routes.TO_LOOK_UP, null, "SM00000001") }

    private fun open(purpose: String, order: String?): ActivityController<ScanActivity> =
        Robolectric
            .buildActivity(ScanActivity::class.java, Routes.scan(app, purpose, order))
            .setup()
            .also { settle() }

    private fun seeing(
        purpose: String,
        order: String?,
        text: String,
    ): ActivityController<ScanActivity> =
        open(purpose, order).also {
            app.camera.look(Plate(text, turnDegrees = 8.0, pixelsPerModule = 5.0), frames = 2)
            settle()
        }

    private fun typing(controller: ActivityController<ScanActivity>, text: String) {
        tap(controller.get(), controller.get().getString(cn.dianma.app.R.string.scan_type))
        shown(controller.get().window.decorView).filterIsInstance<EditText>().first().setText(text)
        settle()
    }
}
