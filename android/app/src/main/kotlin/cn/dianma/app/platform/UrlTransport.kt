// The network for the core, through HttpURLConnection: the system's trust store, proxy and network
// security config apply. One request, one answer; nothing is cached, no redirect is followed.
package cn.dianma.app.platform

import cn.dianma.core.Header
import cn.dianma.core.HttpAnswer
import cn.dianma.core.HttpProblem
import cn.dianma.core.HttpRequest
import cn.dianma.core.HttpTransport
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import java.net.HttpURLConnection
import java.net.ProtocolException
import java.net.SocketTimeoutException
import java.net.URL
import java.security.cert.CertificateException
import javax.net.ssl.SSLException
import javax.net.ssl.SSLPeerUnverifiedException

/**
 * @param readMs longest wait for an answer.
 * @param useMethod sets the method; the JVM of the tests needs another way for PATCH than Android.
 */
class UrlTransport(
    private val readMs: Int = READ_MS,
    private val useMethod: (HttpURLConnection, String) -> Unit = { connection, method ->
        connection.requestMethod = method
    },
) : HttpTransport {
    override fun exchange(request: HttpRequest): HttpAnswer {
        try {
            val connection = URL(request.url).openConnection() as HttpURLConnection
            try {
                return send(connection, request)
            } finally {
                connection.disconnect()
            }
        } catch (_: SocketTimeoutException) {
            throw HttpProblem.TimedOut()
        } catch (problem: SSLException) {
            throw if (isUntrusted(problem)) HttpProblem.Untrusted() else HttpProblem.NotOurs()
        } catch (_: ProtocolException) {
            throw HttpProblem.NotOurs()
        } catch (_: IOException) {
            throw HttpProblem.Offline()
        }
    }

    private fun send(connection: HttpURLConnection, request: HttpRequest): HttpAnswer {
        useMethod(connection, request.method)
        connection.connectTimeout = CONNECT_MS
        connection.readTimeout = readMs
        connection.instanceFollowRedirects = false
        connection.useCaches = false
        request.headers.forEach { connection.setRequestProperty(it.name, it.value) }
        if (request.body.isNotEmpty()) {
            connection.doOutput = true
            connection.outputStream.use { it.write(request.body) }
        }
        val status = connection.responseCode
        val stream = if (status < FIRST_ERROR) connection.inputStream else connection.errorStream
        val body = if (request.method == "HEAD") ByteArray(0) else stream?.use(::read) ?: ByteArray(0)
        val headers =
            connection.headerFields.flatMap { (name, values) ->
                if (name == null) emptyList() else values.map { Header(name.lowercase(), it) }
            }
        return HttpAnswer(status.toUShort(), headers, body)
    }

    /** A refused certificate has its cause in the chain; anything else was no TLS at all. */
    private fun isUntrusted(problem: SSLException) =
        problem is SSLPeerUnverifiedException ||
            generateSequence<Throwable>(problem) { it.cause }.any { it is CertificateException }

    private fun read(stream: InputStream): ByteArray {
        val body = ByteArrayOutputStream()
        val block = ByteArray(BLOCK_BYTES)
        while (true) {
            val count = stream.read(block)
            if (count < 0) return body.toByteArray()
            body.write(block, 0, count)
            if (body.size() > LARGEST_BYTES) throw ProtocolException("the answer is too large")
        }
    }

    private companion object {
        const val CONNECT_MS = 10_000
        const val READ_MS = 50_000
        const val FIRST_ERROR = 400
        const val BLOCK_BYTES = 16 * 1024
        const val LARGEST_BYTES = 16 * 1024 * 1024
    }
}
