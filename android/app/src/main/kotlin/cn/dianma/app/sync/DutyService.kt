// Runs while the owner is on duty: keeps the process alive, holds the wake stream, and lets the core ask
// for the place at events. It follows nobody: no location listener is ever registered.
package cn.dianma.app.sync

import android.Manifest
import android.app.Notification
import android.app.NotificationManager
import android.app.Service
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.content.pm.ServiceInfo
import android.os.Build
import android.os.IBinder
import cn.dianma.app.R
import cn.dianma.app.platform.dianma
import cn.dianma.app.platform.service
import cn.dianma.app.widgets.say
import cn.dianma.bridge.Answer
import cn.dianma.bridge.Watcher
import cn.dianma.core.SyncStrip

class DutyService :
    Service(),
    Watcher {
    private var stream: WakeStream? = null

    override fun onBind(intent: Intent?): IBinder? = null

    override fun onStartCommand(
        intent: Intent?,
        flags: Int,
        startId: Int,
    ): Int {
        if (!comeForward()) return START_NOT_STICKY
        isRunning = true
        if (stream == null) {
            dianma.changes.watch(this)
            val background = dianma.background
            val request = { (background.now { it.wakeRequest() } as? Answer.Good)?.value }
            stream = WakeStream(request, { background.exchange() }).also { it.start() }
        }
        return START_STICKY
    }

    override fun onDestroy() {
        isRunning = false
        dianma.changes.leave(this)
        stream?.close()
        stream = null
        super.onDestroy()
    }

    /** The line in the shade tells how unsent work stands. */
    override fun onSyncChanged(strip: SyncStrip) {
        if (!isRunning) return
        service<NotificationManager>().notify(Shade.DUTY, Shade(this).duty(say(strip.words)))
    }

    private fun comeForward(): Boolean {
        val notice = Shade(this).duty(getString(R.string.duty_text))
        try {
            try {
                comeForward(notice, kind(mayLocate()))
            } catch (_: SecurityException) {
                // Started from the background the place may not be asked for; the rest goes on.
                comeForward(notice, kind(false))
            }
            return true
        } catch (_: IllegalStateException) {
            // Restarted by the system at a time it does not allow: the periodic job carries on.
            stopSelf()
            return false
        }
    }

    private fun comeForward(notice: Notification, kind: Int) {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q) {
            startForeground(Shade.DUTY, notice)
        } else {
            startForeground(Shade.DUTY, notice, kind)
        }
    }

    private fun mayLocate() =
        checkSelfPermission(Manifest.permission.ACCESS_FINE_LOCATION) == PackageManager.PERMISSION_GRANTED

    private fun kind(mayLocate: Boolean): Int =
        when {
            Build.VERSION.SDK_INT < Build.VERSION_CODES.Q -> 0
            mayLocate -> ServiceInfo.FOREGROUND_SERVICE_TYPE_LOCATION
            Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE ->
                ServiceInfo.FOREGROUND_SERVICE_TYPE_SPECIAL_USE
            else -> ServiceInfo.FOREGROUND_SERVICE_TYPE_NONE
        }

    companion object {
        @Volatile
        private var isRunning = false

        /**
         * Starts or stops the service. A start that the system refuses now is tried with the next screen;
         * with a screen a running one starts anew, because only then may it ask for the place.
         */
        fun bringInLine(
            context: Context,
            isOnDuty: Boolean,
            hasComeForward: Boolean,
        ) {
            val intent = Intent(context, DutyService::class.java)
            if (!isOnDuty) {
                if (isRunning) context.stopService(intent)
                return
            }
            if (isRunning && !hasComeForward) return
            try {
                context.startForegroundService(intent)
            } catch (_: IllegalStateException) {
                // Not from the background on API 31+: the periodic job carries on until a screen opens.
            }
        }
    }
}
