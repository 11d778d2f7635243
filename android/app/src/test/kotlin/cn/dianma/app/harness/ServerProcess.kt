// A real dianma-server on a free loopback port, on an embedded database in a temporary folder.
package cn.dianma.app.harness

import java.io.Closeable
import java.io.File
import java.nio.file.Files

class ServerProcess : Closeable {
    private val folder: File = Files.createTempDirectory("dianma-server").toFile()
    private val process: Process
    val url: String
    val setupToken: String

    init {
        val binary = File(System.getProperty("dianma.binaries") ?: "../../target/debug", "dianma-server")
        check(binary.canExecute()) { "$binary is missing: run scripts/android test" }
        process =
            ProcessBuilder(binary.path, "serve", "--data", folder.path, "--listen", "127.0.0.1:0")
                .redirectError(File(folder, "server.log"))
                .start()
        val output = process.inputStream.bufferedReader()
        var token: String? = null
        var address: String? = null
        while (address == null) {
            val line = output.readLine() ?: error("the server did not start: " + File(folder, "server.log").readText())
            token = line.substringAfter("(first-run token): ", "").trim().ifEmpty { null } ?: token
            if ("http://" in line) address = "http://" + line.substringAfter("http://").trim()
        }
        url = address
        setupToken = checkNotNull(token) { "the server printed no first-run token" }
    }

    /** `kill -9`, as when the office loses power. */
    override fun close() {
        process.destroyForcibly().waitFor()
        folder.deleteRecursively()
    }
}
