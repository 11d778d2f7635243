// Where screens lead: one name per destination, so that a screen does not know another's class.
// Only classes of this app are named; nothing here is exported.
package cn.dianma.app.screens

import android.content.Context
import android.content.Intent

object Routes {
    private const val HOME = "cn.dianma.app.screens.home.HomeActivity"
    const val EXTRA_ORDER = "order"
    const val EXTRA_TEXT = "text"

    fun home(context: Context): Intent = to(context, HOME).addFlags(Intent.FLAG_ACTIVITY_CLEAR_TOP)

    private fun to(context: Context, name: String): Intent = Intent().setClassName(context.packageName, name)
}
