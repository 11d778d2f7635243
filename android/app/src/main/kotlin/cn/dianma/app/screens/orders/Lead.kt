// Ways out of the app: dialler, maps, clipboard. Where no app takes it, the text is copied and that is said.
package cn.dianma.app.screens.orders

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.ClipData
import android.content.ClipboardManager
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.os.Build
import android.os.PersistableBundle
import android.widget.Toast
import cn.dianma.app.R
import cn.dianma.core.OrderView
import java.math.BigDecimal

class Lead(
    private val activity: Activity,
) {
    fun call(number: String) {
        val intent = Intent(Intent.ACTION_DIAL, Uri.fromParts("tel", number, null))
        if (!start(intent)) copy(activity.getString(R.string.order_call), number)
    }

    /** The place of the order, else its address. The customer's name stays in the app. */
    fun openMap(order: OrderView) {
        val address = order.row.address ?: ""
        val point = listOfNotNull(order.latitudeE6, order.longitudeE6).map { BigDecimal.valueOf(it, DEGREE_PLACES) }
        val where = if (point.size == 2) point.joinToString(",") { it.toPlainString() } else Uri.encode(address)
        if (start(Intent(Intent.ACTION_VIEW, Uri.parse("geo:0,0?q=$where")))) return
        copy(activity.getString(R.string.order_map), address.ifEmpty { where })
    }

    fun copy(label: CharSequence, text: String) {
        val clip = ClipData.newPlainText(label, text)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            clip.description.extras = PersistableBundle().apply { putBoolean(SENSITIVE, true) }
        }
        (activity.getSystemService(Context.CLIPBOARD_SERVICE) as ClipboardManager).setPrimaryClip(clip)
        Toast.makeText(activity, activity.getString(R.string.order_copied, label), Toast.LENGTH_SHORT).show()
    }

    private fun start(intent: Intent): Boolean =
        try {
            activity.startActivity(intent)
            true
        } catch (_: ActivityNotFoundException) {
            false
        }

    private companion object {
        const val DEGREE_PLACES = 6
        const val SENSITIVE = "android.content.extra.IS_SENSITIVE"
    }
}
