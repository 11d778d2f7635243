// A small county made through the server's public doors: one station, a few customers by file import,
// one person of each role. Everything in it is generated; the same as the stories of tests/ use.
package cn.dianma.app.harness

import org.json.JSONObject
import java.io.Closeable

/** @param hasKeys the server signs its labels. */
class County(
    hasKeys: Boolean = false,
) : Closeable {
    private val ground = Ground.of(hasKeys)
    val server = ServerProcess(hasKeys, ground.folder)
    private val electricians = ground.electricians
    private val administrator = ground.administrator.at(server.url)
    val agent = ground.agent.at(server.url)
    val dispatcher = ground.dispatcher.at(server.url)
    val reviewer = ground.reviewer.at(server.url)

    /** An agent's request for a customer, dispatched to the first electrician; returns the order. */
    fun order(
        customer: Int,
        kind: String,
        content: String,
    ): JSONObject {
        val request =
            JSONObject()
                .put("account_number", accountNumber(customer))
                .put("contact_phone", "10000000001")
                .put("content", content)
                .put("source", "phone")
                .put("kind", kind)
        val draft = agent.post("/v1/intake/requests", request).getJSONObject("work_order")
        val dispatch =
            JSONObject()
                .put("version", draft.getLong("version"))
                .put("staff_id", electricians[0])
                .put("mode", "nearest")
        return dispatcher
            .post(
                "/v1/work_orders/${draft.getString("id")}/dispatch",
                dispatch,
            ).getJSONObject("work_order")
    }

    /** The order as the dispatcher sees it now. */
    fun seen(id: String): JSONObject = dispatcher.get("/v1/work_orders/$id").getJSONObject("work_order")

    /** Gives an order to another electrician, by number. */
    fun reassign(
        id: String,
        worker: Int,
        reason: String,
    ) {
        val body = JSONObject()
            .put("version", seen(id).getLong("version"))
            .put("staff_id", electricians[worker])
            .put("reason", reason)
        dispatcher.post("/v1/work_orders/$id/reassign", body)
    }

    /** A reviewer's verdict: `approve`, or `reject` with a reason. */
    fun review(
        id: String,
        verdict: String,
        reason: String? = null,
    ) {
        val body = JSONObject().put("version", seen(id).getLong("version"))
        reason?.let { body.put("reason", it) }
        reviewer.post("/v1/work_orders/$id/$verdict", body)
    }

    /** The code that was issued for a customer; signed when the server has keys. */
    fun labelText(customer: Int): String = label(customer).getString("text")

    /** The office voids a customer's label. */
    fun revoke(customer: Int) {
        val body = JSONObject().put("reason", "生成的原因")
        administrator.post("/v1/labels/${label(customer).getString("id")}/revoke", body)
    }

    /** Another customer of the archive; a phone that does not sync knows nothing of it. */
    fun moveIn(customer: Int) = administrator.import("customers", Ground.customers(customer..customer))

    /** The text of a one-time enrolment code for an electrician. */
    fun enrolCode(worker: Int): String {
        val question = JSONObject().put("staff_id", electricians[worker]).put("server_url", server.url)
        return administrator
            .post("/v1/devices/enrol_codes", question)
            .getJSONObject("enrol_code")
            .getString("text")
    }

    /** What the office sends to the customer's phone for closing an order. */
    fun closingCode(id: String): ClosingCode {
        val sent = dispatcher
            .post("/v1/work_orders/$id/consent_codes", JSONObject().put("step", "closing"))
            .getJSONObject("consent_code")
        val digits = Regex("\\d{6}").find(sent.getString("sms_text").substringAfter("同意码"))!!.value
        return ClosingCode(digits, Modules.ofSvg(Console.page(server.url + sent.getString("link_path"))))
    }

    /** A dispatcher takes an order back or ends it: `cancel`, `recall`, … with a reason. */
    fun command(
        id: String,
        command: String,
        reason: String,
    ) {
        val body = JSONObject().put("version", seen(id).getLong("version")).put("reason", reason)
        dispatcher.post("/v1/work_orders/$id/$command", body)
    }

    private fun label(customer: Int): JSONObject {
        val found = agent.search("/v1/customers", accountNumber(customer)).getJSONArray("customers").getJSONObject(0)
        val labels =
            agent.get("/v1/customers/${found.getString("id")}").getJSONObject("customer").getJSONArray("labels")
        return (0 until labels.length())
            .map(labels::getJSONObject)
            .first { it.getString("kind") == "customer" }
    }

    override fun close() = server.close()

    companion object {
        const val PASSWORD = "generated-secret-7"
        val WORKERS = listOf("worker1", "worker2")
        val KINDS =
            listOf(
                "fault_repair",
                "new_connection",
                "meter_change",
                "acceptance_energization",
                "bill_collection",
                "safety_inspection",
                "contract_inspection",
                "ad_hoc",
            )

        fun accountNumber(customer: Int) = "90%08d".format(1 + customer)

        fun meterNumber(customer: Int) = "SM%08d".format(1 + customer)
    }
}

/**
 * @param digits of the message to the customer.
 * @param symbol on the page the message leads to.
 */
class ClosingCode(
    val digits: String,
    val symbol: Modules,
)
