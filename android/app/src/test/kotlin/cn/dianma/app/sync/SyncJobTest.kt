// Exchange in time lent by the system, and the wake stream, against a real server.
package cn.dianma.app.sync

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import cn.dianma.app.harness.County
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.platform.service
import cn.dianma.app.screens.home.HomeActivity
import cn.dianma.bridge.Answer
import cn.dianma.core.SignIn
import cn.dianma.core.TodayRequest
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadow.api.Shadow
import org.robolectric.util.ReflectionHelpers
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

class SyncJobTest : ScreenTest() {
    private val scheduler get() = app.service<JobScheduler>()

    @Test
    fun the_system_is_asked_for_the_network_now_and_then_also_after_a_restart() {
        val job = checkNotNull(scheduler.getPendingJob(SyncJobs.PERIODIC))
        assertTrue(job.isPersisted && job.isPeriodic)
        assertEquals(15 * 60_000L, job.intervalMillis)
        assertEquals(JobInfo.NETWORK_TYPE_ANY, job.networkType)
        assertNull(scheduler.getPendingJob(SyncJobs.SOON))
    }

    @Test
    fun leaving_the_app_asks_to_send_soon() {
        app.isLive = true
        val screen = open(HomeActivity::class.java)
        screen.pause().stop()
        val job = checkNotNull(scheduler.getPendingJob(SyncJobs.SOON))
        assertEquals(JobInfo.BACKOFF_POLICY_EXPONENTIAL, job.backoffPolicy)
        assertTrue(job.isPersisted)
        app.isLive = false
    }

    @Test
    fun a_job_sends_what_waits_and_asks_again_when_the_server_is_out_of_reach() {
        County().use { county ->
            val id = county.order(0, "meter_change", "生成的诉求").getString("id")
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core { it.syncNow() }
            core { it.accept(id) }
            app.isAirplane = true
            assertTrue("asks again", run(SyncJobs.SOON))
            assertFalse("comes by itself", run(SyncJobs.PERIODIC))
            assertEquals("dispatched", county.seen(id).getString("state"))
            app.isAirplane = false
            assertFalse(run(SyncJobs.SOON))
            assertEquals("accepted", county.seen(id).getString("state"))
        }
    }

    @Test
    fun the_wake_stream_hears_of_an_order_at_once_and_comes_back_after_a_break() {
        County().use { county ->
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            core { it.syncNow() }
            val heard = LinkedBlockingQueue<Int>()
            val stream = WakeStream(
                { (app.background.now { it.wakeRequest() } as Answer.Good).value },
                {
                    app.background.exchange()
                    heard.add(rows())
                },
                firstPauseMs = 20,
            )
            stream.use {
                it.start()
                assertEquals("asks once when it begins", 0, heard.poll(WAIT_S, TimeUnit.SECONDS))
                county.order(0, "fault_repair", "生成的诉求")
                assertTrue(generateSequence { heard.poll(WAIT_S, TimeUnit.SECONDS) }.any { rows -> rows == 1 })
            }
        }
    }

    private fun rows() =
        (app.background.now { it.today(TodayRequest("open", "due", null, 10u)) } as Answer.Good).value.rows.size

    /** Runs a job as the system does; true when it asks for more time later. */
    private fun run(id: Int): Boolean {
        val service = Robolectric.buildService(SyncJob::class.java).create().get()
        val parameters = parameters(id)
        service.onStartJob(parameters)
        app.background.worker
            .submit(Runnable {})
            .get()
        settle()
        assertTrue(shadowOf(service).isJobFinished)
        return shadowOf(service).isRescheduleNeeded
    }

    /** Only the system makes these; the number is all that the job reads. */
    private fun parameters(id: Int): JobParameters =
        Shadow.newInstanceOf(JobParameters::class.java).also { ReflectionHelpers.setField(it, "jobId", id) }

    private companion object {
        const val WAIT_S = 20L
    }
}
