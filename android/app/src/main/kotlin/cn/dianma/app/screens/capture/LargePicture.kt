// A photo as large as a screen can show, upright, read on a thread of its own.
package cn.dianma.app.screens.capture

import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.Matrix
import android.media.ExifInterface
import android.os.Handler
import android.os.Looper
import java.io.File
import java.io.IOException
import java.util.concurrent.Executors

object LargePicture {
    private const val LONGEST_SIDE = 1600
    private val reading = Executors.newSingleThreadExecutor { Thread(it, "dianma-picture") }
    private val home = Handler(Looper.getMainLooper())

    /** Reads it; [show] gets it, or nothing when it is no picture, on the home thread. */
    fun load(file: File, show: (Bitmap?) -> Unit) {
        reading.execute {
            val picture = read(file)
            home.post { show(picture) }
        }
    }

    private fun read(file: File): Bitmap? {
        val size = BitmapFactory.Options().apply { inJustDecodeBounds = true }
        BitmapFactory.decodeFile(file.path, size)
        val side = maxOf(size.outWidth, size.outHeight)
        if (side <= 0) return null
        val step = Integer.highestOneBit(maxOf(1, side / LONGEST_SIDE))
        val reduced = BitmapFactory.Options().apply { inSampleSize = step }
        val picture = BitmapFactory.decodeFile(file.path, reduced) ?: return null
        val degrees = turn(file)
        if (degrees == 0) return picture
        val turned = Matrix().apply { postRotate(degrees.toFloat()) }
        return Bitmap.createBitmap(picture, 0, 0, picture.width, picture.height, turned, true)
    }

    private fun turn(file: File): Int =
        try {
            when (ExifInterface(file.path).getAttributeInt(ExifInterface.TAG_ORIENTATION, 1)) {
                ExifInterface.ORIENTATION_ROTATE_90 -> 90
                ExifInterface.ORIENTATION_ROTATE_180 -> 180
                ExifInterface.ORIENTATION_ROTATE_270 -> 270
                else -> 0
            }
        } catch (_: IOException) {
            0
        }
}
