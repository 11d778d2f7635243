// Asks the system for time on the network: now and then for news, and soon for what is not sent yet.
// Both outlive process and restart.
package cn.dianma.app.sync

import android.app.job.JobInfo
import android.app.job.JobScheduler
import android.content.ComponentName
import android.content.Context
import cn.dianma.app.platform.service

class SyncJobs(
    private val context: Context,
) {
    private val scheduler = context.service<JobScheduler>()

    /** Asked for once; asking again would start its period anew. */
    fun keepPeriodic() {
        if (scheduler.getPendingJob(PERIODIC) != null) return
        scheduler.schedule(job(PERIODIC).setPeriodic(PERIOD_MS).build())
    }

    /** As soon as there is a network; again with growing pauses while the server is not reached. */
    fun sendSoon() {
        val job = job(SOON).setBackoffCriteria(FIRST_PAUSE_MS, JobInfo.BACKOFF_POLICY_EXPONENTIAL)
        scheduler.schedule(job.build())
    }

    private fun job(id: Int) =
        JobInfo
            .Builder(id, ComponentName(context, SyncJob::class.java))
            .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
            .setPersisted(true)

    companion object {
        const val PERIODIC = 1
        const val SOON = 2

        /** The shortest the system allows. */
        private const val PERIOD_MS = 15 * 60_000L
        private const val FIRST_PAUSE_MS = 30_000L
    }
}
