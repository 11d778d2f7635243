// What went wrong, as a screen draws it: the action the person can take and the coded fault behind it.
// The eight actions are the eight variants of the core's error; everything else is a defect of ours.
package cn.dianma.bridge

import cn.dianma.core.FaultView
import cn.dianma.core.PhoneException
import cn.dianma.core.Words

/** What the screen does about it. */
enum class Action { FIX_INPUT, NOT_NOW, SIGN_IN, UNLOCK, RETRY, FREE_SPACE, NOT_FOUND, REPORT }

/** A failed call. */
data class Trouble(
    val action: Action,
    val fault: FaultView,
) {
    val code: String get() = fault.code

    /** Somebody has to sign in or unlock first: over as soon as anything could be read. */
    val isGate: Boolean get() = action == Action.SIGN_IN || action == Action.UNLOCK

    companion object {
        private const val PANIC_CODE = "D-500-APP"

        /** Said when the core itself cannot be asked for its words: not loaded, or a defect in the bridge. */
        private val broken =
            FaultView(
                PANIC_CODE,
                Words(
                    "程序内部出错：已保存的工作不受影响，请返回重试，仍不行请导出诊断并联系管理员。",
                    "The program failed inside: saved work is safe; go back and retry, else export the diagnosis " +
                        "and call the administrator.",
                ),
                null,
                emptyList(),
                false,
            )

        fun of(error: Throwable): Trouble =
            when (error) {
                is PhoneException.FixInput -> Trouble(Action.FIX_INPUT, error.fault)
                is PhoneException.NotNow -> Trouble(Action.NOT_NOW, error.fault)
                is PhoneException.SignIn -> Trouble(Action.SIGN_IN, error.fault)
                is PhoneException.Unlock -> Trouble(Action.UNLOCK, error.fault)
                is PhoneException.Retry -> Trouble(Action.RETRY, error.fault)
                is PhoneException.FreeSpace -> Trouble(Action.FREE_SPACE, error.fault)
                is PhoneException.NotFound -> Trouble(Action.NOT_FOUND, error.fault)
                is PhoneException.Report -> Trouble(Action.REPORT, error.fault)
                else -> Trouble(Action.REPORT, broken.copy(detail = error.javaClass.simpleName.let { Words(it, it) }))
            }
    }
}

/** What a call came to. */
sealed class Answer<out T> {
    data class Good<T>(
        val value: T,
    ) : Answer<T>()

    data class Bad(
        val trouble: Trouble,
    ) : Answer<Nothing>()
}
