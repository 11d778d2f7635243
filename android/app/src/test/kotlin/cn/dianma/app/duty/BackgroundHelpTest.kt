// The page about battery savers: what it says follows the system and the maker.
package cn.dianma.app.duty

import android.Manifest
import android.os.PowerManager
import android.provider.Settings
import cn.dianma.app.harness.ScreenTest
import cn.dianma.app.platform.service
import cn.dianma.app.screens.duty.BackgroundHelpActivity
import cn.dianma.app.screens.duty.Brand
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowBuild

class BackgroundHelpTest : ScreenTest() {
    @Test
    fun makers_are_known_by_any_of_their_names() {
        assertEquals(Brand.HUAWEI, Brand.of("HONOR"))
        assertEquals(Brand.XIAOMI, Brand.of("Xiaomi "))
        assertEquals(Brand.OPPO, Brand.of("realme"))
        assertEquals(Brand.VIVO, Brand.of("vivo"))
        assertEquals(Brand.OTHER, Brand.of("unknown"))
        assertEquals(Brand.OTHER, Brand.of(""))
    }

    @Test
    fun says_the_steps_of_this_phone_s_maker() {
        ShadowBuild.setManufacturer("HUAWEI")
        val words = words(open(BackgroundHelpActivity::class.java).get())
        assertTrue(words, "应用启动管理" in words)
        assertFalse(words, "自启动管理" in words)
    }

    @Test
    fun what_is_missing_leads_to_the_settings_and_is_read_again_on_return() {
        shadowOf(app).denyPermissions(Manifest.permission.ACCESS_FINE_LOCATION)
        val screen = open(BackgroundHelpActivity::class.java)
        assertEquals(2, "! 未允许".toRegex().findAll(words(screen.get())).count())
        tap(screen.get(), "打开省电设置")
        val opened = shadowOf(screen.get()).nextStartedActivity
        assertEquals(Settings.ACTION_IGNORE_BATTERY_OPTIMIZATION_SETTINGS, opened.action)
        shadowOf(app).grantPermissions(Manifest.permission.ACCESS_FINE_LOCATION)
        shadowOf(app.service<PowerManager>()).setIgnoringBatteryOptimizations(app.packageName, true)
        screen.pause().resume()
        val words = words(screen.get())
        assertFalse(words, "! 未允许" in words)
        assertFalse(words, "打开省电设置" in words)
    }
}
