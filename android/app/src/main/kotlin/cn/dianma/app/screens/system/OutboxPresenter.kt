// What is on its way to the server, what came back, and what a person decides about it.
package cn.dianma.app.screens.system

import cn.dianma.app.screens.Presenter
import cn.dianma.bridge.Answer
import cn.dianma.bridge.CoreDoor
import cn.dianma.bridge.Trouble
import cn.dianma.core.ChoiceView
import cn.dianma.core.FileRowView
import cn.dianma.core.NoticeView
import cn.dianma.core.OutboxRowView
import cn.dianma.core.RefusalView
import cn.dianma.core.SyncStrip
import cn.dianma.core.Words

/** A decision that waits for its confirmation. */
data class Deciding(
    val n: ULong,
    val choice: ChoiceView,
)

/** What the screen draws. */
data class OutboxState(
    val isLoading: Boolean = true,
    val isSyncing: Boolean = false,
    val strip: SyncStrip? = null,
    val refusals: List<RefusalView> = emptyList(),
    val files: List<FileRowView> = emptyList(),
    val rows: List<OutboxRowView> = emptyList(),
    val hasOlder: Boolean = false,
    val deciding: Deciding? = null,
    val outcome: Words? = null,
    val notices: List<NoticeView> = emptyList(),
    val trouble: Trouble? = null,
)

class OutboxPresenter(
    door: CoreDoor,
) : Presenter<OutboxState>(door, OutboxState()) {
    fun refresh() =
        ask({ it.outbox(null, PAGE) }) { answer ->
            state =
                when (answer) {
                    is Answer.Good -> {
                        val view = answer.value
                        state.copy(
                            isLoading = false,
                            strip = view.strip,
                            refusals = view.refusals,
                            files = view.files,
                            rows = view.rows,
                            hasOlder = view.rows.size.toUInt() >= PAGE,
                            trouble = state.trouble?.takeUnless { it.isGate },
                        )
                    }
                    is Answer.Bad -> state.copy(isLoading = false, trouble = answer.trouble)
                }
        }

    fun onStrip(strip: SyncStrip) {
        state = state.copy(strip = strip)
        refresh()
    }

    fun older() {
        val before = state.rows.lastOrNull()?.n ?: return
        ask({ it.outbox(before, PAGE) }) { answer ->
            if (answer is Answer.Good && state.rows.lastOrNull()?.n == before) {
                val rows = answer.value.rows
                state = state.copy(rows = state.rows + rows, hasOlder = rows.size.toUInt() >= PAGE)
            }
        }
    }

    /** Exchanges with the server now. */
    fun sync() {
        if (state.isSyncing) return
        state = state.copy(isSyncing = true, outcome = null, notices = emptyList(), trouble = null)
        askNetwork({ it.syncNow() }) { answer ->
            state =
                when (answer) {
                    is Answer.Good ->
                        state.copy(
                            isSyncing = false,
                            outcome = answer.value.words,
                            notices = answer.value.notices,
                            strip = answer.value.strip,
                        )
                    is Answer.Bad -> state.copy(isSyncing = false, trouble = answer.trouble)
                }
            refresh()
        }
    }

    /** Sends a file that waits for the data plan's sake. */
    fun sendNow(sha256: String) =
        ask({ it.sendFileNow(sha256) }) { answer ->
            state = state.copy(trouble = (answer as? Answer.Bad)?.trouble)
            if (answer is Answer.Good) sync() else refresh()
        }

    /** Asks for the confirmation of a decision. */
    fun decide(n: ULong, choice: ChoiceView) {
        state = state.copy(deciding = Deciding(n, choice), trouble = null)
    }

    fun undecide() {
        state = state.copy(deciding = null)
    }

    /** Carries the decision out, with words for the dispatcher. */
    fun confirm(words: String) {
        val deciding = state.deciding ?: return
        val told = words.trim().ifEmpty { null }
        ask({ it.handleRefusal(deciding.n, deciding.choice.value, told) }) { answer ->
            state = state.copy(deciding = null, trouble = (answer as? Answer.Bad)?.trouble)
            refresh()
        }
    }

    private companion object {
        val PAGE = 50u
    }
}
