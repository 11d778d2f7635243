// A small county made through the server's public doors: one station, a few customers by file import,
// one person of each role. Everything in it is generated; the same as the stories of tests/ use.
package cn.dianma.app.harness

import org.json.JSONArray
import org.json.JSONObject
import java.io.Closeable

/** @param hasKeys the server signs its labels. */
class County(
    hasKeys: Boolean = false,
) : Closeable {
    val server = ServerProcess(hasKeys)
    private val administrator = Console.setUp(server.url, server.setupToken, PASSWORD)
    private val electricians: List<String>
    val agent: Console
    val dispatcher: Console
    val reviewer: Console

    init {
        import("areas", AREAS)
        import("customers", customers(0 until CUSTOMERS))
        import("meters", meters())
        val station = administrator
            .get("/v1/stations")
            .getJSONArray("stations")
            .getJSONObject(0)
            .getString("id")
        for (role in listOf("agent", "dispatcher", "reviewer")) hire(role, role, null)
        electricians = WORKERS.map { hire(it, "electrician", station) }
        agent = Console.signIn(server.url, "agent", PASSWORD)
        dispatcher = Console.signIn(server.url, "dispatcher", PASSWORD)
        reviewer = Console.signIn(server.url, "reviewer", PASSWORD)
    }

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
    fun moveIn(customer: Int) = import("customers", customers(customer..customer))

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

    private fun import(kind: String, csv: String) {
        val path =
            "/v1/imports?record_kind=$kind&mapping=${kind}_generic&dry_run=false&file_name=$kind.csv"
        val id = administrator.upload(path, csv).getJSONObject("import").getString("id")
        repeat(TRIES) {
            val import = administrator.get("/v1/imports/$id").getJSONObject("import")
            when (import.getString("state")) {
                "done" -> {
                    check(import.getInt("rows_failed") == 0) { import.toString() }
                    return
                }
                "running" -> Thread.sleep(WAIT_MS)
                else -> error("the import failed: $import")
            }
        }
        error("the import of $kind never ended")
    }

    private fun hire(
        name: String,
        role: String,
        station: String?,
    ): String {
        val skills = if (role == "electrician") JSONArray(KINDS) else JSONArray()
        val body =
            JSONObject()
                .put("login_name", name)
                .put("display_name", "生成$name")
                .put("password", PASSWORD)
                .put("role", role)
                .put("station_id", station ?: JSONObject.NULL)
                .put("skills", skills)
                .put("is_on_duty", role == "electrician")
        return administrator.post("/v1/staff", body).getJSONObject("staff").getString("id")
    }

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
        private const val CUSTOMERS = 24
        private const val TRIES = 400
        private const val WAIT_MS = 25L
        private const val AREAS =
            "台区编号,台区名称,供电所编号,供电所名称,城乡类别,线路名称,纬度,经度\n" +
                "T001,生成一村公变,S01,生成镇供电所（示例）,农村,10kV生成线,30.500000,114.300000\n"

        fun accountNumber(customer: Int) = "90%08d".format(1 + customer)

        fun meterNumber(customer: Int) = "SM%08d".format(1 + customer)

        private fun customers(which: IntRange): String {
            val rows =
                which.map {
                    "${accountNumber(it)},生成户%02d,1000000%04d,生成镇生成村%d组%d号,居民,T001,生成线%03d号杆,30.5%02d000,114.3%02d000"
                        .format(it + 1, it, 1 + it / 6, it, it, it, it)
                }
            return "户号,户名,联系电话,用电地址,用电类别,台区编号,杆号,纬度,经度\n" + rows.joinToString("\n") + "\n"
        }

        private fun meters(): String {
            val rows = (0 until CUSTOMERS).map { "${meterNumber(it)},${accountNumber(it)},单相,1,${1000 + it}.5" }
            return "表号,户号,相数,倍率,示数\n" + rows.joinToString("\n") + "\n"
        }
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
