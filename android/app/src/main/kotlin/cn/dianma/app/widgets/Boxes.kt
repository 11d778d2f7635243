// Builders of views in code: columns, rows, texts, buttons, chips, cards. One look for all screens;
// every tappable thing is at least 48 dp and every text grows with the phone's font size.
package cn.dianma.app.widgets

import android.content.Context
import android.content.res.ColorStateList
import android.graphics.Typeface
import android.view.Gravity
import android.view.View
import android.view.ViewGroup
import android.widget.FrameLayout
import android.widget.ImageView
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView
import cn.dianma.app.R

const val FILL = ViewGroup.LayoutParams.MATCH_PARENT
const val WRAP = ViewGroup.LayoutParams.WRAP_CONTENT

/** A vertical stack; children are added inside [build]. */
fun Context.column(build: LinearLayout.() -> Unit = {}): LinearLayout =
    LinearLayout(this).apply {
        orientation = LinearLayout.VERTICAL
        build()
    }

/** A horizontal stack, centred. */
fun Context.row(build: LinearLayout.() -> Unit = {}): LinearLayout =
    LinearLayout(this).apply {
        orientation = LinearLayout.HORIZONTAL
        gravity = Gravity.CENTER_VERTICAL
        isBaselineAligned = false
        build()
    }

/** Adds a child with its size, share of the rest and top distance in dp. */
fun <V : View> LinearLayout.put(
    child: V,
    width: Int = if (orientation == LinearLayout.VERTICAL) FILL else WRAP,
    height: Int = WRAP,
    share: Float = 0f,
    gap: Int = 0,
): V {
    val layout = LinearLayout.LayoutParams(width, height, share)
    if (orientation ==
        LinearLayout.VERTICAL
    ) {
        layout.topMargin = context.dp(gap)
    } else {
        layout.marginStart = context.dp(gap)
    }
    addView(child, layout)
    return child
}

/** Padding in dp. */
fun <V : View> V.pad(across: Int, along: Int = across): V =
    apply {
        val (x, y) = context.dp(across) to context.dp(along)
        setPaddingRelative(x, y, x, y)
    }

/** A text; [color] is an attribute of the theme. */
fun Context.text(
    words: CharSequence = "",
    type: Type = Type.BODY,
    color: Int = R.attr.ink,
): TextView =
    TextView(this).apply {
        text = words
        textSize = type.sp
        if (type.isBold) setTypeface(typeface, Typeface.BOLD)
        setTextColor(context.color(color))
    }

/** A heading that a screen reader can jump to. */
fun Context.heading(words: CharSequence): TextView =
    text(words, Type.HEADING).apply {
        if (android.os.Build.VERSION.SDK_INT >= android.os.Build.VERSION_CODES.P) isAccessibilityHeading = true
    }

/** Shows [words] or, when there are none, nothing at all. */
fun TextView.showOrHide(words: CharSequence?) {
    text = words ?: ""
    visibility = if (words.isNullOrEmpty()) View.GONE else View.VISIBLE
}

/** An icon in a colour of the theme; [says] is what a screen reader says, empty for decoration. */
fun Context.icon(
    drawable: Int,
    color: Int = R.attr.ink,
    says: String = "",
): ImageView =
    ImageView(this).apply {
        setImageResource(drawable)
        imageTintList = ColorStateList.valueOf(context.color(color))
        if (says.isEmpty()) {
            importantForAccessibility = View.IMPORTANT_FOR_ACCESSIBILITY_NO
        } else {
            contentDescription = says
        }
    }

/** The single primary action of a screen: a bar under the thumb; on a low screen a lower one. */
fun Context.primaryBar(words: CharSequence, onTap: () -> Unit): TextView =
    text(words, if (isLow) Type.STRONG else Type.HEADING, R.attr.onAccent).apply {
        gravity = Gravity.CENTER
        minHeight = dp(if (isLow) Size.TOUCH else Size.PRIMARY)
        pad(Size.EDGE, if (isLow) Size.GAP / 2 else Size.GAP)
        background = touchable(surface(color(R.attr.accent), null), color(R.attr.onAccent))
        onTap(onTap)
    }

/** Puts the primary action below a page, always in sight. */
fun <V : View> LinearLayout.putFoot(bar: V): V {
    val foot = put(context.column()).pad(Size.EDGE, if (context.isLow) Size.GAP / 2 else Size.GAP)
    return foot.put(bar)
}

/** A secondary action. */
fun Context.button(words: CharSequence, onTap: () -> Unit): TextView =
    text(words, Type.STRONG, R.attr.accent).apply {
        gravity = Gravity.CENTER
        minHeight = dp(Size.TOUCH)
        minWidth = dp(Size.TOUCH)
        pad(Size.EDGE, Size.GAP)
        background = touchable(surface(line = color(R.attr.accent)))
        onTap(onTap)
    }

/** A choice that is on or off; said by a mark, not by colour alone. */
fun Context.chip(
    words: CharSequence,
    isOn: Boolean,
    onTap: () -> Unit,
): TextView =
    text(if (isOn) "✓ $words" else words, Type.STRONG, if (isOn) R.attr.onAccent else R.attr.ink).apply {
        gravity = Gravity.CENTER
        minHeight = dp(Size.TOUCH)
        minWidth = dp(Size.TOUCH)
        pad(Size.EDGE, Size.GAP)
        val fill = if (isOn) color(R.attr.accent) else color(R.attr.card)
        // On a card the fill alone does not show that it can be tapped.
        val line = color(if (isOn) R.attr.accent else R.attr.inkQuiet)
        background = touchable(surface(fill, line, Size.TOUCH / 2))
        isSelected = isOn
        onTap(onTap)
    }

/** A rounded card. */
fun Context.card(build: LinearLayout.() -> Unit): LinearLayout =
    column {
        background = surface()
        pad(Size.EDGE, Size.EDGE - 4)
        build()
    }

/** A scrolling page around a column. */
fun Context.page(build: LinearLayout.() -> Unit): ScrollView =
    ScrollView(this).apply {
        isFillViewport = true
        clipToPadding = false
        addView(column(build).pad(Size.EDGE), FrameLayout.LayoutParams(FILL, WRAP))
    }

/** Reacts to a tap and is announced as a button. */
fun View.onTap(action: () -> Unit) {
    isClickable = true
    isFocusable = true
    setOnClickListener { action() }
    accessibilityDelegate = ButtonRole
}

private object ButtonRole : View.AccessibilityDelegate() {
    override fun onInitializeAccessibilityNodeInfo(
        host: View,
        info: android.view.accessibility.AccessibilityNodeInfo,
    ) {
        super.onInitializeAccessibilityNodeInfo(host, info)
        info.className = "android.widget.Button"
    }
}
