// One tab of the home screen: built when first shown, told when it comes and goes.
package cn.dianma.app.screens.home

import android.content.Context
import android.os.Bundle
import android.view.View

interface Tab {
    /** Label under the sign. */
    val title: Int

    /** Sign. */
    val icon: Int

    /** Builds the views; called once per home screen. */
    fun build(context: Context): View

    /** The tab is in front. */
    fun onShown()

    /** Another tab or screen is in front. */
    fun onHidden()

    /** Keeps what a person chose here while the home screen is built anew. */
    fun keep(state: Bundle) = Unit

    /** Goes on with what was kept; before [build]. */
    fun goOn(state: Bundle) = Unit
}
