// Where the camera's pictures go: frames to the analysis without a copy, photos and films into files.
package cn.dianma.app.camera

import android.content.Context
import android.graphics.ImageFormat
import android.media.Image
import android.media.ImageReader
import android.media.MediaRecorder
import android.os.Build
import android.os.Handler
import android.util.Size
import android.view.Surface
import java.io.File
import java.io.FileOutputStream
import java.io.IOException
import java.util.concurrent.atomic.AtomicReference

class CameraOutputs(
    choice: CameraChoice,
    use: CameraUse,
    private val counts: FrameCounts,
    handler: Handler,
    private val onFrame: (Frame) -> Unit,
) {
    private class Photo(
        val file: File,
        val done: (Boolean) -> Unit,
    )

    private val filmSize: Size = choice.previewSize
    private val frames: ImageReader? =
        if (use == CameraUse.FRAMES) reader(choice.frameSize, ImageFormat.YUV_420_888, handler, ::onFrames) else null
    private val photos: ImageReader? =
        if (use == CameraUse.PHOTO) reader(choice.photoSize, ImageFormat.JPEG, handler, ::onPhoto) else null
    private val awaited = AtomicReference<Photo?>()
    private var recorder: MediaRecorder? = null
    private var onFilm: ((Boolean) -> Unit)? = null
    private var isFilming = false

    /** How far frames are turned for the display. */
    @Volatile
    var rotation = 0

    val photo: Surface get() = checkNotNull(photos) { "not opened for photos" }.surface

    /** Everything a session feeds. */
    fun surfaces(shown: Surface): List<Surface> =
        listOfNotNull(shown, frames?.surface, photos?.surface, recorder?.surface)

    /** What is fed all the time; film and sound go with the preview. */
    fun repeating(shown: Surface): List<Surface> = listOfNotNull(shown, frames?.surface, recorder?.surface)

    private fun reader(
        size: Size,
        format: Int,
        handler: Handler,
        onImage: (ImageReader) -> Unit,
    ) = ImageReader.newInstance(size.width, size.height, format, IMAGES).apply {
        setOnImageAvailableListener({ onImage(it) }, handler)
    }

    // The newest picture; one notice without a picture is one that was let go while the last was searched.
    private fun onFrames(reader: ImageReader) {
        val image = newest(reader) ?: return counts.onDropped()
        image.use {
            val luma = it.planes[0]
            onFrame(Frame(luma.buffer, it.width, it.height, luma.rowStride, rotation))
        }
    }

    private fun newest(reader: ImageReader): Image? =
        try {
            reader.acquireLatestImage()
        } catch (_: IllegalStateException) {
            null
        }

    fun keepPhoto(file: File, done: (Boolean) -> Unit) {
        awaited.getAndSet(Photo(file, done))?.done?.invoke(false)
    }

    fun forgetPhoto() {
        awaited.getAndSet(null)?.done?.invoke(false)
    }

    private fun onPhoto(reader: ImageReader) {
        val image = newest(reader) ?: return
        val photo = awaited.getAndSet(null)
        image.use {
            if (photo != null) photo.done(write(it, photo.file))
        }
    }

    private fun write(image: Image, file: File): Boolean =
        try {
            FileOutputStream(file).use { output ->
                output.channel.write(image.planes[0].buffer)
                output.fd.sync()
            }
            true
        } catch (_: IOException) {
            false
        }

    /** Makes the recorder ready; its surface joins the next session. */
    fun prepareFilm(
        context: Context,
        file: File,
        longestMs: Int,
        rotationDegrees: Int,
        done: (Boolean) -> Unit,
    ): Boolean {
        val made = newRecorder(context)
        try {
            made.setAudioSource(MediaRecorder.AudioSource.MIC)
            made.setVideoSource(MediaRecorder.VideoSource.SURFACE)
            made.setOutputFormat(MediaRecorder.OutputFormat.MPEG_4)
            made.setOutputFile(file.path)
            made.setVideoEncoder(MediaRecorder.VideoEncoder.H264)
            made.setVideoSize(filmSize.width, filmSize.height)
            made.setVideoFrameRate(FILM_RATE)
            made.setVideoEncodingBitRate(FILM_BITS)
            made.setAudioEncoder(MediaRecorder.AudioEncoder.AAC)
            made.setAudioEncodingBitRate(SOUND_BITS)
            made.setOrientationHint(rotationDegrees)
            made.setMaxDuration(longestMs)
            made.setOnInfoListener { _, what, _ ->
                if (what == MediaRecorder.MEDIA_RECORDER_INFO_MAX_DURATION_REACHED) endFilm()
            }
            made.prepare()
        } catch (_: IOException) {
            made.release()
            return false
        } catch (_: RuntimeException) {
            // MediaRecorder says so when another app has the microphone.
            made.release()
            return false
        }
        recorder = made
        onFilm = done
        return true
    }

    /** The session with the recorder is there. */
    fun startFilm() {
        val ready = recorder ?: return
        if (isFilming) return
        try {
            ready.start()
            isFilming = true
        } catch (_: IllegalStateException) {
            finishFilm(false)
        }
    }

    fun endFilm() {
        val running = recorder ?: return
        val isThere = try {
            if (isFilming) running.stop()
            isFilming
        } catch (_: RuntimeException) {
            // Ended before the first picture: MediaRecorder says so this way.
            false
        }
        finishFilm(isThere)
    }

    private fun finishFilm(isThere: Boolean) {
        recorder?.release()
        recorder = null
        isFilming = false
        val told = onFilm
        onFilm = null
        told?.invoke(isThere)
    }

    fun close() {
        endFilm()
        forgetPhoto()
        frames?.close()
        photos?.close()
    }

    companion object {
        private const val IMAGES = 2
        private const val FILM_RATE = 24
        private const val FILM_BITS = 2_000_000
        private const val SOUND_BITS = 64_000

        /** A recorder; the newer constructor exists from API 31 on. */
        @Suppress("DEPRECATION")
        fun newRecorder(context: Context): MediaRecorder =
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) MediaRecorder(context) else MediaRecorder()
    }
}
