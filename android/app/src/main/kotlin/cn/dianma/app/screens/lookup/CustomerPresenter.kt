// One customer: from the phone's own archive, or asked of the server when it is another station's.
package cn.dianma.app.screens.lookup

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Action
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.CustomerPage

/** What the page draws. */
data class CustomerState(
    val customer: CustomerPage? = null,
    val isLoading: Boolean = true,
    val isAsking: Boolean = false,
    val trouble: Trouble? = null,
) {
    /** The archive does not have it: the server may. */
    val canAsk: Boolean get() = customer == null && !isAsking && (trouble?.action == Action.NOT_FOUND || wasAsked)

    /** The server was asked in vain; asking again is the way on. */
    private val wasAsked: Boolean get() = trouble?.action == Action.RETRY
}

/**
 * @param text an id, account number, meter number or scanned code.
 * @param number what the server can be asked by: an account number, meter number or code.
 */
class CustomerPresenter(
    door: CoreDoor,
    private val text: String,
    private val number: String = text,
) : Presenter<CustomerState>(door, CustomerState()) {
    /** Reads the archive again; what the server told stays as told. */
    fun refresh() {
        if (state.isAsking || state.customer?.isOnline == true) return
        ask({ it.customer(text) }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> CustomerState(customer = answer.value, isLoading = false)
                    is Answer.Bad -> CustomerState(isLoading = false, trouble = answer.trouble)
                }
            if (answer is Answer.Good) remember(answer.value.id)
        }
    }

    /** Asks the server; it writes down who asked. */
    fun askServer() {
        if (state.isAsking) return
        state = state.copy(isLoading = false, isAsking = true, trouble = null)
        askNetwork({ it.askCustomer(number) }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> CustomerState(customer = answer.value, isLoading = false)
                    is Answer.Bad -> CustomerState(isLoading = false, trouble = answer.trouble)
                }
        }
    }

    private fun remember(id: String) = ask({ it.rememberCustomer(id) }) {}
}
