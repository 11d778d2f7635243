// What every county begins with: people, customers, meters, and who is signed in at the console. Made once through
// the server's public doors; each county is a copy, because hashing nine passwords takes longer than most tests.
package cn.dianma.app.harness

import cn.dianma.app.harness.County.Companion.accountNumber
import cn.dianma.app.harness.County.Companion.meterNumber
import org.json.JSONArray
import org.json.JSONObject
import java.io.File
import java.nio.file.Files

class Ground private constructor(
    hasKeys: Boolean,
) {
    /** The data of a server that was killed. */
    val folder: File = Files.createTempDirectory("dianma-ground").toFile()
    val electricians: List<String>
    val administrator: Console
    val agent: Console
    val dispatcher: Console
    val reviewer: Console

    init {
        Runtime.getRuntime().addShutdownHook(Thread { folder.deleteRecursively() })
        ServerProcess(hasKeys).use { server ->
            val token = checkNotNull(server.setupToken) { "the server printed no first-run token" }
            administrator = Console.setUp(server.url, token, County.PASSWORD)
            administrator.import("areas", AREAS)
            administrator.import("customers", customers(0 until CUSTOMERS))
            administrator.import("meters", meters())
            val stations = administrator.get("/v1/stations").getJSONArray("stations")
            val station = stations.getJSONObject(0).getString("id")
            for (role in listOf("agent", "dispatcher", "reviewer")) hire(role, role, null)
            electricians = County.WORKERS.map { hire(it, "electrician", station) }
            agent = Console.signIn(server.url, "agent", County.PASSWORD)
            dispatcher = Console.signIn(server.url, "dispatcher", County.PASSWORD)
            reviewer = Console.signIn(server.url, "reviewer", County.PASSWORD)
            server.kill()
            server.folder.copyRecursively(folder, overwrite = true)
        }
    }

    private fun hire(
        name: String,
        role: String,
        station: String?,
    ): String {
        val skills = if (role == "electrician") JSONArray(County.KINDS) else JSONArray()
        val body =
            JSONObject()
                .put("login_name", name)
                .put("display_name", "生成$name")
                .put("password", County.PASSWORD)
                .put("role", role)
                .put("station_id", station ?: JSONObject.NULL)
                .put("skills", skills)
                .put("is_on_duty", role == "electrician")
        return administrator.post("/v1/staff", body).getJSONObject("staff").getString("id")
    }

    companion object {
        private val signed by lazy { Ground(hasKeys = true) }
        private val unsigned by lazy { Ground(hasKeys = false) }

        fun of(hasKeys: Boolean): Ground = if (hasKeys) signed else unsigned

        private const val CUSTOMERS = 24
        private const val AREAS =
            "台区编号,台区名称,供电所编号,供电所名称,城乡类别,线路名称,纬度,经度\n" +
                "T001,生成一村公变,S01,生成镇供电所（示例）,农村,10kV生成线,30.500000,114.300000\n"

        fun customers(which: IntRange): String {
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
