// Paper to sign on: strokes as the finger draws them, kept when the phone is turned, written as a PNG that
// is dark on white whatever the theme.
package cn.dianma.app.screens.capture

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.Path
import android.view.MotionEvent
import android.view.View
import cn.dianma.app.widgets.dp
import java.io.File
import java.io.FileOutputStream
import java.io.IOException

@SuppressLint("ViewConstructor")
class SignatureView(
    context: Context,
    private val onChanged: () -> Unit,
) : View(context) {
    private val points = ArrayList<Float>()
    private val pen =
        Paint(Paint.ANTI_ALIAS_FLAG).apply {
            color = context.getColor(android.R.color.black)
            style = Paint.Style.STROKE
            strokeJoin = Paint.Join.ROUND
            strokeCap = Paint.Cap.ROUND
            strokeWidth = context.dp(STROKE).toFloat()
        }
    private val white = context.getColor(android.R.color.white)
    private var wasSigned = false

    /** Places in shares of the paper, x and y in turn; a negative x begins a stroke. */
    var strokes: FloatArray
        get() = points.toFloatArray()
        set(value) {
            points.clear()
            points.addAll(value.take(MOST_FLOATS))
            changed()
        }

    /** Long enough to be somebody's sign, not a touch by accident. */
    val isSigned: Boolean get() = length() > LEAST_LENGTH

    fun clear() {
        points.clear()
        changed()
    }

    /** Writes it; false when it could not be written. */
    fun write(file: File): Boolean {
        if (width == 0 || height == 0) return false
        val tall = PICTURE_WIDTH * height / width
        val picture = Bitmap.createBitmap(PICTURE_WIDTH, tall, Bitmap.Config.ARGB_8888)
        draw(Canvas(picture), PICTURE_WIDTH, tall)
        return try {
            FileOutputStream(file).use { output ->
                val isWritten = picture.compress(Bitmap.CompressFormat.PNG, FULL_QUALITY, output)
                output.fd.sync()
                isWritten
            }
        } catch (_: IOException) {
            false
        }
    }

    override fun onDraw(canvas: Canvas) = draw(canvas, width, height)

    private fun draw(
        canvas: Canvas,
        across: Int,
        along: Int,
    ) {
        canvas.drawColor(white)
        val path = Path()
        for (i in 0 until points.size - 1 step 2) {
            val (x, y) = points[i] to points[i + 1]
            if (x < 0) path.moveTo((-x - 1) * across, y * along) else path.lineTo(x * across, y * along)
        }
        canvas.drawPath(path, pen)
    }

    // A screen reader cannot draw a name; the customer's code is the other way, and the order page offers it.
    @SuppressLint("ClickableViewAccessibility")
    override fun onTouchEvent(event: MotionEvent): Boolean {
        if (width == 0 || height == 0 || points.size >= MOST_FLOATS) return true
        when (event.actionMasked) {
            MotionEvent.ACTION_DOWN -> add(-share(event.x, width) - 1, share(event.y, height))
            MotionEvent.ACTION_MOVE -> {
                for (i in 0 until event.historySize) {
                    add(share(event.getHistoricalX(i), width), share(event.getHistoricalY(i), height))
                }
                add(share(event.x, width), share(event.y, height))
            }
        }
        changed()
        return true
    }

    private fun share(place: Float, whole: Int) = (place / whole).coerceIn(0f, 1f)

    private fun add(x: Float, y: Float) {
        points += x
        points += y
    }

    private fun changed() {
        invalidate()
        if (isSigned != wasSigned) {
            wasSigned = isSigned
            onChanged()
        }
    }

    private fun length(): Float {
        var sum = 0f
        for (i in 2 until points.size - 1 step 2) {
            if (points[i] < 0) continue
            val from = if (points[i - 2] < 0) -points[i - 2] - 1 else points[i - 2]
            sum += Math.abs(points[i] - from) + Math.abs(points[i + 1] - points[i - 1])
        }
        return sum
    }

    private companion object {
        const val STROKE = 4
        const val PICTURE_WIDTH = 1200
        const val FULL_QUALITY = 100
        const val MOST_FLOATS = 20_000
        const val LEAST_LENGTH = 0.25f
    }
}
