// The folder of pictures and its page: a row a screen, a column a look, and how much of each picture is
// not as it was drawn the last time in this folder. Clocks and distances move a little between runs.
package cn.dianma.app.harness

import android.graphics.Bitmap
import java.awt.image.BufferedImage
import java.io.File
import java.io.FileOutputStream
import javax.imageio.ImageIO

/** @param folder where pictures of earlier runs may lie. */
class GalleryPage(
    private val folder: File,
) {
    /** Writes the picture and remembers what changed in it. */
    fun keep(
        picture: Bitmap,
        screen: String,
        look: Variant,
    ) {
        folder.mkdirs()
        val file = File(folder, "$screen-${look.name.lowercase()}.png")
        val share = if (file.isFile) ImageIO.read(file)?.let { changed(picture, it) } else null
        FileOutputStream(file).use { picture.compress(Bitmap.CompressFormat.PNG, 100, it) }
        note(file).writeText(share?.let { "%.1f".format(it * 100) } ?: NEW)
    }

    /** The page over everything in the folder. */
    fun write() {
        val screens = folder
            .list()
            .orEmpty()
            .filter { it.endsWith(".png") }
            .map { it.removeSuffix(".png").substringBeforeLast('-') }
            .toSortedSet()
        val head = looks.joinToString("") { "<th>${it.name.lowercase()}" }
        val rows = screens.joinToString("\n") { screen ->
            "<tr><th>$screen" +
                looks.joinToString("") { cell(screen, it) }
        }
        File(folder, "index.html").writeText("$PAGE<tr><th>$head\n$rows\n</table>\n")
    }

    private fun cell(screen: String, look: Variant): String {
        val file = File(folder, "$screen-${look.name.lowercase()}.png")
        if (!file.isFile) return "<td>"
        val note = note(file).takeIf { it.isFile }?.readText() ?: NEW
        val share = note.toDoubleOrNull()
        val says = if (share == null) note else "$note % changed"
        val mark = if (share != null && share < NOTABLE_PERCENT) "" else " class=changed"
        return "<td$mark><a href=${file.name}><img loading=lazy src=${file.name}></a><br>$says"
    }

    private fun note(picture: File) = File(picture.path.removeSuffix("png") + "changed")

    /** Share of the pixels that differ; all of them when the size does. */
    private fun changed(now: Bitmap, before: BufferedImage): Double {
        if (now.width != before.width || now.height != before.height) return 1.0
        val row = IntArray(now.width)
        var differing = 0
        for (y in 0 until now.height) {
            now.getPixels(row, 0, now.width, 0, y, now.width, 1)
            for (x in row.indices) if (row[x] and COLOUR != before.getRGB(x, y) and COLOUR) differing++
        }
        return differing.toDouble() / (now.width * now.height)
    }

    private companion object {
        val looks = Variant.values()
        const val NEW = "new"
        const val NOTABLE_PERCENT = 3.0
        const val COLOUR = 0xFFFFFF
        const val PAGE =
            "<!doctype html><meta charset=utf-8><title>Screens</title><style>body{font:14px sans-serif}" +
                "img{width:220px}td,th{vertical-align:top;padding:6px}.changed{outline:3px solid #b3261e}</style><table>"
    }
}
