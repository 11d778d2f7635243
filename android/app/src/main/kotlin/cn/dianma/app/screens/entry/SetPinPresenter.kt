// Setting the first PIN, or changing it: the one in use, the new one, the new one again.
package cn.dianma.app.screens.entry

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble

/** What is typed next. */
enum class PinStep { OLD, NEW, AGAIN }

/** What the screen draws. */
data class SetPinState(
    val hasPin: Boolean? = null,
    val step: PinStep = PinStep.NEW,
    val isDifferent: Boolean = false,
    val isBusy: Boolean = false,
    val trouble: Trouble? = null,
    val isDone: Boolean = false,
)

class SetPinPresenter(
    door: CoreDoor,
) : Presenter<SetPinState>(door, SetPinState()) {
    private var old = ""
    private var new = ""

    fun start() {
        if (state.hasPin != null) return
        ask({ it.session() }) { answer ->
            if (answer is Answer.Good) {
                val step = if (answer.value.hasPin) PinStep.OLD else PinStep.NEW
                state = state.copy(hasPin = answer.value.hasPin, step = step)
            }
        }
    }

    fun typed(pin: String) {
        when (state.step) {
            PinStep.OLD -> {
                old = pin
                state = state.copy(step = PinStep.NEW, trouble = null)
            }
            PinStep.NEW -> {
                new = pin
                state = state.copy(step = PinStep.AGAIN, isDifferent = false, trouble = null)
            }
            PinStep.AGAIN ->
                if (pin == new) save() else state = state.copy(step = PinStep.NEW, isDifferent = true)
        }
    }

    private fun save() {
        if (state.isBusy) return
        state = state.copy(isBusy = true)
        val hasPin = state.hasPin == true
        ask({ if (hasPin) it.changePin(old, new) else it.setPin(new) }) { answer ->
            old = ""
            new = ""
            state =
                when (answer) {
                    is Answer.Good -> state.copy(isBusy = false, isDone = true)
                    is Answer.Bad -> {
                        val step = if (hasPin) PinStep.OLD else PinStep.NEW
                        state.copy(isBusy = false, step = step, trouble = answer.trouble)
                    }
                }
        }
    }
}
