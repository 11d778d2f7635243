// Which part of a frame the person sees when the preview fills a view and is cropped by it. Pure sums, so
// that a code outside the screen is never read and corners are drawn where the code is.
package cn.dianma.app.camera

/** A place in shares of the picture's width and height as displayed. */
data class Spot(
    val x: Float,
    val y: Float,
)

/** A part of a frame as it lies in memory, before it is turned for the display. */
data class Visible(
    val left: Int,
    val top: Int,
    val width: Int,
    val height: Int,
    val isTurned: Boolean,
) {
    /** Width of the part as displayed. */
    val shownWidth: Int get() = if (isTurned) height else width

    /** Height of the part as displayed. */
    val shownHeight: Int get() = if (isTurned) width else height

    /** A place in this part, as displayed, in shares of the whole picture as displayed. */
    fun spot(x: Float, y: Float): Spot {
        val (before, above) = if (isTurned) top to left else left to top
        return Spot((x + before) / (shownWidth + 2 * before), (y + above) / (shownHeight + 2 * above))
    }

    companion object {
        /** The middle of [frame] that a view of this size shows; all of it as long as the view has no size. */
        fun of(
            frame: Frame,
            viewWidth: Int,
            viewHeight: Int,
        ): Visible {
            val isTurned = frame.rotationDegrees % HALF_TURN != 0
            val whole = Visible(0, 0, frame.width, frame.height, isTurned)
            if (viewWidth <= 0 || viewHeight <= 0) return whole
            val scale = maxOf(viewWidth.toFloat() / whole.shownWidth, viewHeight.toFloat() / whole.shownHeight)
            val across = Math.round(viewWidth / scale).coerceIn(1, whole.shownWidth)
            val along = Math.round(viewHeight / scale).coerceIn(1, whole.shownHeight)
            val (width, height) = if (isTurned) along to across else across to along
            return Visible((frame.width - width) / 2, (frame.height - height) / 2, width, height, isTurned)
        }

        private const val HALF_TURN = 180
    }
}
