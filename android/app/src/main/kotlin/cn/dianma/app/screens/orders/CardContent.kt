// An operation card to read: people, preparation, procedure step by step, tools and materials.
package cn.dianma.app.screens.orders

import android.content.Context
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.card
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.text
import cn.dianma.core.CardLineView
import cn.dianma.core.OperationCardView
import cn.dianma.core.StepView

fun Context.operationCard(card: OperationCardView): LinearLayout =
    column {
        put(cardHead(card))
        put(cardPreparation(card), gap = Size.GAP)
        put(cardHazards(card), gap = Size.GAP)
        put(cardSteps(card), gap = Size.GAP)
        if (card.tools.isNotEmpty()) put(cardLines(R.string.card_tools, card.tools), gap = Size.GAP)
        if (card.materials.isNotEmpty()) put(cardLines(R.string.card_materials, card.materials), gap = Size.GAP)
        if (card.references.isNotEmpty()) {
            val words = card.references.joinToString("\n")
            put(text(getString(R.string.card_references, words), color = R.attr.inkQuiet), gap = Size.EDGE)
        }
    }

private fun Context.cardHead(card: OperationCardView) =
    card {
        put(heading(say(card.title)))
        put(text(getString(R.string.order_card_why, say(card.why)), color = R.attr.inkQuiet), gap = Size.GAP / 2)
        put(text(say(card.scope)), gap = Size.GAP / 2)
        val people = getString(R.string.card_people, card.minPeople.toInt())
        val able = card.qualifications.joinToString("") { "\n· " + say(it) }
        put(text(people + able, Type.STRONG), gap = Size.GAP)
        if (card.isSample) put(text(getString(R.string.card_sample), color = R.attr.soon), gap = Size.GAP)
    }

private fun Context.cardPreparation(card: OperationCardView) =
    card {
        put(heading(getString(R.string.card_preparation)))
        for (item in card.preparation) {
            put(text("· " + say(item.text), Type.STRONG), gap = Size.GAP)
            standard(item.standard)
        }
    }

private fun Context.cardHazards(card: OperationCardView) =
    card {
        put(heading(getString(R.string.card_hazards)))
        for (hazard in card.hazards) {
            put(text(say(hazard.name), Type.STRONG, R.attr.overdue), gap = Size.GAP)
            put(text(say(hazard.action)))
            put(text(say(hazard.method)))
            standard(hazard.standard)
        }
    }

private fun Context.cardSteps(card: OperationCardView) =
    card {
        put(heading(getString(R.string.card_steps)))
        var stage = ""
        for (step in card.steps) {
            val name = say(step.stage)
            if (name != stage) put(text(name, Type.STRONG, R.attr.accent), gap = Size.EDGE)
            stage = name
            step(step)
        }
    }

private fun LinearLayout.step(step: StepView) {
    val context = context
    put(context.text("${step.number}. " + context.say(step.text), Type.STRONG), gap = Size.GAP)
    step.ticks.forEach { put(context.text("　□ " + context.say(it))) }
    standard(step.standard)
    val lock = context.say(step.lock)
    if (lock.isNotEmpty()) put(context.text(context.getString(R.string.card_lock, lock), color = R.attr.soon))
}

private fun LinearLayout.standard(standard: cn.dianma.core.Words) {
    val words = context.say(standard)
    if (words.isNotEmpty()) {
        put(
            context.text(context.getString(R.string.order_standard, words), color = R.attr.inkQuiet),
        )
    }
}

private fun Context.cardLines(title: Int, lines: List<CardLineView>) =
    card {
        put(heading(getString(title)))
        for (line in lines) {
            val optional = if (line.isOptional) getString(R.string.card_optional) else ""
            put(text("· ${line.name}  ${line.quantityWords}$optional"), gap = Size.GAP / 2)
        }
    }
