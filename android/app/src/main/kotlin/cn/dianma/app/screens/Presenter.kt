// The thinking half of a screen, without android.*: asks the core, keeps the state that is drawn, turns
// taps into calls. A screen draws [state] whenever it changes and never holds anything of its own.
package cn.dianma.app.screens

import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.core.CoreInterface

abstract class Presenter<S>(
    private val door: CoreDoor,
    first: S,
) {
    private var draw: ((S) -> Unit)? = null

    /** What is drawn. Changed on the home thread only. */
    var state: S = first
        protected set(value) {
            if (field == value) return
            field = value
            draw?.invoke(value)
        }

    /** The screen is there: draw what is known, at once and from now on. */
    fun attach(draw: (S) -> Unit) {
        this.draw = draw
        draw(state)
    }

    /** The screen is gone; answers still under way change the state and draw nothing. */
    fun detach() {
        draw = null
    }

    /** Asks the core off the home thread and gets the answer on it. */
    protected fun <T> ask(work: (CoreInterface) -> T, done: (Answer<T>) -> Unit) = door.ask(work, done)

    /** As [ask], for calls that wait for the network: they hold up no other. */
    protected fun <T> askNetwork(work: (CoreInterface) -> T, done: (Answer<T>) -> Unit) = door.askNetwork(work, done)
}
