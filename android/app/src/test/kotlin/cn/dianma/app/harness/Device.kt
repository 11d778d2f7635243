// One phone without screens: the real core on a folder, with process death at any moment. Used where a
// story is about work and sync, not about what is drawn.
package cn.dianma.app.harness

import cn.dianma.core.Core
import cn.dianma.core.CoreInterface
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
import cn.dianma.core.SyncStrip
import java.io.Closeable
import java.io.File
import java.nio.file.Files

/** @param keys the key store of the phone. */
class Device(
    private val keys: KeyWrapper = MemoryKeys(),
) : Closeable {
    val folder: File = Files.createTempDirectory("dianma-device").toFile()

    /** No network at all. */
    @Volatile
    var isAirplane = false

    private val network = jvmTransport()
    private var opened: Core? = null

    /** The core of the running process; opened again after [die]. */
    val core: CoreInterface get() = opened ?: open().also { opened = it }

    /** The process is gone from one moment to the next; the folder stays. */
    fun die() {
        opened?.close()
        opened = null
    }

    /** Exchanges until nothing is left to send. */
    fun syncUntilIdle() {
        repeat(MOST_ROUNDS) {
            val outcome = core.syncNow()
            check(outcome.isReached) { "the server was not reached: ${outcome.notices}" }
            if (outcome.strip.pendingCommands == 0u && outcome.strip.pendingFiles == 0u) return
        }
        error("still unsent: ${core.strip()}")
    }

    override fun close() {
        die()
        folder.deleteRecursively()
    }

    private fun open() =
        Core.open(
            File(folder, "store").path,
            Platform(
                object : HttpTransport {
                    override fun exchange(request: HttpRequest): HttpAnswer =
                        if (isAirplane) throw HttpProblem.Offline() else network.exchange(request)
                },
                keys,
                object : LocationSource {
                    override fun current() = Fix(30_500_500, 114_300_500, 8u, false)
                },
                Deaf,
            ),
        )

    private object Deaf : Listener {
        override fun onOrdersChanged() = Unit

        override fun onSyncChanged(strip: SyncStrip) = Unit

        override fun onNotice(notice: NoticeView) = Unit

        override fun onSignInNeeded(fault: FaultView) = Unit
    }

    private companion object {
        const val MOST_ROUNDS = 60
    }
}
