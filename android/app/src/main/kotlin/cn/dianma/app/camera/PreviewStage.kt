// The camera's picture on a screen: fills its place, a tap makes it sharp there.
package cn.dianma.app.camera

import android.annotation.SuppressLint
import android.content.Context
import android.view.GestureDetector
import android.view.MotionEvent
import android.view.View
import android.widget.FrameLayout
import cn.dianma.app.R
import cn.dianma.app.widgets.FILL
import cn.dianma.app.widgets.color

@SuppressLint("ViewConstructor")
open class PreviewStage(
    context: Context,
    private val camera: Camera,
) : FrameLayout(context) {
    private val filled = AspectFill(context, camera.preview(context))

    /** The picture as it lies on the stage; larger than it where edges are cut off. */
    protected val picture: View get() = filled.getChildAt(0)
    private val taps = GestureDetector(context, Taps())

    init {
        setBackgroundColor(context.color(R.attr.line))
        addView(filled, LayoutParams(FILL, FILL))
    }

    /** Gives the preview the shape of what the camera sends. */
    fun shape(abilities: CameraAbilities) {
        filled.aspect = abilities.aspect
    }

    // TalkBack has nothing to tap here: focus is continuous, and every tool has a name of its own.
    @SuppressLint("ClickableViewAccessibility")
    override fun onTouchEvent(event: MotionEvent): Boolean {
        taps.onTouchEvent(event)
        return true
    }

    private inner class Taps : GestureDetector.SimpleOnGestureListener() {
        override fun onSingleTapUp(event: MotionEvent): Boolean {
            camera.focusAt(event.x / width, event.y / height)
            return true
        }
    }
}
