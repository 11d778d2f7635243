// Measures the door between Kotlin and the core on this machine's JVM and prints each figure with its
// budget and the ratio to it. Run by `scripts/bench android`; no test, judges nothing.
package cn.dianma.bench

import cn.dianma.core.Core
import cn.dianma.core.FaultView
import cn.dianma.core.Fix
import cn.dianma.core.HttpAnswer
import cn.dianma.core.HttpProblem
import cn.dianma.core.HttpRequest
import cn.dianma.core.HttpTransport
import cn.dianma.core.KeyWrapper
import cn.dianma.core.Listener
import cn.dianma.core.LocationSource
import cn.dianma.core.NoticeView
import cn.dianma.core.Platform
import cn.dianma.core.Scanner
import cn.dianma.core.SyncStrip
import cn.dianma.core.TodayRequest
import com.sun.jna.Function
import com.sun.jna.NativeLibrary
import java.io.File
import java.nio.ByteBuffer
import java.nio.file.Files
import kotlin.math.max

/**
 * `PhoneBench seal FOLDER ORDERS` makes a store of the version before and opens it for the first time;
 * `PhoneBench measure FOLDER ORDERS` is everything else, in a process of its own. The folder of the library is in
 * `jna.library.path`.
 */
fun main(arguments: Array<String>) {
    val (what, path, orders) = arguments
    val folder = File(path)
    if (what == "seal") return sealing(folder, orders.toInt())
    store(folder, orders.toInt())
    calls()
    frames()
}

/** Once in the life of a store: what was plain is sealed. */
private fun sealing(folder: File, orders: Int) {
    fill(folder, orders)
    val opened = System.nanoTime()
    Core.open(folder.path, platform()).close()
    most("seal a plain store with $orders orders, once", ms(opened), "ms", 3_000.0)
}

private const val PAGE = 50
private const val LARGEST_PAGE = 500
private const val WIDTH = 1_280
private const val HEIGHT = 720
private const val CALLS = 20_000
private const val LISTS = 50
private const val FRAMES = 300

/** First, while nothing is warm: open, first list, all orders; and what it costs in memory. */
private fun store(folder: File, orders: Int) {
    val before = residentMb()
    val opened = System.nanoTime()
    val core = Core.open(folder.path, platform())
    val open = ms(opened)
    most("open a store with $orders orders, first in the process", open, "ms", 300.0)
    val listed = System.nanoTime()
    val first = core.today(TodayRequest("open", "due", null, PAGE.toUInt()))
    most("first list of $PAGE, the engine included", ms(listed), "ms", 200.0)
    check(first.rows.size == minOf(PAGE, orders)) { "the list has ${first.rows.size} rows" }
    most("from opening to the first list", open + ms(listed), "ms", 500.0)
    val again = { core.today(TodayRequest("open", "due", null, PAGE.toUInt())) }
    most("list of $PAGE once warm, median", median(LISTS) { again() }, "ms", 100.0)
    val id = first.rows.first().id
    most("one order with everything, median", median(200) { core.order(id) }, "ms", 10.0)
    var seen = 0
    var cursor: String? = null
    do {
        val page = core.today(TodayRequest("open", "due", cursor, LARGEST_PAGE.toUInt()))
        seen += page.rows.size
        cursor = page.nextCursor
    } while (cursor != null)
    check(seen == orders) { "$seen of $orders orders were listed" }
    most("memory for the store, the library and all $orders rows", max(0.0, residentMb() - before), "MB", 64.0)
    core.close()
}

/** What crossing the door costs when there is nothing to do behind it. */
private fun calls() {
    val folder = Files.createTempDirectory("dianma-bench").toFile()
    val core = Core.open(folder.path, platform())
    repeat(CALLS) { core.version() }
    most("a call that gives back a short text", each(CALLS) { core.version() } * 1_000, "us", 50.0)
    most("a call that gives back three records", each(CALLS) { core.todaySorts() } * 1_000, "us", 100.0)
    core.close()
    folder.deleteRecursively()
}

/** Luma rows of a camera frame, in a direct buffer as Camera2 gives them. */
private fun frames() {
    val luma = ByteBuffer.allocateDirect(WIDTH * HEIGHT)
    for (at in 0 until luma.capacity()) luma.put(at, (NOISE_BASE + (at * NOISE_STEP) % NOISE_SPAN).toByte())
    val frame = { scanner: Scanner -> scanner.frame(luma, WIDTH.toUInt(), HEIGHT.toUInt(), WIDTH.toUInt(), 90u) }
    val stopped = Scanner().also { it.cancel() }
    repeat(FRAMES) { frame(stopped) }
    val handed = each(FRAMES) { frame(stopped) } * 1_000
    most("handing over a frame of $WIDTH × $HEIGHT, nothing searched", handed, "us", 500.0)
    val scanner = Scanner()
    repeat(FRAMES / 10) { frame(scanner) }
    most("searching a frame without a code, median", median(FRAMES) { frame(scanner) }, "ms", 30.0)
}

private const val NOISE_BASE = 120
private const val NOISE_STEP = 7
private const val NOISE_SPAN = 11

/** Generated orders, put there by the core itself. */
private fun fill(folder: File, orders: Int) {
    val fill: Function = NativeLibrary.getInstance("dianma_core").getFunction("dianma_probe_fill")
    check(fill.invokeInt(arrayOf<Any>(folder.path, orders)) == 0) { "the store could not be filled" }
}

private fun residentMb(): Double {
    System.gc()
    val line = File("/proc/self/status").readLines().first { it.startsWith("VmRSS:") }
    return line.filter { it.isDigit() }.toLong() / 1_024.0
}

private fun ms(from: Long) = (System.nanoTime() - from) / 1e6

/** Milliseconds of one, averaged. */
private fun each(times: Int, work: () -> Unit): Double {
    val from = System.nanoTime()
    repeat(times) { work() }
    return ms(from) / times
}

private fun median(times: Int, work: () -> Unit): Double {
    val all = DoubleArray(times) {
        val from = System.nanoTime()
        work()
        ms(from)
    }
    return all.sorted()[times / 2]
}

private fun most(
    what: String,
    value: Double,
    unit: String,
    budget: Double,
) = println("%-62s %10.2f %-3s   budget ≤ %.0f, ratio %.2f".format(what, value, unit, budget, value / budget))

/** A phone without network: everything here is local. */
private fun platform() =
    Platform(
        object : HttpTransport {
            override fun exchange(request: HttpRequest): HttpAnswer = throw HttpProblem.Offline()
        },
        object : KeyWrapper {
            override fun wrap(secret: ByteArray) = secret

            override fun unwrap(sealed: ByteArray) = sealed
        },
        object : LocationSource {
            override fun current() = Fix(30_500_500, 114_300_500, 8u, false)
        },
        object : Listener {
            override fun onOrdersChanged() = Unit

            override fun onSyncChanged(strip: SyncStrip) = Unit

            override fun onNotice(notice: NoticeView) = Unit

            override fun onSignInNeeded(fault: FaultView) = Unit
        },
    )
