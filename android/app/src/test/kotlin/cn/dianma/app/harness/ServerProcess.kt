// A real dianma-server on a free loopback port, on an embedded database in a temporary folder.
package cn.dianma.app.harness

import java.io.Closeable
import java.io.File
import java.nio.file.Files

/**
 * @param hasKeys signs its labels, as a server in use does; without, they are of the unsigned first version.
 * @param ground data of an earlier server to begin with, copied; nothing when absent.
 */
class ServerProcess(
    hasKeys: Boolean = false,
    ground: File? = null,
) : Closeable {
    val folder: File = Files.createTempDirectory("dianma-server").toFile()
    private val binary = File(System.getProperty("dianma.binaries") ?: "../../target/debug", "dianma-server")
    private val passphrase = File(folder, "passphrase")
    private val process: Process
    val url: String

    /** Printed by a server that has no people yet. */
    val setupToken: String?

    init {
        check(binary.canExecute()) { "$binary is missing: run scripts/android test" }
        ground?.copyRecursively(folder)
        if (hasKeys && ground == null) makeKeys()
        val keys = if (hasKeys) listOf("--passphrase-file", passphrase.path) else emptyList()
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
        setupToken = token
    }

    /** Makes signing keys under a generated passphrase. */
    private fun makeKeys() {
        passphrase.writeText("generated-passphrase-7\n")
        command("keys", "init")
    }

    /** Runs a command of the administrator's on this server's data; returns what it said. */
    fun command(name: String, vararg arguments: String): String {
        val found = listOf(binary.path, name, "--data", folder.path, "--passphrase-file", passphrase.path)
        val running = ProcessBuilder(found + arguments).redirectErrorStream(true).start()
        val said = running.inputStream.bufferedReader().readText()
        check(running.waitFor() == 0) { "$name ${arguments.toList()}: $said" }
        return said
    }

    /** `kill -9`, as when the office loses power; the data stay. */
    fun kill() {
        process.destroyForcibly().waitFor()
    }

    /** [kill], and nothing stays. */
    override fun close() {
        kill()
        folder.deleteRecursively()
    }
}
