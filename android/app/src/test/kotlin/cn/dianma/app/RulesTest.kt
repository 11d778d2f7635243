// Rules of the app that a compiler does not check: see android/README.md.
package cn.dianma.app

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.w3c.dom.Element
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory

class RulesTest {
    private val main = File("src/main")
    private val sources = File(main, "kotlin").walk().filter { it.extension == "kt" }.toList()

    @Test
    fun presenters_know_no_android() {
        val presenters = sources.filter { it.name.endsWith("Presenter.kt") }
        assertTrue(presenters.size >= 2)
        val offenders = presenters.filter {
            Regex("(?m)^import (android|cn\\.dianma\\.app\\.(widgets|platform|R\\b))").containsMatchIn(it.readText())
        }
        assertEquals(emptyList<String>(), offenders.map { it.name })
    }

    @Test
    fun every_string_is_there_in_both_languages_with_the_same_places() {
        val (chinese, english) = strings("values") to strings("values-en")
        assertEquals(chinese.keys.sorted(), english.keys.sorted())
        for ((name, text) in chinese) assertEquals(name, places(text), places(english.getValue(name)))
    }

    @Test
    fun no_rule_or_wording_of_orders_and_money_is_in_kotlin() {
        val words = listOf("待派", "已派", "已接", "处理中", "驳回", "归档", "挂起", "超期", "还剩", "已超", "合计", "欠费", "Fen /", "/ 100")
        val offences =
            sources.flatMap { file ->
                file
                    .readLines()
                    .filterNot {
                        it.trim().startsWith(
                            "//",
                        ) || it.trim().startsWith("*") || "/**" in it
                    }.flatMap { line ->
                        words.filter { it in line }.map { "${file.name}: $it" }
                    }
            }
        assertEquals(emptyList<String>(), offences)
    }

    @Test
    fun files_and_activities_stay_small() {
        val long = sources.filter { it.readLines().size > if (it.name.endsWith("Activity.kt")) 300 else 400 }
        assertEquals(emptyList<String>(), long.map { it.name })
    }

    @Test
    fun colours_come_from_the_theme() {
        val offenders = sources.filter {
            Regex("Color\\.(parseColor|rgb|argb|BLACK|WHITE|RED)|0xFF[0-9A-F]{6}").containsMatchIn(it.readText())
        }
        assertEquals(emptyList<String>(), offenders.map { it.name })
    }

    @Test
    fun one_component_is_open_to_other_apps() {
        val manifest = File(main, "AndroidManifest.xml").readText()
        assertEquals(1, Regex("exported=\"true\"").findAll(manifest).count())
    }

    /** Every string of a folder; a room may keep its own in strings_<room>.xml. */
    private fun strings(folder: String): Map<String, String> {
        val files = File(main, "res/$folder").listFiles().orEmpty().filter { it.name.startsWith("strings") }
        val all = files.flatMap { file -> entries(file) }
        assertEquals(emptySet<String>(), all.groupBy { it.first }.filter { it.value.size > 1 }.keys)
        return all.toMap()
    }

    private fun entries(file: File): List<Pair<String, String>> {
        val nodes = DocumentBuilderFactory
            .newInstance()
            .newDocumentBuilder()
            .parse(file)
            .getElementsByTagName("string")
        return (0 until nodes.length)
            .map { nodes.item(it) as Element }
            .map { it.getAttribute("name") to it.textContent }
    }

    private fun places(text: String) =
        Regex("%\\d\\$[sd]")
            .findAll(text)
            .map { it.value }
            .sorted()
            .toList()
}
