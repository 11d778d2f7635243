// The only way from screens to the core: work runs on one worker thread, answers come back on the
// home (main) thread. The core may wait for disk or network, so a call on the home thread is refused.
package cn.dianma.bridge

import cn.dianma.core.CoreInterface
import java.util.concurrent.Executor

/**
 * @param network runs calls that wait for the network, so that they hold up no other.
 * @param onBad hears of every failed [ask], on the home thread.
 * @param open opens the core, once, on the worker thread.
 * @param worker runs one call after the other.
 * @param home runs what answers draw.
 * @param isHome tells whether the caller is on the home thread.
 */
class CoreDoor(
    private val worker: Executor,
    private val home: Executor,
    private val isHome: () -> Boolean,
    private val network: Executor = worker,
    private val onBad: (Trouble) -> Unit = {},
    private val open: () -> CoreInterface,
) {
    private val core: CoreInterface by lazy { open() }

    /** Asks the core on the worker thread; [done] gets the answer on the home thread. */
    fun <T> ask(work: (CoreInterface) -> T, done: (Answer<T>) -> Unit) = askOn(worker, work, done)

    /** As [ask], for calls that say they wait for the network. */
    fun <T> askNetwork(work: (CoreInterface) -> T, done: (Answer<T>) -> Unit) = askOn(network, work, done)

    private fun <T> askOn(
        thread: Executor,
        work: (CoreInterface) -> T,
        done: (Answer<T>) -> Unit,
    ) {
        thread.execute {
            val answer = attempt(work)
            home.execute {
                done(answer)
                if (answer is Answer.Bad) onBad(answer.trouble)
            }
        }
    }

    /** Asks the core and waits. For workers of the system (jobs, services), never for screens. */
    fun <T> now(work: (CoreInterface) -> T): Answer<T> {
        check(!isHome()) { "the core may block: call it through ask()" }
        return attempt(work)
    }

    // Everything is caught: a defect in the core or the bridge is shown as a card, never a crash.
    private fun <T> attempt(work: (CoreInterface) -> T): Answer<T> =
        try {
            check(!isHome()) { "the worker must not be the home thread" }
            Answer.Good(work(core))
        } catch (error: Exception) {
            Answer.Bad(Trouble.of(error))
        } catch (error: LinkageError) {
            Answer.Bad(Trouble.of(error))
        }
}
