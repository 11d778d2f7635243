// Something that answers where the server should: a captive portal, a broken gateway, a wrong certificate,
// nobody at all in time.
package cn.dianma.app.harness

import com.sun.net.httpserver.HttpServer
import com.sun.net.httpserver.HttpsConfigurator
import com.sun.net.httpserver.HttpsServer
import java.io.Closeable
import java.io.File
import java.io.FileInputStream
import java.net.InetSocketAddress
import java.nio.file.Files
import java.security.KeyStore
import java.util.concurrent.Executors
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext

/**
 * @param status of every answer.
 * @param body of every answer.
 * @param delayMs before every answer.
 */
class HostileServer(
    private val status: Int,
    private val contentType: String = "text/html; charset=utf-8",
    private val body: String = "<html><body>请先登录上网</body></html>",
    private val delayMs: Long = 0,
    isTls: Boolean = false,
) : Closeable {
    private val workers = Executors.newCachedThreadPool()
    private val server: HttpServer = if (isTls) tls() else HttpServer.create(here(), 0)
    val url = (if (isTls) "https" else "http") + "://127.0.0.1:${server.address.port}"

    init {
        server.executor = workers
        server.createContext("/") { exchange ->
            exchange.requestBody.readBytes()
            Thread.sleep(delayMs)
            val bytes = body.toByteArray()
            exchange.responseHeaders.add("content-type", contentType)
            if (status in 300..399) exchange.responseHeaders.add("location", "http://127.0.0.1/portal")
            exchange.sendResponseHeaders(status, bytes.size.toLong())
            exchange.responseBody.use { it.write(bytes) }
        }
        server.start()
    }

    override fun close() {
        server.stop(0)
        workers.shutdownNow()
    }

    private fun here() = InetSocketAddress("127.0.0.1", 0)

    /** With a certificate that nobody has signed. */
    private fun tls(): HttpsServer {
        val store = File(Files.createTempDirectory("dianma-tls").toFile(), "store.p12")
        val tool = File(System.getProperty("java.home"), "bin/keytool").path
        val made =
            ProcessBuilder(
                tool,
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.path,
                "-storepass",
                PASS,
            ).redirectErrorStream(true).start()
        made.inputStream.readBytes()
        check(made.waitFor() == 0) { "no certificate was made" }
        val keys = KeyStore.getInstance("PKCS12")
        FileInputStream(store).use { keys.load(it, PASS.toCharArray()) }
        store.parentFile.deleteRecursively()
        val factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm())
        factory.init(keys, PASS.toCharArray())
        val context = SSLContext.getInstance("TLS")
        context.init(factory.keyManagers, null, null)
        return HttpsServer.create(here(), 0).apply { httpsConfigurator = HttpsConfigurator(context) }
    }

    private companion object {
        const val PASS = "generated"
    }
}
