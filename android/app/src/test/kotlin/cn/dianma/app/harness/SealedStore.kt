// The phone's sealed database as tests need it while the app is closed: to make it older, newer, or to
// count what is in it. Only who has the phone's key store can.
package cn.dianma.app.harness

import cn.dianma.core.KeyWrapper
import com.sun.jna.NativeLibrary
import org.json.JSONObject
import java.io.File

/** @param store the app's folder; [keys] the key store it was written with. */
class SealedStore(
    store: File,
    private val keys: KeyWrapper,
) {
    private val home = File(store, "sealed")

    /** The database. */
    val file = File(home, "phone.db")

    /** Written when the store was closed in order. */
    val isClosed get() = File(home, "closed-in-order").exists()

    /** Runs statements; the first number of the last one's answer, 0 when it has none. */
    fun sql(vararg statements: String): Long = statements.map(::one).last()

    private fun one(statement: String): Long {
        val answer = run.invokeLong(arrayOf(home.path, key(), statement))
        check(answer >= 0) { "refused: $statement" }
        return answer
    }

    private fun key(): ByteArray {
        val wrapped = JSONObject(File(home, "key").readText()).getString("by_platform")
        return keys.unwrap(wrapped.chunked(2).map { it.toInt(16).toByte() }.toByteArray())
    }

    private companion object {
        val run: com.sun.jna.Function = NativeLibrary.getInstance("dianma_core").getFunction("dianma_door_sql")
    }
}
