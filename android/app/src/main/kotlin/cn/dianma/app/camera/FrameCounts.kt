// How the decoder keeps up, since the app was started: for the diagnosis. Counts only, no content.
package cn.dianma.app.camera

import java.util.concurrent.atomic.AtomicLong

class FrameCounts {
    private val searched = AtomicLong()
    private val dropped = AtomicLong()
    private val hits = AtomicLong()
    private val totalUs = AtomicLong()
    private val slowestUs = AtomicLong()

    /** What the diagnosis shows. */
    data class Figures(
        val searched: Long,
        val dropped: Long,
        val hits: Long,
        val meanUs: Long,
        val slowestUs: Long,
    )

    val figures: Figures
        get() {
            val frames = searched.get()
            return Figures(
                frames,
                dropped.get(),
                hits.get(),
                if (frames == 0L) 0L else totalUs.get() / frames,
                slowestUs.get(),
            )
        }

    /** A frame was searched. */
    fun onSearched(elapsedUs: Long, isHit: Boolean) {
        searched.incrementAndGet()
        if (isHit) hits.incrementAndGet()
        totalUs.addAndGet(elapsedUs)
        slowestUs.accumulateAndGet(elapsedUs, Math::max)
    }

    /** A frame came while another one was searched. */
    fun onDropped() {
        dropped.incrementAndGet()
    }
}
