// The customer's page: who, where, what is owed, meters with their readings, codes, orders; call and map.
package cn.dianma.app.screens.lookup

import android.content.ActivityNotFoundException
import android.content.Intent
import android.net.Uri
import android.os.Bundle
import android.view.View
import android.widget.LinearLayout
import cn.dianma.app.R
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.Screen
import cn.dianma.app.screens.orders.OrderRowView
import cn.dianma.app.widgets.Size
import cn.dianma.app.widgets.TitleBar
import cn.dianma.app.widgets.Type
import cn.dianma.app.widgets.button
import cn.dianma.app.widgets.card
import cn.dianma.app.widgets.color
import cn.dianma.app.widgets.column
import cn.dianma.app.widgets.heading
import cn.dianma.app.widgets.loading
import cn.dianma.app.widgets.page
import cn.dianma.app.widgets.primaryBar
import cn.dianma.app.widgets.put
import cn.dianma.app.widgets.row
import cn.dianma.app.widgets.say
import cn.dianma.app.widgets.showOrHide
import cn.dianma.app.widgets.text
import cn.dianma.app.widgets.troubleCard
import cn.dianma.bridge.Action
import cn.dianma.core.CustomerPage
import cn.dianma.core.MeterPage

class CustomerActivity : Screen() {
    private val presenter by lazy {
        val text = intent.getStringExtra(Routes.EXTRA_CUSTOMER).orEmpty()
        CustomerPresenter(door, text, intent.getStringExtra(Routes.EXTRA_TEXT) ?: text)
    }
    private var asksAtOnce = false
    private lateinit var bar: TitleBar
    private lateinit var body: LinearLayout
    private var drawn: CustomerState? = null

    override fun onCreate(saved: Bundle?) {
        // Once: whoever comes back to the screen decides for himself.
        asksAtOnce = saved == null && intent.getBooleanExtra(Routes.EXTRA_ONLINE, false)
        super.onCreate(saved)
    }

    override fun build(): View =
        column {
            setBackgroundColor(context.color(R.attr.paper))
            bar = put(TitleBar(context, getString(R.string.lookup_customer)) { finish() })
            put(context.page { body = put(context.column()) }, height = 0, share = 1f)
        }

    override fun onResume() {
        super.onResume()
        presenter.attach(::draw)
        if (asksAtOnce) presenter.askServer() else presenter.refresh()
        asksAtOnce = false
    }

    override fun onPause() {
        presenter.detach()
        super.onPause()
    }

    private fun draw(state: CustomerState) {
        if (state == drawn) return
        drawn = state
        body.removeAllViews()
        val customer = state.customer
        if (customer != null) {
            show(customer)
            return
        }
        bar.show(getString(R.string.lookup_customer))
        state.trouble?.let { trouble ->
            val needsSignIn = trouble.action == Action.SIGN_IN
            val way = if (needsSignIn) getString(R.string.lookup_sign_in) else null
            body.put(troubleCard(trouble, way) { startActivity(Routes.signIn(this)) })
        }
        if (state.isLoading) body.put(loading())
        if (state.isAsking) body.put(text(getString(R.string.lookup_asking), Type.STRONG))
        if (state.canAsk) {
            body.put(text(getString(R.string.lookup_asked_note), color = R.attr.inkQuiet), gap = Size.EDGE)
            body.put(primaryBar(getString(R.string.lookup_ask), presenter::askServer), gap = Size.GAP)
        }
    }

    private fun show(customer: CustomerPage) {
        bar.show(customer.accountName, getString(R.string.lookup_account, customer.accountNumber))
        body.put(text(type = Type.STRONG, color = R.attr.soon)).showOrHide(
            if (customer.isOnline) getString(R.string.lookup_online) else null,
        )
        body.put(head(customer), gap = Size.GAP)
        body.put(ways(customer), gap = Size.GAP)
        body.put(heading(getString(R.string.lookup_meters)), gap = Size.EDGE)
        if (customer.meters.isEmpty()) body.put(text(getString(R.string.lookup_no_meters)), gap = Size.GAP)
        customer.meters.forEach { body.put(meter(it), gap = Size.GAP) }
        body.put(heading(getString(R.string.lookup_history)), gap = Size.EDGE)
        if (customer.isOnline) pastOrders(customer) else orders(customer)
    }

