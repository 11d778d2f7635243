// Hands one file of our own choosing to an app a person picked. Reads only, only by a granted address, only
// files of the share folder; nothing else of the app can be reached through it.
package cn.dianma.app.platform

import android.content.ContentProvider
import android.content.ContentValues
import android.content.Context
import android.database.Cursor
import android.database.MatrixCursor
import android.net.Uri
import android.os.ParcelFileDescriptor
import android.provider.OpenableColumns
import java.io.File
import java.io.FileNotFoundException

class ShareProvider : ContentProvider() {
    override fun onCreate() = true

    override fun getType(uri: Uri) = if (file(uri).extension == "apk") PACKAGE else "text/plain"

    override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
        if (mode != "r") throw FileNotFoundException("read only")
        return ParcelFileDescriptor.open(file(uri), ParcelFileDescriptor.MODE_READ_ONLY)
    }

    override fun query(
        uri: Uri,
        columns: Array<out String>?,
        selection: String?,
        arguments: Array<out String>?,
        order: String?,
    ): Cursor {
        val file = file(uri)
        val names = columns ?: arrayOf(OpenableColumns.DISPLAY_NAME, OpenableColumns.SIZE)
        val row =
            names.map {
                when (it) {
                    OpenableColumns.DISPLAY_NAME -> file.name
                    OpenableColumns.SIZE -> file.length()
                    else -> null
                }
            }
        return MatrixCursor(names, 1).apply { addRow(row) }
    }

    override fun insert(uri: Uri, values: ContentValues?): Uri? = null

    override fun delete(
        uri: Uri,
        selection: String?,
        arguments: Array<out String>?,
    ) = 0

    override fun update(
        uri: Uri,
        values: ContentValues?,
        selection: String?,
        arguments: Array<out String>?,
    ) = 0

    // A name without a way in it: no address leads out of the folder.
    private fun file(uri: Uri): File {
        val name = uri.pathSegments.singleOrNull().orEmpty()
        val file = File(folder(checkNotNull(context)), name)
        if (!NAME.matches(name) || !file.isFile) throw FileNotFoundException("no such file")
        return file
    }

    companion object {
        /** Media type of a package: the installer's. */
        const val PACKAGE = "application/vnd.android.package-archive"
        private val NAME = Regex("[a-z0-9-]+\\.(txt|apk)")

        private fun folder(context: Context) = File(context.cacheDir, "share")

        /** Writes the text to be shared, in place of an earlier file, and gives its address. */
        fun offer(
            context: Context,
            name: String,
            text: String,
        ): Uri = put(context, name) { it.writeText(text) }

        /** The same with a copy of a file. Not for the home thread. */
        fun offer(
            context: Context,
            name: String,
            source: File,
        ): Uri = put(context, name) { source.copyTo(it) }

        private fun put(
            context: Context,
            name: String,
            fill: (File) -> Unit,
        ): Uri {
            val folder = folder(context)
            folder.deleteRecursively()
            folder.mkdirs()
            fill(File(folder, name))
            return Uri.parse("content://${context.packageName}.share/$name")
        }
    }
}
