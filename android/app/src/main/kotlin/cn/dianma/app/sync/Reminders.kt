// One alarm: when the core has something new to tell though nothing arrived. Inexact, allowed while the
// phone dozes; counted from now, so that a wrong clock does not move it.
package cn.dianma.app.sync

import android.app.AlarmManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.os.SystemClock
import cn.dianma.app.platform.service

class Reminders(
    private val context: Context,
) {
    fun next(inMs: ULong?) {
        val manager = context.service<AlarmManager>()
        val intent = Intent(context, AlertReceiver::class.java).setAction(AlertReceiver.LOOK)
        val flags = PendingIntent.FLAG_UPDATE_CURRENT or PendingIntent.FLAG_IMMUTABLE
        val pending = PendingIntent.getBroadcast(context, 0, intent, flags)
        if (inMs == null) {
            manager.cancel(pending)
        } else {
            val at = SystemClock.elapsedRealtime() + inMs.toLong()
            manager.setAndAllowWhileIdle(AlarmManager.ELAPSED_REALTIME_WAKEUP, at, pending)
        }
    }
}
