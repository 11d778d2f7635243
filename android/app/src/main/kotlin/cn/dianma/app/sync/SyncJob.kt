// One exchange with the server in time lent by the system. Asks for more when the server was not
// reached and something still waits.
package cn.dianma.app.sync

import android.app.job.JobParameters
import android.app.job.JobService
import cn.dianma.app.platform.dianma
import cn.dianma.bridge.Answer

class SyncJob : JobService() {
    override fun onStartJob(parameters: JobParameters): Boolean {
        val background = dianma.background
        background.worker.execute {
            val isReached = background.exchange()
            jobFinished(parameters, !isReached && isWaiting(parameters.jobId))
        }
        return true
    }

    /** The periodic job comes by itself. */
    private fun isWaiting(job: Int): Boolean {
        if (job != SyncJobs.SOON) return false
        val strip = (dianma.background.now { it.strip() } as? Answer.Good)?.value ?: return false
        return strip.pendingCommands > 0u || strip.pendingFiles > 0u
    }

    /** The network went or the time is over: what is unsent stays queued in the core; come back. */
    override fun onStopJob(parameters: JobParameters): Boolean = true
}
