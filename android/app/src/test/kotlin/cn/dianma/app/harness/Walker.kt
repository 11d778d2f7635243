// Walks a drawn screen and reports what a person in the field would suffer from: weak contrast, small
// touch targets, clipped text, tappable things without a name.
package cn.dianma.app.harness

import android.graphics.Bitmap
import android.graphics.Color
import android.graphics.Rect
import android.view.View
import android.view.ViewGroup
import android.widget.AbsListView
import android.widget.HorizontalScrollView
import android.widget.ImageView
import android.widget.ScrollView
import android.widget.TextView
import kotlin.math.max
import kotlin.math.min
import kotlin.math.pow

/** @param leastContrast 4.5, or 7 in the sun theme. */
class Walker(
    private val picture: Bitmap,
    private val leastContrast: Double,
) {
    /** What is wrong, one finding a line; empty = nothing. */
    fun findings(root: View): List<String> {
        val found = ArrayList<String>()
        walk(root, found)
        checkReach(root, root, found)
        checkRoom(root, found)
        return found
    }

    /** What does not scroll lies within the window, whole. */
    private fun checkReach(
        view: View,
        root: View,
        found: MutableList<String>,
    ) {
        if (view.visibility != View.VISIBLE || view.width == 0 || view.height == 0) return
        val isSaying = view is TextView && view.text.isNotEmpty()
        if (isSaying || view.isClickable) {
            val place = Rect(0, 0, view.width, view.height)
            (root as ViewGroup).offsetDescendantRectToMyCoords(view, place)
            if (!Rect(0, 0, root.width, root.height).contains(place)) {
                found += "${name(view)}: lies outside the window and does not scroll: $place"
            }
        }
        if (view is ViewGroup && !scrolls(view)) {
            (0 until view.childCount).forEach { checkReach(view.getChildAt(it), root, found) }
        }
    }

    private fun scrolls(view: View) = view is ScrollView || view is HorizontalScrollView || view is AbsListView

    /** Bars above and below leave room for what the screen is about: what scrolls, or a picture. */
    private fun checkRoom(root: View, found: MutableList<String>) {
        val most = mainParts(root).maxOfOrNull { it.height } ?: return
        val least = LEAST_ROOM_DP * root.resources.displayMetrics.density
        val isHiding = mainParts(root).any { it.canScrollVertically(1) }
        if (most < least && isHiding) found += "the largest part is $most px high, less than $LEAST_ROOM_DP dp"
    }

    private fun mainParts(view: View): List<View> =
        when {
            view.visibility != View.VISIBLE -> emptyList()
            view is HorizontalScrollView -> emptyList()
            scrolls(view) || view is ImageView -> listOf(view)
            view is ViewGroup -> (0 until view.childCount).flatMap { mainParts(view.getChildAt(it)) }
            else -> emptyList()
        }

    private fun walk(view: View, found: MutableList<String>) {
        if (view.visibility != View.VISIBLE || view.width == 0 || view.height == 0) return
        if (view.isClickable && view.isEnabled) checkTarget(view, found)
        if (view is TextView && view.text.isNotEmpty()) checkText(view, found)
        if (view is ViewGroup) (0 until view.childCount).forEach { walk(view.getChildAt(it), found) }
    }

    private fun checkTarget(view: View, found: MutableList<String>) {
        val least = LEAST_TARGET_DP * view.resources.displayMetrics.density
        if (view.width + 1 < least || view.height + 1 < least) {
            found += "${name(view)}: target ${view.width}×${view.height} px is smaller than $LEAST_TARGET_DP dp"
        }
        if (said(view).isEmpty()) found += "${name(view)}: can be tapped but has no name for a screen reader"
    }

    private fun checkText(view: TextView, found: MutableList<String>) {
        val layout = view.layout ?: return
        val isCut = (0 until layout.lineCount).any { layout.getEllipsisCount(it) > 0 }
        val room = view.height - view.compoundPaddingTop - view.compoundPaddingBottom
        if (isCut || layout.height > room + 1) found += "${name(view)}: text is clipped"
        if (view.textSize + 0.5f < LEAST_TEXT_SP * view.resources.displayMetrics.density) {
            found += "${name(view)}: text is smaller than $LEAST_TEXT_SP sp"
        }
        val behind = background(view) ?: return
        val ratio = contrast(view.currentTextColor, behind)
        if (ratio < leastContrast) found += "${name(view)}: contrast %.1f is below $leastContrast".format(ratio)
    }

    // The colour most of the view's area has in the picture: text covers less than its background.
    private fun background(view: View): Int? {
        val place = Rect()
        if (!view.getGlobalVisibleRect(place)) return null
        if (!place.intersect(0, 0, picture.width, picture.height)) return null
        // Of what is mostly scrolled away the rim is seen, not the background.
        if (place.height() < view.height / 2) return null
        val counts = HashMap<Int, Int>()
        for (y in place.top until place.bottom step STEP) {
            for (x in place.left until place.right step STEP) counts.merge(picture.getPixel(x, y), 1, Int::plus)
        }
        return counts.maxByOrNull { it.value }?.key
    }

    private fun contrast(a: Int, b: Int): Double {
        val (light, dark) = max(luminance(a), luminance(b)) to min(luminance(a), luminance(b))
        return (light + 0.05) / (dark + 0.05)
    }

    private fun luminance(color: Int): Double {
        fun part(value: Int): Double {
            val share = value / 255.0
            return if (share <= 0.04045) share / 12.92 else ((share + 0.055) / 1.055).pow(2.4)
        }
        return 0.2126 * part(Color.red(color)) + 0.7152 * part(Color.green(color)) + 0.0722 * part(Color.blue(color))
    }

    private fun said(view: View): String {
        view.contentDescription?.let { if (it.isNotEmpty()) return it.toString() }
        if (view is TextView) return (if (view.text.isNotEmpty()) view.text else view.hint ?: "").toString()
        if (view is ImageView) return ""
        if (view is ViewGroup) return (0 until view.childCount).joinToString("") { said(view.getChildAt(it)) }
        return ""
    }

    private fun name(view: View): String = "${view.javaClass.simpleName} \"${said(view).take(24)}\""

    private companion object {
        const val LEAST_TARGET_DP = 48
        const val LEAST_ROOM_DP = 96
        const val LEAST_TEXT_SP = 16
        const val STEP = 2
    }
}
