// 系统 → 更新 on the real core and a real server with real keys: only what a release key signed, whole, newer
// and of our own certificate opens the installer.
package cn.dianma.app.system

import android.app.Activity
import android.app.Notification.EXTRA_TEXT
import android.app.NotificationManager
import android.content.Intent
import android.content.pm.PackageInfo
import android.content.pm.Signature
import android.content.pm.SigningInfo
import android.os.Build
import cn.dianma.app.harness.County
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.platform.ShareProvider
import cn.dianma.app.platform.service
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.app.screens.system.UpdateActivity
import cn.dianma.core.SignIn
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowSigningInfo
import java.io.File
import java.security.MessageDigest
import kotlin.random.Random

class UpdateTest : ScreenTest() {
    private val packageBytes = "PK\u0003\u0004".toByteArray() + Random(7).nextBytes(1_300_000)

    @Test
    fun a_proven_package_opens_the_installer_and_nothing_else_does() =
        published { county ->
            val screen = open(UpdateActivity::class.java).get()
            assertTrue(words(screen), "有新版本 0.2.0" in words(screen) && "生成的说明" in words(screen))
            app.answersLeft = 1
            tap(screen, "下载更新")
            assertTrue(words(screen), "N-000-SERVER" in words(screen) && "已下载 0.6 MB / 1.4 MB" in words(screen))
            assertNull(shadowOf(screen).nextStartedActivity)
            app.answersLeft = 2
            tap(screen, "继续下载")
            assertTrue("goes on where it was: ${words(screen)}", "校验通过" in words(screen))
            app.answersLeft = Int.MAX_VALUE
            systemReads(archive(2, OURS))
            allow(false)
            tap(screen, "安装更新")
            assertTrue(words(screen), "还没有允许电码安装更新" in words(screen))
            assertNull(shadowOf(screen).nextStartedActivity)
            allow(true)
            tap(screen, "安装更新")
            val install = shadowOf(screen).nextStartedActivity
            assertEquals(Intent.ACTION_VIEW, install.action)
            assertEquals(ShareProvider.PACKAGE, install.type)
            assertTrue(install.flags and Intent.FLAG_GRANT_READ_URI_PERMISSION != 0)
            val read = app.contentResolver.openInputStream(install.data!!)!!.use { it.readBytes() }
            assertArrayEquals(packageBytes, read)
            assertTrue(county.server.command("release", "show"), "0.2.0" in county.server.command("release", "show"))
        }

    @Test
    fun nobody_asks_and_a_newer_version_is_told_all_the_same() =
        published {
            app.background.worker
                .submit(Runnable { app.background.exchange() })
                .get()
            val shade = app.service<NotificationManager>()
            val notice = shade.activeNotifications.single { "0.2.0" in it.notification.extras.getString(EXTRA_TEXT)!! }
            assertEquals("updates", notice.notification.channelId)
            val path = shadowOf(notice.notification.contentIntent).savedIntents
            assertEquals(UpdateActivity::class.java.name, path.last().component?.className)
            val home = open(HomeActivity::class.java).get()
            tap(home, "系统")
            assertTrue(words(home), "有新版本 0.2.0" in words(home))
        }

    @Test
    fun a_package_of_another_certificate_or_version_is_removed_and_never_opened() =
        published {
            for (wrong in listOf(archive(2, STRANGERS), archive(3, OURS), archive(2, OURS, "com.example.other"))) {
                val screen = fetched()
                systemReads(wrong)
                allow(true)
                tap(screen, "安装更新")
                assertTrue(words(screen), "E-422-RELEASE" in words(screen) && "已删除" in words(screen))
                assertNull(shadowOf(screen).nextStartedActivity)
                assertTrue("to be fetched anew: ${words(screen)}", "下载更新" in words(screen))
            }
        }

    @Test
    fun bytes_that_were_not_signed_are_thrown_away() =
        published { county ->
            val file = File(county.server.folder, "releases/${hash()}.apk")
            file.writeBytes(packageBytes.copyOf().also { it[700_000] = (it[700_000] + 1).toByte() })
            val screen = open(UpdateActivity::class.java).get()
            tap(screen, "下载更新")
            assertTrue(words(screen), "E-422-RELEASE" in words(screen) && "和签名的校验值不一致" in words(screen))
            assertFalse(File(app.store, "release/${hash()}.part").exists())
            assertFalse(words(screen), "安装更新" in words(screen))
        }

    @Test
    fun a_release_of_a_leaked_key_is_not_believed() =
        published { county ->
            val listed = county.server.command("keys", "list")
            val key = listed.lines().first { "发布密钥" in it }.substringBefore(' ')
            county.server.command("keys", "revoke", key)
            core { it.syncNow() }
            val screen = open(UpdateActivity::class.java).get()
            assertTrue(words(screen), "E-422-RELEASE" in words(screen) && "没有可信的签名" in words(screen))
            assertFalse(words(screen), "有新版本" in words(screen))
        }

    @Test
    fun an_older_release_is_refused_with_both_versions() =
        published {
            own().apply {
                @Suppress("DEPRECATION")
                versionCode = 9
                versionName = "0.9.0"
            }
            val screen = open(UpdateActivity::class.java).get()
            assertTrue(words(screen), "S-409-RELEASE" in words(screen) && "服务器：0.2.0（2），手机：9" in words(screen))
            assertFalse(words(screen), "下载更新" in words(screen))
        }

    private fun published(story: (County) -> Unit) {
        own().signed(OURS)
        County(hasKeys = true).use { county ->
            val file = File(county.server.folder, "generated.apk").apply { writeBytes(packageBytes) }
            county.server.command(
                "release",
                "add",
                file.path,
                "--version-code=2",
                "--version-name=0.2.0",
                "--notes=生成的说明",
            )
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            assertTrue(core { it.syncNow() }.isReached)
            story(county)
        }
    }

    private fun fetched(): Activity =
        open(UpdateActivity::class.java).get().also { screen ->
            tap(screen, "下载更新")
            repeat(PIECES) { settle() }
            assertTrue(words(screen), "校验通过" in words(screen))
        }

    private fun hash() =
        MessageDigest.getInstance("SHA-256").digest(packageBytes).joinToString("") { "%02x".format(it) }

    private fun own(): PackageInfo = shadowOf(app.packageManager).getInternalMutablePackageInfo(app.packageName)

    private fun systemReads(info: PackageInfo) =
        shadowOf(app.packageManager).setPackageArchiveInfo(File(app.store, "release/${hash()}.apk").path, info)

    private fun allow(isAllowed: Boolean) = shadowOf(app.packageManager).setCanRequestPackageInstalls(isAllowed)

    private fun archive(
        version: Int,
        signer: Signature,
        name: String = app.packageName,
    ) = PackageInfo().apply {
        packageName = name
        @Suppress("DEPRECATION")
        versionCode = version
        signed(signer)
    }

    @Suppress("DEPRECATION")
    private fun PackageInfo.signed(signer: Signature) {
        signatures = arrayOf(signer)
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.P) return
        val info = Shadow.newInstanceOf(SigningInfo::class.java)
        Shadow.extract<ShadowSigningInfo>(info).setSignatures(arrayOf(signer))
        signingInfo = info
    }

    private companion object {
        val OURS = Signature("0a0b0c0d")
        val STRANGERS = Signature("0a0b0c0e")
        const val PIECES = 3
    }
}
