// An electrician's way through one order, with a generated record and generated files. Nothing in here is
// about a real person or place.
package cn.dianma.app.harness

import cn.dianma.core.CapturedFile
import cn.dianma.core.CoreInterface
import cn.dianma.core.CostQuantity
import cn.dianma.core.FieldView
import java.io.File
import java.math.BigDecimal
import java.util.Random

/**
 * @param core gives the core at every step, so that a process may die in between.
 * @param labelText the customer's code.
 */
class GeneratedJob(
    private val core: () -> CoreInterface,
    private val order: String,
    private val labelText: String,
    private val folder: File,
    private val between: () -> Unit = {},
) {
    /** From accepting to submitting. */
    fun whole(seed: Long) {
        begin()
        record()
        evidence(seed)
        cost()
        finish()
        step { it.submit(order) }
    }

    /** From accepting to working on site. */
    fun begin() {
        step { it.accept(order) }
        step { it.depart(order) }
        step { it.arrive(order, labelText, false) }
        step { it.begin(order, null, it.cardOfOrder(order, emptyMap()).hazards.map { hazard -> hazard.number }) }
    }

    /** Every field of the form, one by one, as autosave does it. */
    fun record() {
        for (field in core().order(order).fields) step { it.recordField(order, field.name, valueOf(field)) }
        // A field that must not be less than another one gets the highest value there is.
        val filled = core().order(order).fields
        val highest = filled.mapNotNull { it.value.toLongOrNull() }.filter { it < NOT_A_TIME }.maxOrNull() ?: 0L
        for (field in filled.filter { it.problem != null }) step { it.recordField(order, field.name, "$highest") }
        val left = core().order(order).fields.filter { it.problem != null }
        check(left.isEmpty()) { "the record is not complete: ${left.map { it.problem?.zh }}" }
    }

    /** Every piece the kind asks for. */
    fun evidence(seed: Long) {
        for (demand in core().order(order).demands) {
            repeat(demand.minCount.toInt()) { piece ->
                val file = File(folder, "$seed-$order-${demand.slot}-$piece")
                file.writeBytes(GeneratedMedia.of(demand.kind, Random(seed * PIECES + piece + demand.slot.hashCode())))
                step { it.addEvidence(order, CapturedFile(file.path, demand.slot, demand.kind, false)) }
            }
        }
        check(core().order(order).demands.all { it.isMet }) { "evidence is missing" }
    }

    /** The first priced item of the list, once. */
    private fun cost() {
        val item = core().priceList().first()
        step { it.setCost(order, listOf(CostQuantity(item.code, "1"))) }
        check(core().order(order).cost?.total == item.unitPrice) { "the sheet does not show the price" }
    }

    /** Second signature and the customer's opinion. */
    fun finish() = step { it.finish(order, labelText, null, "satisfied", null) }

    private fun step(work: (CoreInterface) -> Unit) {
        work(core())
        between()
    }

    companion object {
        /** A value that a field takes. */
        fun valueOf(field: FieldView): String {
            val low = field.min ?: 1L
            val middle = field.max?.let { low + (it - low) / 2 } ?: low
            return when (field.kind) {
                "text" -> TEXT.take((field.max ?: TEXT.length.toLong()).toInt())
                "integer" -> "$middle"
                "decimal_milli" -> BigDecimal.valueOf(middle, 3).stripTrailingZeros().toPlainString()
                "choice" -> field.choices.first().value
                "boolean" -> "true"
                else -> "${System.currentTimeMillis()}"
            }
        }

        private const val TEXT = "生成的现场记录，仅供演示与测试"
        private const val PIECES = 1_000L
        private const val NOT_A_TIME = 1_000_000L
    }
}
