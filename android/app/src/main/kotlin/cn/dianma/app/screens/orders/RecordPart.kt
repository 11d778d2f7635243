// The field record: one editor a field, made from the core's form, so that all kinds of order share it.
// Every editor saves its own field; what is wrong stands under the field.
package cn.dianma.app.screens.orders

import android.content.Context
import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.widgets.Flow
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TextInput
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.Typing
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.chip
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showChips
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.text
import cn.dianma.core.FieldView
import cn.dianma.core.TimeChoiceView

class RecordPart(
    private val context: Context,
    private val presenter: OrderPresenter,
    private val onPickTime: (FieldView) -> Unit,
) : OrderPart {
    private val folding = FoldingCard(context, context.getString(R.string.order_record), false)
    private val editors = LinkedHashMap<String, FieldEditor>()
    private var wasWorking = false
    override val view: View = folding.view

    override fun show(state: OrderState) {
        val order = state.order
        view.visibility = if (order == null || order.fields.isEmpty()) View.GONE else View.VISIBLE
        if (order == null) return
        val isWorking = order.row.isOpenForWork
        if (isWorking != wasWorking) folding.open(isWorking)
        wasWorking = isWorking
        if (editors.keys.toList() != order.fields.map { it.name }) build(order.fields)
        order.fields.forEach { field -> editors[field.name]?.show(field, state.recent) }
        val left = order.fieldProblems.toInt()
        folding.say(if (left == 0) "✓" else context.getString(R.string.order_fields_left, left))
    }

    /** Saves what is still being typed. */
    fun save() = editors.values.forEach { it.save() }

    /** The first field that is wrong or missing; none = the record is complete. */
    fun firstProblem(state: OrderState): View? {
        val field = state.order?.fields?.firstOrNull { it.problem != null } ?: return null
        return viewOf(field.name)
    }

    /** The editor of a field. */
    fun viewOf(name: String): View? = editors[name]?.view?.also { folding.open(true) }

    private fun build(fields: List<FieldView>) {
        editors.clear()
        folding.body.removeAllViews()
        for (field in fields) {
            val editor = FieldEditor(context, field, presenter::record, onPickTime)
            editors[field.name] = editor
            folding.body.put(editor.view, gap = Size.EDGE)
        }
    }
}

/** One field of a record. */
class FieldEditor(
    private val context: Context,
    private val field: FieldView,
    private val onSave: (String, String) -> Unit,
    private val onPickTime: (FieldView) -> Unit,
) {
    private val label = context.text(type = Type.STRONG)
    private val problem = context.text()
    private val input: TextInput? = typing()?.let { typing -> TextInput(context, label(field), typing, ::typed) }
    private val chips = Flow(context)
    private val chosen = context.text(type = Type.HEADING)

    val view: LinearLayout =
        context.column {
            put(label)
            input?.let { nameInput(it) }
            if (input == null) {
                if (field.kind == TIME) put(chosen, gap = Size.GAP / 2)
                put(chips, gap = Size.GAP / 2)
            } else {
                put(input, gap = Size.GAP / 2)
            }
            put(problem, gap = Size.GAP / 2)
        }

    /** The label stands above; a screen reader finds it, the field itself stays quiet. */
    private fun nameInput(input: TextInput) {
        input.id = View.generateViewId()
        input.tag = label(field)
        input.hint = context.getString(R.string.order_type_here)
        label.labelFor = input.id
    }

    private fun typed(words: String) = onSave(field.name, words)

    fun save() {
        input?.save()
    }

    fun show(field: FieldView, recent: List<TimeChoiceView>) {
        label.text = label(field)
        input?.show(field.value)
        if (field.kind == TIME) {
            showTime(field, recent)
        } else if (input == null) {
            showChoices(field)
        }
        val isWrong = field.problem != null && field.value.isNotEmpty()
        input?.markProblem(isWrong)
        val mark = if (isWrong) "! " else "○ "
        problem.showOrHide(field.problem?.let { mark + context.say(it) })
        problem.setTextColor(context.color(if (isWrong) R.attr.overdue else R.attr.soon))
    }

    private fun label(field: FieldView): String {
        val unit = if (field.unit.isEmpty()) "" else "（${field.unit}）"
        return (if (field.isRequired) "* " else "") + context.say(field.label) + unit
    }

    /** A tap on what is chosen already takes it back. */
    private fun showChoices(field: FieldView) =
        chips.showChips(field.choices, { context.say(it.name) }, { it.value == field.value }) {
            onSave(field.name, if (it.value == field.value) "" else it.value)
        }

    private fun showTime(field: FieldView, recent: List<TimeChoiceView>) {
        chosen.showOrHide(context.say(field.valueWords))
        chips.removeAllViews()
        recent.forEach { moment ->
            chips.addView(context.chip(context.say(moment.name), false) { onSave(field.name, "${moment.atMs}") })
        }
        chips.addView(context.button(context.getString(R.string.order_pick_time)) { onPickTime(field) })
    }

    private fun typing(): Typing? =
        when (field.kind) {
            "text" -> Typing.WORDS
            "integer" -> Typing.WHOLE_NUMBER
            "decimal_milli" -> Typing.NUMBER
            else -> null
        }

    private companion object {
        const val TIME = "time"
    }
}
