// A labelled field a person fills in and sends with a button: address, name, password, search. What is
// wrong with it is said under it.
package cn.dianma.app.widgets

import android.annotation.SuppressLint
import android.content.Context
import android.text.InputType
import android.view.View
import android.view.inputmethod.EditorInfo
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.bridge.Trouble

@SuppressLint("ViewConstructor")
class Field(
    context: Context,
    label: CharSequence = "",
    private val kind: Kind = Kind.TEXT,
    hint: CharSequence = label,
) : LinearLayout(context) {
    /** What is typed. */
    enum class Kind(
        val inputType: Int,
    ) {
        TEXT(InputType.TYPE_CLASS_TEXT),
        ADDRESS(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_URI),
        NAME(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS),
        PASSWORD(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_PASSWORD),
        CODE(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_CAP_CHARACTERS),
    }

    private val name = context.text(label, Type.STRONG)
    private val fault = context.text(color = R.attr.overdue)

    /** The field itself. */
    val input = EditText(context)

    /** What stands in it. */
    var words: String
        get() = input.text.toString()
        set(value) {
            if (value != words) input.setText(value)
        }

    init {
        orientation = VERTICAL
        if (label.isNotEmpty()) put(name)
        val line = put(context.row(), gap = if (label.isEmpty()) 0 else Size.GAP / 2)
        line.put(prepared(hint), width = 0, share = 1f)
        if (kind == Kind.PASSWORD) line.put(eye(), gap = Size.GAP)
        put(fault, gap = Size.GAP / 2)
        fault.visibility = View.GONE
        keepAs(View.generateViewId())
    }

    /** With an id of its own the system keeps what was typed while a screen is built anew. */
    fun keepAs(id: Int) {
        input.id = id
        name.labelFor = id
    }

    /** Says what is wrong with it, or nothing. */
    fun say(words: CharSequence?) {
        fault.showOrHide(words)
        input.background = context.surface(line = context.color(if (words == null) R.attr.inkQuiet else R.attr.overdue))
        input.pad(Size.EDGE - 4, Size.GAP)
    }

    /** Says what a trouble says about the field of that name. */
    fun say(trouble: Trouble?, name: String) =
        say(
            trouble
                ?.fault
                ?.fields
                ?.firstOrNull { it.field == name }
                ?.let { context.say(it.sentence) },
        )

    /** The key at the end of the keyboard does the same as the button of the screen. */
    fun onDone(action: () -> Unit) {
        input.setOnEditorActionListener { _, _, _ ->
            action()
            true
        }
    }

    private fun prepared(words: CharSequence): EditText =
        input.apply {
            hint = words
            inputType = kind.inputType
            imeOptions = EditorInfo.IME_ACTION_DONE
            isSingleLine = true
            textSize = Type.HEADING.sp
            setTextColor(context.color(R.attr.ink))
            setHintTextColor(context.color(R.attr.inkQuiet))
            minHeight = context.dp(FIELD)
            background = context.surface(line = context.color(R.attr.inkQuiet))
            pad(Size.EDGE - 4, Size.GAP)
            // A password is never part of what the system keeps of a screen.
            isSaveEnabled = kind != Kind.PASSWORD
        }

    // With gloves one wants to see what was typed.
    private fun eye(): TextView {
        val show = context.getString(R.string.field_show)
        val hide = context.getString(R.string.field_hide)
        val button = context.button(show) {}
        button.onTap {
            val isHidden = input.inputType == Kind.PASSWORD.inputType
            val shown = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_VISIBLE_PASSWORD
            input.inputType = if (isHidden) shown else Kind.PASSWORD.inputType
            input.setSelection(input.text.length)
            button.text = if (isHidden) hide else show
        }
        return button
    }

    private companion object {
        const val FIELD = 56
    }
}
