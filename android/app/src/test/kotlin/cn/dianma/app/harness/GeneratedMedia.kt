// Files as a phone makes them, with generated content: real pictures, sound and film as far as anybody looks
// at them. No two with another seed are alike.
package cn.dianma.app.harness

import android.graphics.Bitmap
import cn.dianma.app.platform.VoiceRecorder
import java.io.ByteArrayOutputStream
import java.io.File
import java.util.Random

object GeneratedMedia {
    private const val SIDE = 96
    private const val QUALITY = 85
    private const val SOUND_BYTES = 20_000

    fun of(kind: String, noise: Random): ByteArray =
        when (kind) {
            "photo" -> picture(noise, Bitmap.CompressFormat.JPEG)
            "signature" -> picture(noise, Bitmap.CompressFormat.PNG)
            "audio" -> "#!AMR-WB\n".toByteArray() + ByteArray(SOUND_BYTES).also(noise::nextBytes)
            else -> GeneratedCamera.film() + ByteArray(SOUND_BYTES).also(noise::nextBytes)
        }

    private fun picture(noise: Random, format: Bitmap.CompressFormat): ByteArray {
        val picture = Bitmap.createBitmap(SIDE, SIDE, Bitmap.Config.ARGB_8888)
        val pixels = IntArray(SIDE * SIDE) { (0xFF shl 24) or (noise.nextInt(0x40) * 0x030201) }
        picture.setPixels(pixels, 0, SIDE, 0, 0, SIDE, SIDE)
        return ByteArrayOutputStream().also { picture.compress(format, QUALITY, it) }.toByteArray()
    }
}

/** A microphone that hears noise for as long as tests want. */
class GeneratedVoice : VoiceRecorder {
    /** Another app has it. */
    var isTaken = false

    /** Let go before there was any sound. */
    var isSilent = false

    private var isRunning = false

    override fun begin(file: File, longestMs: Int): Boolean {
        if (isTaken) return false
        val sound = GeneratedMedia.of("audio", Random(1))
        file.writeBytes(if (isSilent) sound.copyOf(40) else sound)
        isRunning = true
        return true
    }

    override fun end(): Boolean = isRunning.also { isRunning = false }
}
