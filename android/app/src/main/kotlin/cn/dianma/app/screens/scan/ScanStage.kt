// The picture of the scanner: preview and the corners of what was found.
package cn.dianma.app.screens.scan

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.Path
import android.view.View
import cn.dianma.app.R
import cn.dianma.app.camera.Analyzer
import cn.dianma.app.camera.Camera
import cn.dianma.app.camera.PreviewStage
import cn.dianma.app.camera.Sight
import cn.dianma.app.widgets.FILL
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.dp

@SuppressLint("ViewConstructor")
class ScanStage(
    context: Context,
    camera: Camera,
    private val analyzer: Analyzer,
) : PreviewStage(context, camera) {
    private val corners = Corners(context) { picture }

    init {
        addView(corners, LayoutParams(FILL, FILL))
    }

    override fun onSizeChanged(
        width: Int,
        height: Int,
        oldWidth: Int,
        oldHeight: Int,
    ) {
        super.onSizeChanged(width, height, oldWidth, oldHeight)
        analyzer.seenIn(width, height)
    }

    /** Marks a code, or nothing. */
    fun show(sight: Sight?) {
        corners.sight = sight ?: corners.sight.takeIf { corners.isFresh() }
    }

    fun forget() {
        corners.sight = corners.sight?.takeIf { it.isSure }
    }

    /** Draws around the last code; a little while after it is gone, nothing. */
    private class Corners(
        context: Context,
        private val picture: () -> View,
    ) : View(context) {
        private val path = Path()
        private val pen =
            Paint(Paint.ANTI_ALIAS_FLAG).apply {
                style = Paint.Style.STROKE
                strokeJoin = Paint.Join.ROUND
                strokeWidth = context.dp(STROKE).toFloat()
            }
        private val rim = Paint(pen).apply { strokeWidth = context.dp(RIM).toFloat() }
        private val good = context.color(R.attr.accent)
        private val light = context.color(R.attr.card)
        private var shownAt = 0L

        var sight: Sight? = null
            set(value) {
                if (value !== field) shownAt = android.os.SystemClock.uptimeMillis()
                field = value
                invalidate()
            }

        fun isFresh() = android.os.SystemClock.uptimeMillis() - shownAt < SHOWN_MS

        override fun onDraw(canvas: Canvas) {
            val spots = sight?.corners?.takeIf { it.size > 2 } ?: return
            val whole = picture()
            path.reset()
            spots.forEachIndexed { index, spot ->
                val (x, y) = whole.left + spot.x * whole.width to whole.top + spot.y * whole.height
                if (index == 0) path.moveTo(x, y) else path.lineTo(x, y)
            }
            path.close()
            rim.color = light
            pen.color = good
            canvas.drawPath(path, rim)
            canvas.drawPath(path, pen)
        }

        private companion object {
            const val STROKE = 5
            const val RIM = 9
            const val SHOWN_MS = 600L
        }
    }
}
