// A text field that saves itself: a while after the last key, when it is left, and when the screen goes.
// What is shown from outside never overwrites what is being typed.
package cn.dianma.app.widgets

import android.annotation.SuppressLint
import android.content.Context
import android.text.InputType
import android.view.Gravity
import android.widget.EditText
import cn.dianma.app.R

/** What is typed. */
enum class Typing(
    val inputType: Int,
) {
    WORDS(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_MULTI_LINE),
    LINE(InputType.TYPE_CLASS_TEXT),
    WHOLE_NUMBER(InputType.TYPE_CLASS_NUMBER or InputType.TYPE_NUMBER_FLAG_SIGNED),
    NUMBER(
        InputType.TYPE_CLASS_NUMBER or InputType.TYPE_NUMBER_FLAG_DECIMAL or InputType.TYPE_NUMBER_FLAG_SIGNED,
    ),
    DIGITS(InputType.TYPE_CLASS_NUMBER),
}

@SuppressLint("ViewConstructor")
class TextInput(
    context: Context,
    label: CharSequence,
    typing: Typing = Typing.LINE,
    private val onSave: (String) -> Unit,
) : EditText(context) {
    private var saved = ""

    /** What the store had when it was shown last. */
    private var stored = ""
    private var isFilling = false
    private val saveLater = Runnable { save() }

    init {
        hint = label
        inputType = typing.inputType
        if (typing == Typing.WORDS) {
            minLines = WORDS_LINES
            gravity = Gravity.TOP or Gravity.START
        }
        textSize = Type.BODY.sp
        setTextColor(context.color(R.attr.ink))
        setHintTextColor(context.color(R.attr.inkQuiet))
        minHeight = context.dp(Size.TOUCH)
        pad(Size.EDGE - 4, Size.GAP)
        markProblem(false)
        onWords {
            if (!isFilling) {
                removeCallbacks(saveLater)
                postDelayed(saveLater, PAUSE_MS)
            }
        }
        setOnFocusChangeListener { _, has -> if (!has) save() }
    }

    /**
     * Shows what is stored, unless a person is typing here: the core trims, a typist does not want it. Words that
     * the store did not take stay in the field and are saved at the next occasion.
     */
    fun show(words: String) {
        val typed = text.toString()
        val isRefused = words == stored && words != typed
        if (isRefused || words == typed) saved = words
        if (words == typed) stored = words
        val isTyping = hasFocus() && typed != stored
        if (isRefused || isTyping || words == typed) return
        saved = words
        stored = words
        isFilling = true
        setText(words)
        setSelection(words.length)
        isFilling = false
    }

    /** Empties the field; nothing is saved. */
    fun clear() {
        removeCallbacks(saveLater)
        saved = ""
        stored = ""
        isFilling = true
        setText("")
        isFilling = false
    }

    /** Saves at once what is not saved yet. */
    fun save() {
        removeCallbacks(saveLater)
        val words = text.toString()
        if (words == saved) return
        saved = words
        onSave(words)
    }

    /** Draws the frame in the colour of a problem. */
    fun markProblem(isWrong: Boolean) {
        background = context.surface(line = context.color(if (isWrong) R.attr.overdue else R.attr.inkQuiet))
        pad(Size.EDGE - 4, Size.GAP)
    }

    override fun onDetachedFromWindow() {
        save()
        super.onDetachedFromWindow()
    }

    private companion object {
        const val PAUSE_MS = 1_200L
        const val WORDS_LINES = 2
    }
}
