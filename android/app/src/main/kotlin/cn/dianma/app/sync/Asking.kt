// Asks for the permissions of background work once, when a screen is there: notifications from API 33
// on and the place. A no is remembered and never asked again by itself; the app works without either.
package cn.dianma.app.sync

import android.Manifest
import android.app.Activity
import android.content.Context
import android.content.pm.PackageManager
import android.os.Build

object Asking {
    private const val KEY = "asked"

    fun once(activity: Activity) {
        val settings = activity.getSharedPreferences("asking", Context.MODE_PRIVATE)
        if (settings.getBoolean(KEY, false)) return
        settings.edit().putBoolean(KEY, true).apply()
        again(activity)
    }

    /** Asks, because a person wants to be asked. */
    fun again(activity: Activity) {
        val wanted = wanted().filter { activity.checkSelfPermission(it) != PackageManager.PERMISSION_GRANTED }
        if (wanted.isNotEmpty()) activity.requestPermissions(wanted.toTypedArray(), 0)
    }

    private fun wanted(): List<String> {
        val place = listOf(Manifest.permission.ACCESS_FINE_LOCATION, Manifest.permission.ACCESS_COARSE_LOCATION)
        val isAsked = Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU
        return if (isAsked) place + Manifest.permission.POST_NOTIFICATIONS else place
    }
}
