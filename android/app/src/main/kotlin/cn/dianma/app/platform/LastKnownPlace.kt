// Where the phone is, from what the system already knows: no tracking, no waiting. Nothing known, or
// not allowed, is a normal answer.
package cn.dianma.app.platform

import android.Manifest
import android.content.Context
import android.content.pm.PackageManager
import android.location.Location
import android.location.LocationManager
import android.os.SystemClock
import cn.dianma.core.Fix
import cn.dianma.core.LocationSource
import kotlin.math.roundToLong

class LastKnownPlace(
    private val context: Context,
) : LocationSource {
    override fun current(): Fix? {
        val allowed = context.checkSelfPermission(Manifest.permission.ACCESS_FINE_LOCATION)
        if (allowed != PackageManager.PERMISSION_GRANTED) return null
        val manager = context.getSystemService(Context.LOCATION_SERVICE) as LocationManager
        return manager
            .getProviders(true)
            .mapNotNull { manager.getLastKnownLocation(it) }
            .filter { age(it) <= FRESH_NS }
            .minByOrNull { it.accuracy }
            ?.let(::fix)
    }

    private fun age(location: Location) = SystemClock.elapsedRealtimeNanos() - location.elapsedRealtimeNanos

    // The newer name of the mock flag exists from API 31 on; the older one works on all.
    @Suppress("DEPRECATION")
    private fun fix(location: Location) =
        Fix(
            (location.latitude * MICRO).roundToLong(),
            (location.longitude * MICRO).roundToLong(),
            location.accuracy
                .toInt()
                .coerceAtLeast(0)
                .toUInt(),
            location.isFromMockProvider,
        )

    private companion object {
        const val FRESH_NS = 120_000_000_000L
        const val MICRO = 1e6
    }
}
