// The app's own transport on the JVM, whose HttpURLConnection refuses PATCH where Android's sends it.
package cn.dianma.app.harness

import cn.dianma.app.platform.UrlTransport
import java.net.HttpURLConnection

/** @param readMs longest wait for an answer. */
fun jvmTransport(readMs: Int = 50_000) = UrlTransport(readMs, ::forceMethod)

private fun forceMethod(connection: HttpURLConnection, method: String) {
    if (method != "PATCH") {
        connection.requestMethod = method
        return
    }
    val field = HttpURLConnection::class.java.getDeclaredField("method")
    field.isAccessible = true
    field.set(connection, method)
}
