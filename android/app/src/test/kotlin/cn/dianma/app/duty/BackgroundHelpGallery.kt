// Pictures of the page about battery savers.
package cn.dianma.app.duty

import cn.dianma.app.harness.Gallery
import cn.dianma.app.screens.duty.BackgroundHelpActivity
import org.junit.Test
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowBuild

@Config(sdk = [35])
class BackgroundHelpGallery : Gallery() {
    @Test
    fun on_a_phone_that_stops_apps() {
        ShadowBuild.setManufacturer("Xiaomi")
        pictures("background-help") { open(BackgroundHelpActivity::class.java) }
    }
}
