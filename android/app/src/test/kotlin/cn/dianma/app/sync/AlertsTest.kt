// The notification shade on the real core: told once, without personal data, taken away when settled.
package cn.dianma.app.sync

import android.app.AlarmManager
import android.app.Notification
import android.app.NotificationManager
import android.content.Intent
import cn.dianma.app.harness.County
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.platform.service
import cn.dianma.core.SignIn
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

class AlertsTest : ScreenTest() {
    private val manager get() = app.service<NotificationManager>()
    private val alerts get() = manager.activeNotifications.filter { it.id == Shade.ALERT }

    @Test
    fun a_new_order_is_told_once_without_personal_data() =
        withOrders("fault_repair", "meter_change") {
            refresh()
            assertEquals(2, alerts.size)
            for (alert in alerts) {
                val said = said(alert.notification)
                assertFalse(said, Regex("生成|户|村|镇|\\d{8}").containsMatchIn(said))
                assertTrue(said, "时限" in said)
                assertEquals(Notification.VISIBILITY_PUBLIC, alert.notification.visibility)
            }
            val urgent = alerts.single { "抢修" in said(it.notification) }
            assertEquals("urgent", urgent.notification.channelId)
            manager.cancel(urgent.tag, urgent.id)
            refresh()
            assertEquals("swiped away stays away", 1, alerts.size)
        }

    @Test
    fun accepting_in_the_shade_is_the_work_itself() =
        withOrders("meter_change") {
            refresh()
            val action = alerts
                .single()
                .notification.actions
                .single()
            assertEquals("接单", action.title)
            receive(shadowOf(action.actionIntent).savedIntent)
            assertEquals("accepted", core { it.order(order()).row.state })
            assertEquals(emptyList<String>(), alerts.map { it.tag })
        }

    @Test
    fun an_action_that_does_not_fit_any_more_says_so() =
        withOrders("meter_change") {
            refresh()
            val intent = shadowOf(
                alerts
                    .single()
                    .notification.actions
                    .single()
                    .actionIntent,
            ).savedIntent
            core { it.setPin("135790") }
            core { it.lock() }
            receive(intent)
            val said = said(alerts.single().notification)
            assertTrue(said, "没有办成" in said)
        }

    @Test
    fun the_next_deadline_is_an_alarm_that_a_restart_brings_back() =
        withOrders("fault_repair") {
            refresh()
            val alarms = shadowOf(app.service<AlarmManager>())
            val alarm = alarms.scheduledAlarms.single()
            assertEquals(AlarmManager.ELAPSED_REALTIME_WAKEUP, alarm.type)
            assertTrue(alarm.triggerAtMs > android.os.SystemClock.elapsedRealtime())
            app.service<AlarmManager>().cancel(checkNotNull(alarm.operation))
            assertEquals(0, alarms.scheduledAlarms.size)
            receive(Intent(Intent.ACTION_BOOT_COMPLETED))
            assertEquals(AlertReceiver.LOOK, shadowOf(alarms.scheduledAlarms.single().operation).savedIntent.action)
        }

    @Test
    @Config(sdk = [35])
    fun every_kind_of_alert_can_be_silenced_by_itself() {
        val ids = manager.notificationChannels.map { it.id }
        assertEquals(listOf("deadlines", "duty", "orders", "returned", "updates", "urgent"), ids.sorted())
        assertNotNull(manager.getNotificationChannel("urgent"))
    }

    private fun withOrders(vararg kinds: String, story: () -> Unit) {
        County().use { county ->
            kinds.forEachIndexed { customer, kind -> county.order(customer, kind, "生成的诉求") }
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core { it.syncNow() }
            story()
        }
    }

    private fun refresh() = beside { app.background.refreshNow() }

    private fun receive(intent: Intent) {
        AlertReceiver().onReceive(app, intent)
        beside {}
        settle()
    }

    private fun order() =
        core {
            it
                .today(cn.dianma.core.TodayRequest("open", "due", null, 10u))
                .rows
                .single()
                .id
        }

    private fun said(notification: Notification): String =
        listOf(Notification.EXTRA_TITLE, Notification.EXTRA_TEXT, Notification.EXTRA_BIG_TEXT)
            .map { notification.extras.getCharSequence(it) }
            .joinToString(" ")

    /** On the background's own thread, after everything it still had to do. */
    private fun beside(work: () -> Unit) {
        app.background.worker
            .submit(Runnable { work() })
            .get()
    }
}
