// Where screens lead: one name per destination, so that a screen does not know another's class.
// Only classes of this app are named; nothing here is exported.
package cn.dianma.app.screens

import android.content.Context
import android.content.Intent

object Routes {
    const val EXTRA_ORDER = "order"
    const val EXTRA_CUSTOMER = "customer"
    const val EXTRA_SLOT = "slot"
    const val EXTRA_KIND = "kind"
    const val EXTRA_PURPOSE = "purpose"
    const val EXTRA_TEXT = "text"

    private const val SCREENS = "cn.dianma.app.screens"

    fun home(context: Context): Intent = to(context, "home.HomeActivity").addFlags(Intent.FLAG_ACTIVITY_CLEAR_TOP)

    private fun to(context: Context, name: String): Intent = Intent().setClassName(context.packageName, "$SCREENS.$name")
}
