// Tells the core what kind of network there is, and exchanges as soon as one comes back.
package cn.dianma.app.sync

import android.net.ConnectivityManager
import android.net.Network
import android.net.NetworkCapabilities
import cn.dianma.app.platform.DianmaApp
import cn.dianma.app.platform.service

class NetworkWatch(
    private val app: DianmaApp,
    private val background: Background,
) : ConnectivityManager.NetworkCallback() {
    private var isWatching = false
    private var network: Network? = null

    fun start() {
        if (isWatching) return
        isWatching = true
        app.service<ConnectivityManager>().registerDefaultNetworkCallback(this)
    }

    override fun onCapabilitiesChanged(network: Network, capabilities: NetworkCapabilities) {
        val isMobile = capabilities.hasTransport(NetworkCapabilities.TRANSPORT_CELLULAR)
        val kbps = capabilities.linkDownstreamBandwidthKbps.coerceAtLeast(0).toUInt()
        // What the owner chose by hand holds until the phone changes to another network.
        if (network == this.network) return
        this.network = network
        background.worker.execute {
            background.now { it.networkSeen(isMobile, kbps) }
            background.exchange()
        }
    }

    override fun onLost(network: Network) {
        this.network = null
    }
}