    private fun head(customer: CustomerPage) =
        card {
            put(text(type = Type.HEADING, color = R.attr.overdue)).showOrHide(say(customer.arrears))
            put(text(say(customer.customerClass), Type.STRONG))
            put(text(customer.supplyAddress), gap = Size.GAP / 2)
            put(text()).showOrHide(customer.poleNumber?.let { getString(R.string.lookup_pole, it) })
            put(text(getString(R.string.lookup_area, customer.areaName)))
            put(text()).showOrHide(
                customer.stationName.ifEmpty { null }?.let { getString(R.string.lookup_station, it) },
            )
            // What the server tells of another station says nothing about codes.
            if (!customer.isOnline) put(text(say(customer.label), color = R.attr.inkQuiet), gap = Size.GAP / 2)
        }

    private fun ways(customer: CustomerPage) =
        row {
            val phone = customer.contactPhone
            if (phone == null) {
                put(text(getString(R.string.lookup_no_phone), color = R.attr.inkQuiet), width = 0, share = 1f)
            } else {
                val call = context.button(getString(R.string.lookup_call)) { launch(Intent.ACTION_DIAL, "tel:$phone") }
                put(call, width = 0, share = 1f)
            }
            place(customer)?.let { place ->
                val map = context.button(getString(R.string.lookup_map)) { launch(Intent.ACTION_VIEW, place) }
                put(map, width = 0, share = 1f, gap = Size.GAP)
            }
        }

    private fun place(customer: CustomerPage): String? {
        val latitude = customer.latitudeE6 ?: return null
        val longitude = customer.longitudeE6 ?: return null
        val point = "${latitude / MICRO},${longitude / MICRO}"
        return "geo:$point?q=$point"
    }

    private fun launch(action: String, address: String) {
        try {
            startActivity(Intent(action, Uri.parse(address)))
        } catch (_: ActivityNotFoundException) {
            body.put(text(getString(R.string.lookup_no_map), Type.STRONG, R.attr.overdue), gap = Size.GAP)
        }
    }

    private fun meter(meter: MeterPage) =
        card {
            put(text(getString(R.string.lookup_meter, meter.meterNumber), Type.STRONG))
            if (meter.isMeant) put(text("✓ " + getString(R.string.lookup_meant), Type.STRONG, R.attr.good))
            put(text(say(meter.make)), gap = Size.GAP / 2)
            put(text(say(meter.reading)))
            if (drawn?.customer?.isOnline != true) put(text(say(meter.label), color = R.attr.inkQuiet))
        }

    private fun orders(customer: CustomerPage) {
        if (customer.orders.isEmpty()) body.put(text(getString(R.string.lookup_no_orders)), gap = Size.GAP)
        customer.orders.forEach { order ->
            val row = OrderRowView(this) { startActivity(Routes.order(this, it.id)) }
            row.bind(order)
            body.put(row.view, gap = Size.GAP)
        }
    }

    private fun pastOrders(customer: CustomerPage) {
        if (customer.pastOrders.isEmpty()) body.put(text(getString(R.string.lookup_no_past_orders)), gap = Size.GAP)
        customer.pastOrders.forEach { order ->
            val line = card {
                put(text("${say(order.kindName)} · ${say(order.stateName)}", Type.STRONG))
                put(text("${order.orderNumber}\n${order.takenInAt}"))
            }
            body.put(line, gap = Size.GAP)
        }
    }

    private companion object {
        const val MICRO = 1e6
    }
}
