// What is asked before a step that needs words or a signature: closing the service, suspending, asking for
// somebody else. Everything typed or chosen is a draft of the core.
package cn.dianma.app.screens.orders

import android.content.Context
import android.view.View
import cn.dianma.app.R
import cn.dianma.app.widgets.Flow
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TextInput
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.Typing
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.card
import cn.dianma.app.widgets.chip
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showChips
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.text

/** A panel with one primary action under the thumb. */
interface PanelPart : OrderPart {
    val title: Int

    /** What the bar says. */
    fun bar(state: OrderState): CharSequence

    /** The bar was tapped. */
    fun give(state: OrderState)

    fun save()
}

class ClosingPanel(
    private val context: Context,
    private val presenter: OrderPresenter,
    private val onScan: () -> Unit,
    private val onSign: () -> Unit,
    private val onLook: (View) -> Unit,
) : PanelPart {
    override val title = R.string.closing_title
    private val opinions = Flow(context)
    private val ways = Flow(context)
    private val hint = context.text(color = R.attr.inkQuiet)
    private val digits =
        TextInput(context, context.getString(R.string.closing_digits), Typing.DIGITS) {
            presenter.keep("closing.digits", it, true)
        }
    private val sign = context.button(context.getString(R.string.closing_sign), onSign)
    private val remark =
        TextInput(context, context.getString(R.string.closing_remark), Typing.WORDS) {
            presenter.keep("closing.remark", it, true)
        }

    override val view: View =
        context.column {
            put(
                context.card {
                    put(context.heading(context.getString(R.string.closing_opinion)))
                    put(opinions, gap = Size.GAP)
                    put(remark, gap = Size.GAP)
                },
            )
            put(
                context.card {
                    put(context.heading(context.getString(R.string.closing_proof)))
                    put(ways, gap = Size.GAP)
                    put(hint, gap = Size.GAP)
                    put(digits, gap = Size.GAP)
                    put(sign, gap = Size.GAP)
                },
                gap = Size.GAP,
            )
        }

    override fun show(state: OrderState) {
        val closing = state.order?.closing ?: return
        val given = state.draft("closing.satisfaction")
        opinions.showChips(state.opinions, { context.say(it.name) }, { it.value == given }) {
            presenter.keep("closing.satisfaction", it.value)
        }
        val way = way(state)
        ways.showChips(closing.ways, { context.say(it.name) }, { it.value == way }) {
            presenter.keep("closing.way", it.value)
        }
        remark.show(state.draft("closing.remark"))
        digits.show(state.draft("closing.digits"))
        digits.visibility = if (way == "digits") View.VISIBLE else View.GONE
        sign.visibility = if (way == "signature") View.VISIBLE else View.GONE
        val words =
            when (way) {
                "digits" -> context.say(closing.digitsWords)
                "signature" ->
                    context
                        .say(
                            closing.signatureWords,
                        ).ifEmpty { context.getString(R.string.closing_unsigned) }
                "scan" -> context.getString(R.string.closing_scan_hint)
                else -> null
            }
        hint.showOrHide(words)
    }

    override fun bar(state: OrderState): CharSequence {
        val hint =
            when {
                state.draft("closing.satisfaction").isEmpty() -> R.string.closing_bar_opinion
                way(state) == "scan" -> R.string.closing_bar_scan
                way(state) == "signature" && isUnsigned(state) -> R.string.closing_bar_sign
                else -> return context.stepWords(next(state), "")
            }
        return context.stepWords(next(state), context.getString(hint))
    }

    override fun give(state: OrderState) {
        save()
        val way = way(state)
        when {
            state.draft("closing.satisfaction").isEmpty() -> onLook(opinions)
            way == "digits" -> presenter.finishWithDigits()
            way == "signature" && isUnsigned(state) -> onSign()
            way == "signature" -> presenter.finishWithSignature()
            way == "scan" -> onScan()
            else -> presenter.finishWithScan(null)
        }
    }

    override fun save() {
        digits.save()
        remark.save()
    }

    private fun isUnsigned(state: OrderState) =
        state.order
            ?.closing
            ?.signatureSha256
            .isNullOrEmpty()

    private fun next(state: OrderState) =
        state.order
            ?.row
            ?.next
            ?.let { context.say(it.name) } ?: ""

    /** The way chosen, or the best there is. */
    private fun way(state: OrderState): String {
        val ways =
            state.order
                ?.closing
                ?.ways
                .orEmpty()
        val chosen = state.draft("closing.way")
        return (ways.firstOrNull { it.value == chosen } ?: ways.firstOrNull())?.value ?: ""
    }
}

class SuspendPanel(
    private val context: Context,
    private val presenter: OrderPresenter,
    private val onPickTime: (Long?) -> Unit,
) : PanelPart {
    override val title = R.string.suspend_title
    private val times = Flow(context)
    private val chosen = context.text(type = Type.HEADING)
    private val reason =
        TextInput(context, context.getString(R.string.suspend_hint), Typing.WORDS) {
            presenter.keep("suspend.reason", it, true)
        }

    override val view: View =
        context.card {
            put(context.heading(context.getString(R.string.suspend_reason)))
            put(reason, gap = Size.GAP)
            put(context.heading(context.getString(R.string.suspend_until)), gap = Size.EDGE)
            put(chosen, gap = Size.GAP / 2)
            put(times, gap = Size.GAP)
        }

    override fun show(state: OrderState) {
        reason.show(state.draft("suspend.reason"))
        val at = state.draft("suspend.at").toLongOrNull()
        val known = state.appointments.firstOrNull { it.atMs == at }
        chosen.showOrHide(state.suspendWords?.takeIf { known == null }?.let(context::say))
        times.removeAllViews()
        state.appointments.forEach { choice ->
            val chip = context.chip(context.say(choice.name), choice.atMs == at) {
                presenter.keep("suspend.at", "${choice.atMs}")
            }
            times.addView(chip)
        }
        times.addView(context.button(context.getString(R.string.order_pick_time)) { onPickTime(at) })
    }

    override fun bar(state: OrderState): CharSequence = context.getString(R.string.suspend_give)

    override fun give(state: OrderState) {
        save()
        presenter.suspendWork()
    }

    override fun save() = reason.save()
}

class ReassignPanel(
    private val context: Context,
    private val presenter: OrderPresenter,
) : PanelPart {
    override val title = R.string.reassign_title
    private val reason =
        TextInput(context, context.getString(R.string.reassign_reason), Typing.WORDS) {
            presenter.keep("reassign.reason", it, true)
        }

    override val view: View =
        context.card {
            put(context.text(context.getString(R.string.reassign_hint), color = R.attr.inkQuiet))
            put(reason, gap = Size.GAP)
        }

    override fun show(state: OrderState) = reason.show(state.draft("reassign.reason"))

    override fun bar(state: OrderState): CharSequence = context.getString(R.string.reassign_give)

    override fun give(state: OrderState) {
        save()
        presenter.requestReassignment()
    }

    override fun save() = reason.save()
}
