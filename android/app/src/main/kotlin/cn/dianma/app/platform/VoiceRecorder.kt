// Sound from the microphone into a file that can be played as far as it goes, however it ends: AMR has no
// index that is written last.
package cn.dianma.app.platform

import android.content.Context
import android.media.MediaRecorder
import cn.dianma.app.camera.CameraOutputs
import java.io.File
import java.io.IOException

interface VoiceRecorder {
    /** Begins; false when the microphone is not to be had. */
    fun begin(file: File, longestMs: Int): Boolean

    /** Ends; false when there is no sound. */
    fun end(): Boolean
}

class PhoneVoice(
    private val context: Context,
) : VoiceRecorder {
    private var recorder: MediaRecorder? = null

    override fun begin(file: File, longestMs: Int): Boolean {
        end()
        val made = CameraOutputs.newRecorder(context)
        try {
            made.setAudioSource(MediaRecorder.AudioSource.MIC)
            made.setOutputFormat(MediaRecorder.OutputFormat.AMR_WB)
            made.setAudioEncoder(MediaRecorder.AudioEncoder.AMR_WB)
            made.setAudioEncodingBitRate(BITS)
            made.setAudioSamplingRate(SAMPLES)
            made.setOutputFile(file.path)
            made.setMaxDuration(longestMs)
            made.prepare()
            made.start()
        } catch (_: IOException) {
            made.release()
            return false
        } catch (_: RuntimeException) {
            // MediaRecorder says so when another app has the microphone.
            made.release()
            return false
        }
        recorder = made
        return true
    }

    override fun end(): Boolean {
        val running = recorder ?: return false
        recorder = null
        return try {
            running.stop()
            true
        } catch (_: RuntimeException) {
            // Ended before the first sound: MediaRecorder says so this way.
            false
        } finally {
            running.release()
        }
    }

    private companion object {
        const val BITS = 23_850
        const val SAMPLES = 16_000
    }
}
