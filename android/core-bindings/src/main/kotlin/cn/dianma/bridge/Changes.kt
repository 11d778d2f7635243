// Hears the core and tells whoever is on the screen, on the home thread. Holds the latest strip only.
package cn.dianma.bridge

import cn.dianma.core.FaultView
import cn.dianma.core.Listener
import cn.dianma.core.NoticeView
import cn.dianma.core.SyncStrip
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executor

/** What a screen may react to; everything is optional. */
interface Watcher {
    fun onOrdersChanged() {}

    fun onSyncChanged(strip: SyncStrip) {}

    fun onNotice(notice: NoticeView) {}

    fun onSignInNeeded(fault: FaultView) {}
}

class Changes(
    private val home: Executor,
) : Listener {
    private val watchers = CopyOnWriteArrayList<Watcher>()

    fun watch(watcher: Watcher) {
        watchers.addIfAbsent(watcher)
    }

    fun leave(watcher: Watcher) {
        watchers.remove(watcher)
    }

    override fun onOrdersChanged() = tell { it.onOrdersChanged() }

    override fun onSyncChanged(strip: SyncStrip) = tell { it.onSyncChanged(strip) }

    override fun onNotice(notice: NoticeView) = tell { it.onNotice(notice) }

    override fun onSignInNeeded(fault: FaultView) = tell { it.onSignInNeeded(fault) }

    private fun tell(word: (Watcher) -> Unit) = home.execute { watchers.forEach(word) }
}
