// The network policy: what the core sends on which network, and which one it believes the phone is on.
package cn.dianma.app.screens.system

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.NetworkRule
import cn.dianma.core.Words

/** What the screen draws. */
data class NetworkState(
    val rules: List<NetworkRule> = emptyList(),
    /** What files have taken of the data plan today. */
    val today: Words? = null,
    val trouble: Trouble? = null,
)

class NetworkPresenter(
    door: CoreDoor,
) : Presenter<NetworkState>(door, NetworkState()) {
    fun refresh() =
        ask({ it.networkRules() to it.mobileToday() }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> NetworkState(answer.value.first, answer.value.second)
                    is Answer.Bad -> state.copy(trouble = answer.trouble)
                }
        }

    fun choose(word: String) = ask({ it.setNetClass(word) }) { refresh() }
}
