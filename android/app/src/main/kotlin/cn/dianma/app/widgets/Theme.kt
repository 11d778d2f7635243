// Colours of the theme, sizes in dp, the type scale. Screens take colours by attribute only, so that
// light, dark and sun need no code.
package cn.dianma.app.widgets

import android.content.Context
import android.content.res.ColorStateList
import android.content.res.Configuration
import android.graphics.drawable.Drawable
import android.graphics.drawable.GradientDrawable
import android.graphics.drawable.RippleDrawable
import android.util.TypedValue
import cn.dianma.app.R
import cn.dianma.bridge.Language
import cn.dianma.core.Words

/** A colour of the theme: `color(R.attr.ink)`. */
fun Context.color(attribute: Int): Int {
    val value = TypedValue()
    theme.resolveAttribute(attribute, value, true)
    return value.data
}

/** Pixels of density-independent units. */
fun Context.dp(units: Int): Int = Math.round(units * resources.displayMetrics.density)

/** So little height that every fixed line above and below the content hurts: lying, or half a screen. */
val Context.isLow: Boolean get() = resources.configuration.screenHeightDp < LOW_DP

/** Broader than high: what belongs together stands side by side. */
val Context.isWide: Boolean
    get() = resources.configuration.orientation == Configuration.ORIENTATION_LANDSCAPE

/** Width of lines in the theme: heavier in the sun. */
fun Context.stroke(): Int {
    val value = TypedValue()
    theme.resolveAttribute(R.attr.stroke, value, true)
    return Math.max(1, Math.round(value.getDimension(resources.displayMetrics)))
}

/** The language of the core's texts on this screen. */
val Context.language: Language get() = Language.of(resources.configuration.locales[0].language)

/** The core's text in the language of this screen. */
fun Context.say(words: Words): String = language.of(words)

/** Type scale in sp; body is never smaller than 16. */
enum class Type(
    val sp: Float,
    val isBold: Boolean,
) {
    BODY(16f, false),
    STRONG(16f, true),
    HEADING(20f, true),
    LARGE(28f, true),
}

/** Smallest touch target, primary bar and distances, dp. */
object Size {
    const val TOUCH = 48
    const val PRIMARY = 64
    const val GAP = 8
    const val EDGE = 16
    const val CORNER = 12
}

/** A rounded surface with the theme's line. */
fun Context.surface(
    fill: Int = color(R.attr.card),
    line: Int? = color(R.attr.line),
    corner: Int = Size.CORNER,
): GradientDrawable =
    GradientDrawable().apply {
        setColor(fill)
        cornerRadius = dp(corner).toFloat()
        line?.let { setStroke(stroke(), it) }
    }

/** The surface of something that can be tapped. */
fun Context.touchable(surface: Drawable, ripple: Int = color(R.attr.inkQuiet)): RippleDrawable =
    RippleDrawable(ColorStateList.valueOf(ripple and RIPPLE_MASK), surface, surface)

private const val LOW_DP = 420
private const val RIPPLE_MASK = 0x33FFFFFF
