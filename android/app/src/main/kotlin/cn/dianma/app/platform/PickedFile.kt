// A file the person picked in another app, brought into the app's own cache: read on a thread of its own,
// bounded, and never trusted for what it says it is.
package cn.dianma.app.platform

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Intent
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.net.Uri
import android.os.Handler
import android.os.Looper
import java.io.File
import java.io.IOException
import java.util.concurrent.Executors

object PickedFile {
    private const val LARGEST_BYTES = 100L * 1024 * 1024
    private const val HEAD_BYTES = 4
    private const val QUALITY = 92

    /** How JPEG, PNG and WebP begin: read by the core itself, with what they say about turning. */
    private val KNOWN = listOf("\u00FF\u00D8\u00FF", "\u0089PNG", "RIFF")
    private const val BLOCK_BYTES = 64 * 1024
    private val reading = Executors.newSingleThreadExecutor { Thread(it, "dianma-picked") }
    private val home = Handler(Looper.getMainLooper())

    /** Opens the picker; a phone without one does nothing. */
    fun ask(
        activity: Activity,
        pick: Intent,
        code: Int,
    ) {
        try {
            activity.startActivityForResult(pick, code)
        } catch (_: ActivityNotFoundException) {
            // The other ways on the screen remain.
        }
    }

    /** Copies what [uri] leads to into [into], or into the cache; [done] gets it, or nothing, on the home thread. */
    fun copy(
        activity: Activity,
        uri: Uri,
        into: File = File(activity.cacheDir, "picked"),
        done: (File?) -> Unit,
    ) {
        val resolver = activity.contentResolver
        reading.execute {
            val isThere = try {
                val isCopied = resolver.openInputStream(uri)?.use { input -> write(input, into) } ?: false
                if (isCopied) makeReadable(into)
                isCopied
            } catch (_: IOException) {
                false
            } catch (_: RuntimeException) {
                // The other app decides what is thrown: no permission any more, no such file, a defect of its own.
                false
            }
            home.post { done(if (isThere) into else null) }
        }
    }

    // Phones keep pictures in forms the core does not read (HEIC): those become JPEG. What no reader of the
    // phone knows either is left as it is, and the core says what is wrong with it.
    private fun makeReadable(file: File) {
        val head = ByteArray(HEAD_BYTES).also { file.inputStream().use { input -> input.read(it) } }
        val isKnown = KNOWN.any { known -> known.indices.all { head[it] == known[it].code.toByte() } }
        if (isKnown) return
        val picture = BitmapFactory.decodeFile(file.path) ?: return
        file.outputStream().use { output -> picture.compress(Bitmap.CompressFormat.JPEG, QUALITY, output) }
    }

    private fun write(input: java.io.InputStream, file: File): Boolean {
        file.outputStream().use { output ->
            val block = ByteArray(BLOCK_BYTES)
            var total = 0L
            while (true) {
                val count = input.read(block)
                if (count < 0) break
                total += count
                if (total > LARGEST_BYTES) return false
                output.write(block, 0, count)
            }
            output.fd.sync()
        }
        return true
    }
}
