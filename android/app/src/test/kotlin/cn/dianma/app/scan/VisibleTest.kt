// What the person sees of a frame, by sums that can be checked by hand.
package cn.dianma.app.scan

import cn.dianma.app.camera.Frame
import cn.dianma.app.camera.Spot
import cn.dianma.app.camera.Visible
import org.junit.Assert.assertEquals
import org.junit.Test
import java.nio.ByteBuffer

class VisibleTest {
    @Test
    fun a_narrow_view_cuts_the_sides_of_what_is_displayed() {
        val frame = frame(90)
        assertEquals(Visible(0, 0, 1280, 720, true), Visible.of(frame, 720, 1280))
        assertEquals(Visible(0, 180, 1280, 360, true), Visible.of(frame, 360, 1280))
        assertEquals(Visible(320, 0, 640, 720, true), Visible.of(frame, 720, 640))
        assertEquals(360 to 1280, Visible.of(frame, 360, 1280).let { it.shownWidth to it.shownHeight })
    }

    @Test
    fun an_upright_frame_is_cut_as_it_lies() {
        assertEquals(Visible(0, 0, 1280, 720, false), Visible.of(frame(0), 2560, 1440))
        assertEquals(Visible(280, 0, 720, 720, false), Visible.of(frame(180), 100, 100))
        assertEquals(Visible(0, 0, 1280, 720, false), Visible.of(frame(0), 0, 0))
    }

    @Test
    fun places_are_told_in_shares_of_the_whole_picture() {
        val upright = Visible.of(frame(90), 720, 640)
        assertEquals(Spot(0f, 0.25f), upright.spot(0f, 0f))
        assertEquals(Spot(1f, 0.75f), upright.spot(720f, 640f))
        val lying = Visible.of(frame(0), 100, 100)
        assertEquals(Spot(0.5f, 0.5f), lying.spot(360f, 360f))
    }

    private fun frame(rotation: Int) = Frame(ByteBuffer.allocateDirect(0), 1280, 720, 1280, rotation)
}
