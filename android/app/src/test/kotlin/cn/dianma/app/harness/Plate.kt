// Generated camera frames: a code or bars on a meter's plate, with the dirt, turn, shadow and noise of the field.
// Grey rows with a stride, as a camera delivers them. Nothing in them is about a real person or place.
package cn.dianma.app.harness

import android.graphics.Bitmap
import io.nayuki.qrcodegen.QrCode
import java.nio.ByteBuffer
import java.util.Random
import kotlin.math.cos
import kotlin.math.sin

/**
 * @param text what the QR code says; none for an empty plate.
 * @param symbol a code that was drawn elsewhere, instead.
 * @param bars what the bar code says (Code 39: digits, S and M), instead.
 * @param turnDegrees how the label hangs.
 * @param dirt share of the code that is covered by blots.
 * @param light brightness of white, 0 to 255.
 */
class Plate(
    private val text: String?,
    private val turnDegrees: Double = 0.0,
    private val dirt: Double = 0.0,
    private val light: Int = 215,
    private val pixelsPerModule: Double = 6.0,
    bars: String? = null,
    symbol: Modules? = null,
) {
    private val noise = Random(7)
    private val line = bars?.let(::code39)
    private val code = symbol ?: text?.let(::encoded)
    private val blots = ArrayList<Triple<Double, Double, Double>>()

    init {
        val size = code?.size ?: 0
        while (blots.sumOf { it.third * it.third * Math.PI } < dirt * size * size) {
            val blot = Triple(noise.nextDouble() * size, noise.nextDouble() * size, 1.0 + noise.nextDouble())
            // Lost corners are the decoder's own tests.
            val isCorner = listOf(blot.first, blot.second).all { it < CORNER || it > size - CORNER }
            if (!isCorner) blots += blot
        }
    }

    /** Grey level at a pixel of a picture [width] × [height] with the code in its middle. */
    private fun level(
        x: Int,
        y: Int,
        width: Int,
        height: Int,
    ): Int {
        val grain = noise.nextInt(9) - 4
        val wall = 120 + (x * 30 / width)
        if (line != null) return bars(line, x - width / 2, y - height / 2, wall) + grain
        val drawn = code ?: return wall + grain
        val angle = Math.toRadians(turnDegrees)
        val (dx, dy) = (x - width / 2.0) / pixelsPerModule to (y - height / 2.0) / pixelsPerModule
        val column = dx * cos(angle) + dy * sin(angle) + drawn.size / 2.0
        val row = dy * cos(angle) - dx * sin(angle) + drawn.size / 2.0
        val quiet = 4.0
        val isLabel = column > -quiet && row > -quiet && column < drawn.size + quiet && row < drawn.size + quiet
        if (!isLabel) return wall + grain
        if (blots.any { (bx, by, r) -> (bx - column) * (bx - column) + (by - row) * (by - row) < r * r }) {
            return light / 2 + grain
        }
        val isDark = drawn.isDark(Math.floor(column).toInt(), Math.floor(row).toInt())
        return (if (isDark) light / 5 else light) + grain
    }

    private fun encoded(text: String): Modules {
        val made = QrCode.encodeText(text, QrCode.Ecc.QUARTILE)
        return Modules(made.size) { x, y -> made.getModule(x, y) }
    }

    /** Bars across the middle, a third as high as wide. */
    private fun bars(
        line: BooleanArray,
        dx: Int,
        dy: Int,
        wall: Int,
    ): Int {
        val place = Math.floor(dx / pixelsPerModule + line.size / 2.0).toInt()
        val isLabel = place > -QUIET && place < line.size + QUIET && Math.abs(dy) < line.size * pixelsPerModule / 6
        return if (!isLabel) {
            wall
        } else if (place in line.indices && line[place]) {
            light / 5
        } else {
            light
        }
    }

    /** Code 39: five bars and four spaces a character, three of them wide; begins and ends with a star. */
    private fun code39(words: String): BooleanArray {
        val line = ArrayList<Boolean>()
        for (letter in "*$words*") {
            val wide = CODE_39.getValue(letter)
            for (element in 0 until ELEMENTS) {
                val width = if (wide shr (ELEMENTS - 1 - element) and 1 == 1) WIDE else 1
                repeat(width) { line += element % 2 == 0 }
            }
            line += false
        }
        return line.toBooleanArray()
    }

    /** Rows as a camera delivers them: [stride] apart, the last one cut off. */
    fun luma(
        width: Int,
        height: Int,
        stride: Int,
    ): ByteBuffer {
        val rows = ByteBuffer.allocateDirect(stride * (height - 1) + width)
        for (y in 0 until height) {
            for (x in 0 until width) {
                rows.put(y * stride + x, level(x, y, width, height).coerceIn(0, 255).toByte())
            }
        }
        return rows
    }

    /** The same as a picture, upright for a phone held upright. */
    fun picture(width: Int, height: Int): Bitmap {
        val picture = Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888)
        val pixels = IntArray(width * height) { i ->
            val grey = level(i % width, i / width, width, height).coerceIn(0, 255)
            (0xFF shl 24) or (grey shl 16) or (grey shl 8) or grey
        }
        picture.setPixels(pixels, 0, width, 0, 0, width, height)
        return picture
    }

    private companion object {
        const val CORNER = 11.0
        const val QUIET = 12
        const val ELEMENTS = 9
        const val WIDE = 3

        /** Wide elements as bits, first element highest (ISO/IEC 16388, table 1). */
        val CODE_39 =
            mapOf(
                '0' to 0x034,
                '1' to 0x121,
                '2' to 0x061,
                '3' to 0x160,
                '4' to 0x031,
                '5' to 0x130,
                '6' to 0x070,
                '7' to 0x025,
                '8' to 0x124,
                '9' to 0x064,
                'M' to 0x142,
                'S' to 0x046,
                '*' to 0x094,
            )
    }
}

/** The modules of a code, without its quiet zone; outside all are light. */
class Modules(
    val size: Int,
    private val dark: (Int, Int) -> Boolean,
) {
    fun isDark(x: Int, y: Int) = x in 0 until size && y in 0 until size && dark(x, y)

    companion object {
        private const val QUIET = 4

        /** Read from a picture of rectangles as pages of the server draw it, one unit a module. */
        fun ofSvg(page: String): Modules {
            val side = Regex("viewBox=\"0 0 (\\d+) ").find(page)!!.groupValues[1].toInt()
            val dark = HashSet<Pair<Int, Int>>()
            for (found in Regex("M(\\d+) (\\d+)h(\\d+)v(\\d+)h-").findAll(page)) {
                val (x, y, width, height) = found.destructured.toList().map { it.toInt() }
                for (i in x until x + width) for (j in y until y + height) dark += (i - QUIET) to (j - QUIET)
            }
            check(dark.isNotEmpty()) { "no code on the page" }
            return Modules(side - 2 * QUIET) { x, y -> (x to y) in dark }
        }
    }
}
