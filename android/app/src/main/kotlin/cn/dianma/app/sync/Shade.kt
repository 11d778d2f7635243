// The notification shade: one notification for each alert of the core, worded by it, without personal
// data. What the core no longer tells is taken away; what was swiped away stays away.
package cn.dianma.app.sync

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.os.Build
import cn.dianma.app.R
import cn.dianma.app.platform.service
import cn.dianma.app.screens.Routes
import cn.dianma.app.widgets.say
import cn.dianma.core.AlertView
import cn.dianma.core.Words

class Shade(
    private val context: Context,
) {
    /** What a person can silence one by one. */
    enum class Channel(
        val id: String,
        val title: Int,
        val importance: Int,
    ) {
        URGENT("urgent", R.string.channel_urgent, NotificationManager.IMPORTANCE_HIGH),
        ORDERS("orders", R.string.channel_orders, NotificationManager.IMPORTANCE_DEFAULT),
        DEADLINES("deadlines", R.string.channel_deadlines, NotificationManager.IMPORTANCE_HIGH),
        RETURNED("returned", R.string.channel_returned, NotificationManager.IMPORTANCE_DEFAULT),
        UPDATES("updates", R.string.channel_updates, NotificationManager.IMPORTANCE_LOW),
        DUTY("duty", R.string.channel_duty, NotificationManager.IMPORTANCE_LOW),
    }

    private val manager = context.service<NotificationManager>()

    fun makeChannels() {
        val channels = Channel.values().map { channel ->
            NotificationChannel(channel.id, context.getString(channel.title), channel.importance).apply {
                lockscreenVisibility = Notification.VISIBILITY_PUBLIC
            }
        }
        manager.createNotificationChannels(channels)
    }

    /** Shows what is fresh, keeps what still stands, takes away the rest. */
    fun show(alerts: List<AlertView>) {
        val keys = alerts.map { it.key }.toSet()
        manager.activeNotifications
            .filter { it.id == ALERT && it.tag !in keys }
            .forEach { manager.cancel(it.tag, ALERT) }
        alerts.filter { it.isFresh }.forEach { manager.notify(it.key, ALERT, draw(it)) }
    }

    /** The action of an alert did not work: the same notification says why, and opens the order. */
    fun refuse(
        key: String,
        order: String,
        sentence: Words,
    ) {
        val words = context.say(sentence)
        val notice = builder(Channel.ORDERS, context.getString(R.string.alert_refused), words)
            .setContentIntent(opens(key, Routes.order(context, order)))
            .setAutoCancel(true)
            .build()
        manager.notify(key, ALERT, notice)
    }

    private fun draw(alert: AlertView): Notification {
        val order = alert.orderId
        val notice = builder(channel(alert.kind), context.say(alert.title), context.say(alert.text))
            .setContentIntent(opens(alert.key, destination(alert)))
            .setAutoCancel(true)
        val accept = alert.accept
        if (accept != null && order != null) notice.addAction(action(alert.key, order, context.say(accept)))
        return notice.build()
    }

    private fun builder(
        channel: Channel,
        title: String,
        text: String,
    ) = Notification
        .Builder(context, channel.id)
        .setSmallIcon(R.drawable.tab_orders)
        .setContentTitle(title)
        .setContentText(text)
        .setStyle(Notification.BigTextStyle().bigText(text))
        // Nothing in the text is personal: it may be read without unlocking.
        .setVisibility(Notification.VISIBILITY_PUBLIC)
        .setCategory(Notification.CATEGORY_EVENT)

    private fun channel(kind: String) =
        when (kind) {
            "urgent" -> Channel.URGENT
            "new" -> Channel.ORDERS
            "overdue", "soon" -> Channel.DEADLINES
            "update" -> Channel.UPDATES
            else -> Channel.RETURNED
        }

    private fun destination(alert: AlertView): Intent? =
        if (alert.kind == "update") {
            Routes.system(context, "UpdateActivity")
        } else {
            alert.orderId?.let { Routes.order(context, it) }
        }

    /** [screen] over the home screen, so that going back leads to the list. */
    private fun opens(key: String, screen: Intent?): PendingIntent {
        val path = listOfNotNull(Routes.home(context), screen)
        return PendingIntent.getActivities(context, key.hashCode(), path.toTypedArray(), FLAGS)
    }

    private fun action(
        key: String,
        order: String,
        words: String,
    ): Notification.Action {
        val intent = Intent(context, AlertReceiver::class.java)
            .setAction(AlertReceiver.ACCEPT)
            .putExtra(AlertReceiver.KEY, key)
            .putExtra(AlertReceiver.ORDER, order)
        val pending = PendingIntent.getBroadcast(context, key.hashCode(), intent, FLAGS)
        val action = Notification.Action.Builder(null, words, pending)
        // On the lock screen only the owner accepts.
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) action.setAuthenticationRequired(true)
        return action.build()
    }

    /** The line that stays while on duty. */
    fun duty(text: String): Notification =
        builder(Channel.DUTY, context.getString(R.string.duty_title), text)
            .setContentIntent(opens("duty", null))
            .setOngoing(true)
            .setOnlyAlertOnce(true)
            .build()

    companion object {
        const val ALERT = 1
        const val DUTY = 2
        private const val FLAGS = PendingIntent.FLAG_UPDATE_CURRENT or PendingIntent.FLAG_IMMUTABLE
    }
}
