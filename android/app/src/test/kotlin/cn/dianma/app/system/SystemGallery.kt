// Pictures of the 系统 tab and its screens.
package cn.dianma.app.system

import android.widget.ScrollView
import cn.dianma.app.R
import cn.dianma.app.harness.County
import cn.dianma.app.harness.Gallery
import cn.dianma.app.harness.GeneratedMedia
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.app.screens.system.AboutActivity
import cn.dianma.app.screens.system.DiagnosisActivity
import cn.dianma.app.screens.system.LookActivity
import cn.dianma.app.screens.system.NetworkActivity
import cn.dianma.app.screens.system.OutboxActivity
import cn.dianma.app.screens.system.PasswordActivity
import cn.dianma.app.screens.system.RoomActivity
import cn.dianma.app.screens.system.UpdateActivity
import cn.dianma.core.CapturedFile
import cn.dianma.core.InstalledApp
import cn.dianma.core.SignIn
import org.junit.Test
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import java.io.File
import kotlin.random.Random

@Config(sdk = [35])
class SystemGallery : Gallery() {
    @Test
    fun every_screen() {
        County().use { county ->
            val id = county.order(0, "fault_repair", "家里没电了").getString("id")
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core {
                it.setPin("135790")
                it.syncNow()
            }
            pictures("system") { tab() }
            pictures("outbox-empty") { open(OutboxActivity::class.java) }
            pictures("room") { open(RoomActivity::class.java) }
            pictures("network") { open(NetworkActivity::class.java) }
            pictures("password") { open(PasswordActivity::class.java) }
            pictures("about") { open(AboutActivity::class.java) }
            pictures("update-current") { open(UpdateActivity::class.java) }
            pictures("look") { open(LookActivity::class.java) }
            county.waitingFile(id)
            pictures("outbox-files") { open(OutboxActivity::class.java) }
            core { it.accept(id) }
            pictures("diagnosis") { open(DiagnosisActivity::class.java) }
            pictures("system-sign-out") {
                tab().also {
                    repeat(2) { _ -> tap(it.get(), it.get().getString(R.string.system_sign_out)) }
                    shown(it.get().window.decorView).filterIsInstance<ScrollView>().first().apply {
                        scrollTo(0, getChildAt(0).height)
                    }
                }
            }
            county.command(id, "cancel", "客户撤单")
            core { it.syncNow() }
            pictures("outbox-refused") { open(OutboxActivity::class.java) }
            app.isAirplane = true
            pictures("outbox-confirm") {
                open(OutboxActivity::class.java).also {
                    tap(it.get(), it.get().getString(R.string.action_sync))
                    val choice = core { core -> core.outbox(null, 1u) }
                        .refusals
                        .first()
                        .choices
                        .last()
                        .name
                    val isEnglish = it
                        .get()
                        .resources.configuration.locales[0]
                        .language == "en"
                    tap(it.get(), if (isEnglish) choice.en else choice.zh)
                }
            }
        }
    }

    /** Sound that waits for a faster network than this one. */
    private fun County.waitingFile(order: String) {
        val file = File(server.folder, "generated.amr")
        file.writeBytes(GeneratedMedia.of("audio", java.util.Random(3)))
        core {
            it.setNetClass("three_g")
            it.addEvidence(order, CapturedFile(file.path, "extra", "audio", false))
            it.syncNow()
        }
    }

    @Test
    fun a_newer_version() {
        County(hasKeys = true).use { county ->
            val apk = File(county.server.folder, "generated.apk")
            apk.writeBytes("PK\u0003\u0004".toByteArray() + Random(7).nextBytes(1_300_000))
            county.server.command(
                "release",
                "add",
                apk.path,
                "--version-code=2",
                "--version-name=0.2.0",
                "--notes=凭证可以在提交前撤下；横屏和分屏不再挡住按钮；离线时也能看到哪些没上传。",
                "--notes-en=Evidence can be taken back before submitting; landscape no longer hides buttons.",
            )
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core {
                it.setPin("135790")
                it.syncNow()
            }
            pictures("update-offered") { open(UpdateActivity::class.java) }
            val installed = InstalledApp(1u, "0.1.0")
            core { it.fetchUpdate(installed, 8_000_000_000u) }
            app.isAirplane = true
            pictures("update-cut") {
                open(UpdateActivity::class.java).also { tap(it.get(), it.get().getString(R.string.update_go_on)) }
            }
            app.isAirplane = false
            repeat(2) { core { it.fetchUpdate(installed, 8_000_000_000u) } }
            pictures("update-ready") {
                open(UpdateActivity::class.java).also { tap(it.get(), it.get().getString(R.string.update_install)) }
            }
        }
    }

    private fun tab(): ActivityController<HomeActivity> =
        open(HomeActivity::class.java).also { tap(it.get(), it.get().getString(R.string.tab_system)) }
}
