// The whole way of an order without screens, the process being killed after every call to the core: what was
// answered is on disk. The way through the screens is EveryKindTest.
package cn.dianma.app.stories

import cn.dianma.app.harness.County
import cn.dianma.app.harness.Device
import cn.dianma.app.harness.GeneratedJob
import cn.dianma.app.harness.ScreenTest
import cn.dianma.core.PhoneException
import cn.dianma.core.SignIn
import cn.dianma.core.TodayRequest
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

class WholeJobTest : ScreenTest() {
    @Test
    fun a_rejected_order_is_redone_and_archived_with_the_process_dying_at_every_step() =
        onPhone { county, device ->
            val id = county.order(0, "fault_repair", "家里没电了").getString("id")
            device.syncUntilIdle()
            device.isAirplane = true
            val job = GeneratedJob({ device.core }, id, county.labelText(0), device.folder, device::die)
            assertThrows(PhoneException.NotNow::class.java) { device.core.submit(id) }
            job.whole(1)
            device.isAirplane = false
            device.syncUntilIdle()
            county.review(id, "reject", "照片看不清表号")
            device.syncUntilIdle()
            assertEquals(
                "rejected",
                device.core
                    .order(id)
                    .row.state,
            )
            assertEquals("照片看不清表号", device.core.order(id).reason)
            device.core.redo(id)
            job.evidence(2)
            if (!device.core
                    .order(id)
                    .row.isFinished
            ) {
                job.finish()
            }
            device.core.submit(id)
            device.syncUntilIdle()
            county.review(id, "approve")
            assertEquals("archived", county.seen(id).getString("state"))
            device.syncUntilIdle()
            val open = device.core.today(TodayRequest("open", "due", null, 50u)).rows
            assertTrue(open.none { it.id == id })
        }

    @Test
    fun a_panic_in_the_core_is_a_coded_fault_and_work_goes_on() =
        onPhone { _, device ->
            val panic = assertThrows(PhoneException.Report::class.java) { device.core.provokePanic() }
            assertEquals("D-500-APP", panic.fault.code)
            assertTrue(device.core.session().isSignedIn)
        }

    private fun onPhone(story: (County, Device) -> Unit) {
        County().use { county ->
            Device().use { device ->
                device.core.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15"))
                story(county, device)
            }
        }
    }
}
