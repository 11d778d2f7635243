// The door keeps the core off the home thread and turns every failure into something a screen can draw.
package cn.dianma.bridge

import cn.dianma.core.FaultView
import cn.dianma.core.PhoneException
import cn.dianma.core.Words
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import java.util.concurrent.Executor

class CoreDoorTest {
    private val fault = FaultView("S-409-STATE", Words("中文", "English"), null, emptyList(), false)
    private val atOnce = Executor { it.run() }

    @Test
    fun a_library_that_cannot_be_loaded_is_a_coded_card() {
        val door = CoreDoor(atOnce, atOnce, { false }) { throw UnsatisfiedLinkError("no library") }
        var answer: Answer<Int>? = null
        door.ask({ 1 }) { answer = it }
        val trouble = (answer as Answer.Bad).trouble
        assertEquals(Action.REPORT, trouble.action)
        assertEquals("D-500-APP", trouble.code)
        assertTrue(
            trouble.fault.sentence.zh
                .isNotEmpty(),
        )
    }

    @Test
    fun the_home_thread_may_not_wait_for_the_core() {
        val door = CoreDoor(atOnce, atOnce, { true }) { throw AssertionError("opened on the home thread") }
        assertThrows(IllegalStateException::class.java) { door.now { 1 } }
    }

    @Test
    fun the_core_s_action_and_fault_arrive_as_they_are() {
        val trouble = Trouble.of(PhoneException.NotNow(fault))
        assertEquals(Trouble(Action.NOT_NOW, fault), trouble)
        assertEquals(Action.UNLOCK, Trouble.of(PhoneException.Unlock(fault)).action)
        assertEquals(Action.FREE_SPACE, Trouble.of(PhoneException.FreeSpace(fault)).action)
    }

    @Test
    fun english_is_shown_only_where_the_phone_speaks_it() {
        assertEquals("English", Language.of("en").of(fault.sentence))
        assertEquals("中文", Language.of("zh").of(fault.sentence))
        assertEquals("中文", Language.of("fr").of(fault.sentence))
    }
}
