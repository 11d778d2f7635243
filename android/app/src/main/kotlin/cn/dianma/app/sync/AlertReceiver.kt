// What the system or a notification asks of us while no screen is there: a reminder is due, the phone
// was restarted, the app was updated, an order is accepted from the shade.
package cn.dianma.app.sync

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import cn.dianma.app.platform.dianma
import cn.dianma.bridge.Answer

class AlertReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        val background = context.dianma.background
        val pending: PendingResult? = goAsync()
        background.worker.execute {
            try {
                if (intent.action == ACCEPT) accept(context, intent)
                background.refreshNow()
                if (intent.action in STARTS) SyncJobs(context).keepPeriodic()
            } finally {
                pending?.finish()
            }
        }
    }

    private fun accept(context: Context, intent: Intent) {
        val key = intent.getStringExtra(KEY) ?: return
        val order = intent.getStringExtra(ORDER) ?: return
        val answer = context.dianma.background.now { it.accept(order) }
        if (answer is Answer.Bad) Shade(context).refuse(key, order, answer.trouble.fault.sentence)
    }

    companion object {
        const val ACCEPT = "cn.dianma.app.ACCEPT"
        const val LOOK = "cn.dianma.app.LOOK"
        const val KEY = "key"
        const val ORDER = "order"
        private val STARTS = setOf(Intent.ACTION_BOOT_COMPLETED, Intent.ACTION_MY_PACKAGE_REPLACED)
    }
}
