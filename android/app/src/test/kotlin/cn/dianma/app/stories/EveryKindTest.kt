// All eight kinds from the one-time code to the archive, through the screens, against a real server, on the oldest
// and the newest Android.
package cn.dianma.app.stories

import android.Manifest
import cn.dianma.app.harness.County
import cn.dianma.app.harness.Hand
import cn.dianma.app.harness.ScreenTest
import org.junit.AfterClass
import org.junit.Before
import org.junit.Test
import org.robolectric.Shadows.shadowOf

class EveryKindTest : ScreenTest() {
    @Before
    fun allow() = shadowOf(app).grantPermissions(Manifest.permission.CAMERA)

    @Test
    fun fault_repair_closed_by_the_customers_label() = story("fault_repair", Consent.LABEL)

    @Test
    fun new_connection_closed_by_a_scanned_one_time_code() = story("new_connection", Consent.SCANNED_CODE)

    @Test
    fun meter_change_closed_by_a_scanned_one_time_code() = story("meter_change", Consent.SCANNED_CODE)

    @Test
    fun acceptance_closed_by_six_digits() = story("acceptance_energization", Consent.TYPED_CODE)

    @Test
    fun bill_collection_closed_by_six_digits() = story("bill_collection", Consent.TYPED_CODE)

    @Test
    fun safety_inspection_closed_by_a_signature() = story("safety_inspection", Consent.SIGNATURE)

    @Test
    fun contract_inspection_closed_by_a_signature() = story("contract_inspection", Consent.SIGNATURE)

    @Test
    fun ad_hoc_closed_by_the_customers_label() = story("ad_hoc", Consent.LABEL)

    private fun story(kind: String, consent: Consent) =
        FieldStory(this, Hand(this), county, kind, County.KINDS.indexOf(kind), consent).whole()

    companion object {
        /** One for all: starting it costs as much as a story. */
        private val started = lazy { County(hasKeys = true) }
        private val county by started

        @AfterClass
        @JvmStatic
        fun end() {
            if (started.isInitialized()) county.close()
        }
    }
}
