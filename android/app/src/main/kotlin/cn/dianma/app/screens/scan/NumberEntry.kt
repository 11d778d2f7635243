// A number instead of a code: what it would mean is said while it is typed, and only a number that means
// something can be used.
package cn.dianma.app.screens.scan

import android.content.Context
import android.text.InputType
import android.view.View
import android.view.inputmethod.EditorInfo
import android.widget.EditText
import android.widget.FrameLayout
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.dp
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.onWords
import cn.dianma.app.widgets.pad
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.surface
import cn.dianma.app.widgets.troubleCard

class NumberEntry(
    private val context: Context,
    private val taps: ScanPanel.Taps,
) {
    private val verdict = VerdictView(context, taps)
    private lateinit var meaning: FrameLayout
    private lateinit var use: TextView

    fun view(typed: String): View =
        context.column {
            put(context.heading(context.getString(R.string.scan_number)))
            put(field(typed), gap = Size.GAP)
            meaning = put(FrameLayout(context), gap = Size.GAP)
            use = put(
                context.primaryBar(context.getString(R.string.scan_use_number)) { taps.onUseTyped() },
                gap = Size.GAP,
            )
            put(context.button(context.getString(R.string.scan_again)) { taps.onAgain() }, gap = Size.GAP)
        }

    fun draw(state: ScanState) {
        meaning.removeAllViews()
        val (outcome, trouble) = state.typedOutcome to state.trouble
        if (trouble != null) meaning.addView(context.troubleCard(trouble, null) {})
        if (outcome != null) meaning.addView(verdict.meaning(outcome))
        use.visibility = if (outcome?.isUsable == true) View.VISIBLE else View.GONE
    }

    private fun field(typed: String) =
        EditText(context).apply {
            setText(typed)
            setSelection(typed.length)
            hint = context.getString(R.string.scan_number_hint)
            textSize = Type.HEADING.sp
            setTextColor(context.color(R.attr.ink))
            setHintTextColor(context.color(R.attr.inkQuiet))
            background = context.surface()
            pad(Size.EDGE, Size.GAP)
            inputType = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_CAP_CHARACTERS or
                InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS
            imeOptions = EditorInfo.IME_ACTION_DONE
            isSingleLine = true
            minHeight = context.dp(Size.PRIMARY)
            filters = arrayOf(android.text.InputFilter.LengthFilter(LONGEST))
            setOnEditorActionListener { _, _, _ ->
                taps.onUseTyped()
                true
            }
            onWords(taps::onTyped)
        }

    private companion object {
        const val LONGEST = 64
    }
}
