// Holds the server's wake stream open while on duty: a line that begins with `data:` means that
// something moved. No android.* in here. A stream that breaks is opened again with growing pauses.
package cn.dianma.app.sync

import cn.dianma.core.HttpRequest
import java.io.Closeable
import java.io.IOException
import java.net.HttpURLConnection
import java.net.URL
import kotlin.random.Random

/**
 * @param request where the stream is; null while nobody is signed in.
 * @param woken exchanges; runs on the stream's thread.
 */
class WakeStream(
    private val request: () -> HttpRequest?,
    private val woken: () -> Unit,
    private val connect: (HttpRequest) -> HttpURLConnection = ::open,
    private val firstPauseMs: Long = FIRST_PAUSE_MS,
) : Closeable {
    @Volatile
    private var isClosed = false

    @Volatile
    private var connection: HttpURLConnection? = null
    private val thread = Thread(::follow, "dianma-wake")

    fun start() = thread.start()

    override fun close() {
        isClosed = true
        thread.interrupt()
        // Closing the socket ends a read that is under way; it may itself wait, so not here.
        connection?.let { Thread(it::disconnect, "dianma-wake-end").start() }
    }

    private fun follow() {
        var failures = 0
        while (!isClosed) {
            failures = if (listen()) 0 else failures + 1
            if (!isClosed && !pause(failures)) return
        }
    }

    /** Listens until the stream ends; false when it never began. */
    private fun listen(): Boolean {
        val ask = request() ?: return false
        var isOpen = false
        try {
            val stream = connect(ask)
            connection = stream
            isOpen = stream.responseCode == HttpURLConnection.HTTP_OK
            if (!isOpen) return false
            // Something may have moved while nobody listened.
            woken()
            stream.inputStream.bufferedReader().useLines { lines ->
                lines.takeWhile { !isClosed }.filter { it.startsWith(HINT) }.forEach { woken() }
            }
        } catch (_: IOException) {
            // The network went, or close() cut it.
        } catch (error: RuntimeException) {
            // A connection that is closed while it opens may stumble over itself.
            if (!isClosed) throw error
        } finally {
            connection?.disconnect()
            connection = null
        }
        return isOpen
    }

    private fun pause(failures: Int): Boolean =
        try {
            val pause = (firstPauseMs shl failures.coerceAtMost(MOST_DOUBLINGS)).coerceAtMost(LONGEST_PAUSE_MS)
            // Phones that lost the same server do not all come back at once.
            Thread.sleep(pause / 2 + Random.nextLong(pause / 2 + 1))
            true
        } catch (_: InterruptedException) {
            false
        }

    private companion object {
        const val HINT = "data:"
        const val FIRST_PAUSE_MS = 2_000L
        const val LONGEST_PAUSE_MS = 300_000L
        const val MOST_DOUBLINGS = 10
        const val CONNECT_MS = 10_000

        /** The server sends something once a minute; after two and a half the line is dead. */
        const val SILENCE_MS = 150_000

        fun open(request: HttpRequest): HttpURLConnection {
            val connection = URL(request.url).openConnection() as HttpURLConnection
            request.headers.forEach { connection.setRequestProperty(it.name, it.value) }
            connection.setRequestProperty("accept", "text/event-stream")
            connection.connectTimeout = CONNECT_MS
            connection.readTimeout = SILENCE_MS
            connection.instanceFollowRedirects = false
            connection.useCaches = false
            return connection
        }
    }
}
