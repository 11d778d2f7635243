// Tells what stands in a field after every key.
package cn.dianma.app.widgets

import android.text.Editable
import android.text.TextWatcher
import android.widget.EditText

/** [action] gets the whole text whenever it has changed. */
fun EditText.onWords(action: (String) -> Unit) = addTextChangedListener(AfterKeys(action))

private class AfterKeys(
    private val action: (String) -> Unit,
) : TextWatcher {
    override fun beforeTextChanged(
        words: CharSequence?,
        start: Int,
        count: Int,
        after: Int,
    ) = Unit

    override fun onTextChanged(
        words: CharSequence?,
        start: Int,
        before: Int,
        count: Int,
    ) = Unit

    override fun afterTextChanged(words: Editable) = action(words.toString())
}
