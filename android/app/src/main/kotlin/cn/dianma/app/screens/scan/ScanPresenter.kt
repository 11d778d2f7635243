// The scanner's thinking: what the camera says, what a code means, what happens next. The core weighs every
// text; this only keeps what is drawn.
package cn.dianma.app.screens.scan

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.ScanOutcome
import cn.dianma.core.Scanner

/** How the camera stands. */
enum class Sightline { STARTING, LOOKING, DENIED, ABSENT, TAKEN, BROKEN }

/** What the scanner draws. */
data class ScanState(
    val purpose: String,
    val sightline: Sightline = Sightline.STARTING,
    val isWeighing: Boolean = false,
    val outcome: ScanOutcome? = null,
    val isTyping: Boolean = false,
    val typed: String = "",
    val typedOutcome: ScanOutcome? = null,
    val hasEmptyPicture: Boolean = false,
    val isHard: Boolean = false,
    val trouble: Trouble? = null,
) {
    /** Frames are worth searching. */
    val isSearching: Boolean get() = outcome == null && !isWeighing && !isTyping && trouble == null

    /** The customer's will cannot be typed, and an enrolment code is no number. */
    val mayType: Boolean get() = purpose == "lookup" || purpose == "arrive"

    /** So clear that it goes on by itself. */
    val goesOn: Boolean
        get() {
            val found = outcome ?: return false
            val isClear = found.isUsable && found.trust == "good"
            return isClear && (purpose != "lookup" || found.opens == "customer" || found.opens == "order")
        }
}

class ScanPresenter(
    door: CoreDoor,
    private val purpose: String,
    private val orderId: String?,
) : Presenter<ScanState>(door, ScanState(purpose)) {
    private var framesWithout = 0

    fun onCamera(sightline: Sightline) {
        framesWithout = 0
        state = state.copy(sightline = sightline, isHard = false)
    }

    /** A frame without a code one may act on. */
    fun onNothing() {
        framesWithout += 1
        if (framesWithout == HARD_AFTER_FRAMES) state = state.copy(isHard = true)
    }

    /** A code was read. */
    fun onCode(text: String) {
        if (state.isSearching) weigh(text)
    }

    /** The codes of a picture that was picked; none means that there was nothing in it. */
    fun onPicture(path: String) {
        state = state.copy(isWeighing = true, hasEmptyPicture = false, trouble = null)
        ask({ Scanner().use { scanner -> scanner.pictureFile(path).codes.map { it.text } } }) { answer ->
            state = state.copy(isWeighing = false)
            when (answer) {
                is Answer.Good -> answer.value.firstOrNull()?.let(::weigh) ?: nothingThere()
                is Answer.Bad -> state = state.copy(trouble = answer.trouble)
            }
        }
    }

    private fun nothingThere() {
        state = state.copy(hasEmptyPicture = true)
    }

    private fun weigh(text: String) {
        state = state.copy(isWeighing = true, hasEmptyPicture = false, isHard = false)
        ask({ it.weigh(purpose, orderId, text, false) }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> state.copy(isWeighing = false, outcome = answer.value)
                    is Answer.Bad -> state.copy(isWeighing = false, trouble = answer.trouble)
                }
        }
    }

    /** Types a number instead. */
    fun type() {
        state = state.copy(isTyping = true, outcome = null, trouble = null, hasEmptyPicture = false)
    }

    /** The number as typed so far; what it would mean is asked with every key. */
    fun onTyped(text: String) {
        if (text == state.typed) return
        state = state.copy(typed = text, typedOutcome = if (text.isBlank()) null else state.typedOutcome)
        if (text.trim().length < SHORTEST_NUMBER) {
            state = state.copy(typedOutcome = null)
            return
        }
        ask({ it.weigh(purpose, orderId, text, true) }) { answer ->
            if (state.typed != text) return@ask
            state =
                when (answer) {
                    is Answer.Good -> state.copy(typedOutcome = answer.value, trouble = null)
                    is Answer.Bad -> state.copy(trouble = answer.trouble)
                }
        }
    }

    /** Goes on with the number that was typed. */
    fun useTyped() {
        val found = state.typedOutcome?.takeIf { it.isUsable } ?: return
        state = state.copy(isTyping = false, outcome = found)
    }

    /** Looks again. */
    fun again() {
        framesWithout = 0
        state =
            state.copy(
                isTyping = false,
                outcome = null,
                trouble = null,
                hasEmptyPicture = false,
                isHard = false,
                isWeighing = false,
            )
    }

    /** The decoder itself failed, or a picture could not be brought here. */
    fun onTrouble(trouble: Trouble) {
        state = state.copy(trouble = trouble, isWeighing = false)
    }

    private companion object {
        /** About four seconds of a cheap phone's frames. */
        const val HARD_AFTER_FRAMES = 40
        const val SHORTEST_NUMBER = 4
    }
}
