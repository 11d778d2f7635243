// A real dianma-server on a free loopback port, on an embedded database in a temporary folder.
package cn.dianma.app.harness

import java.io.Closeable
import java.io.File
import java.nio.file.Files

/** @param hasKeys signs its labels, as a server in use does; without, they are of the unsigned first version. */
class ServerProcess(
    hasKeys: Boolean = false,
) : Closeable {
    val folder: File = Files.createTempDirectory("dianma-server").toFile()
    private val binary = File(System.getProperty("dianma.binaries") ?: "../../target/debug", "dianma-server")
    private val passphrase = File(folder, "passphrase")
    private val process: Process
    val url: String
    val setupToken: String

    init {
        check(binary.canExecute()) { "$binary is missing: run scripts/android test" }
        val keys = if (hasKeys) makeKeys() else emptyList()
        val serve = listOf(binary.path, "serve", "--data", folder.path, "--listen", "127.0.0.1:0")
        process =
            ProcessBuilder(serve + keys)
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

    /** Makes signing keys under a generated passphrase; returns how the server finds them. */
    private fun makeKeys(): List<String> {
        passphrase.writeText("generated-passphrase-7\n")
        command("keys", "init")
        return listOf("--passphrase-file", passphrase.path)
    }

    /** Runs a command of the administrator's on this server's data; returns what it said. */
    fun command(name: String, vararg arguments: String): String {
        val found = listOf(binary.path, name, "--data", folder.path, "--passphrase-file", passphrase.path)
        val running = ProcessBuilder(found + arguments).redirectErrorStream(true).start()
        val said = running.inputStream.bufferedReader().readText()
        check(running.waitFor() == 0) { "$name ${arguments.toList()}: $said" }
        return said
    }

    /** `kill -9`, as when the office loses power. */
    override fun close() {
        process.destroyForcibly().waitFor()
        folder.deleteRecursively()
    }
}
