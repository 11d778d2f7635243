// The on-duty service: there while on duty, gone afterwards, never following anybody.
package cn.dianma.app.sync

import android.Manifest
import android.content.pm.ServiceInfo
import android.location.LocationManager
import android.os.Build
import cn.dianma.app.harness.County
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.platform.service
import cn.dianma.core.SignIn
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf

class DutyServiceTest : ScreenTest() {
    @Test
    fun runs_while_on_duty_and_stops_afterwards() =
        onDuty {
            refresh()
            assertEquals(DutyService::class.java.name, shadowOf(app).nextStartedService.component?.className)
            val service = Robolectric.buildService(DutyService::class.java).create().startCommand(0, 1)
            val notice = shadowOf(service.get()).lastForegroundNotification
            assertEquals("duty", notice.channelId)
            val places = shadowOf(app.service<LocationManager>())
            assertEquals("nobody is followed", 0, places.requestLocationUpdateListeners.size)
            shadowOf(app).clearStartedServices()
            refresh()
            assertNull("runs already", shadowOf(app).nextStartedService)
            core { it.setDuty(false) }
            refresh()
            assertEquals(DutyService::class.java.name, shadowOf(app).nextStoppedService.component?.className)
            service.destroy()
        }

    @Test
    fun says_honestly_what_it_does() =
        onDuty {
            shadowOf(app).denyPermissions(Manifest.permission.ACCESS_FINE_LOCATION)
            val without = Robolectric.buildService(DutyService::class.java).create().startCommand(0, 1)
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) {
                assertEquals(ServiceInfo.FOREGROUND_SERVICE_TYPE_SPECIAL_USE, without.get().foregroundServiceType)
            }
            without.destroy()
            shadowOf(app).grantPermissions(Manifest.permission.ACCESS_FINE_LOCATION)
            val with = Robolectric.buildService(DutyService::class.java).create().startCommand(0, 1)
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) {
                assertEquals(ServiceInfo.FOREGROUND_SERVICE_TYPE_LOCATION, with.get().foregroundServiceType)
            }
            with.destroy()
        }

    @Test
    fun a_start_that_the_system_forbids_ends_quietly() =
        onDuty {
            val service = Robolectric.buildService(DutyService::class.java).create()
            shadowOf(service.get()).setThrowInStartForeground(IllegalStateException("not from the background"))
            service.startCommand(0, 1)
            assertTrue(shadowOf(service.get()).isStoppedBySelf)
            service.destroy()
        }

    private fun onDuty(story: () -> Unit) {
        County().use { county ->
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core { it.setDuty(true) }
            core { it.syncNow() }
            story()
        }
        streamsEnd()
    }

    /**
     * A stream that was told to end may still be exchanging: the next test must not hear of it. Asked when the server is
     * gone: the JVM's connections, unlike Android's, wait for the next byte before they can be closed.
     */
    private fun streamsEnd() =
        Thread
            .getAllStackTraces()
            .keys
            .filter { it.name.startsWith("dianma-wake") }
            .forEach { it.join(WAIT_MS) }

    private fun refresh() {
        app.background.worker
            .submit(Runnable { app.background.refreshNow() })
            .get()
    }

    private companion object {
        const val WAIT_MS = 20_000L
    }
}
