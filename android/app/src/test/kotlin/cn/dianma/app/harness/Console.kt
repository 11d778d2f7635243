// A person at the console, as far as HTTP goes: session cookie, CSRF token, JSON.
package cn.dianma.app.harness

import org.json.JSONObject
import java.net.CookieManager
import java.net.HttpCookie
import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers

class Console private constructor(
    private val url: String,
    cookies: List<HttpCookie>,
    private var csrfToken: String,
) {
    private val jar = CookieManager().also { jar -> cookies.forEach { jar.cookieStore.add(URI(url), it) } }
    private val client = HttpClient.newBuilder().cookieHandler(jar).build()

    private constructor(url: String, path: String, body: JSONObject) : this(url, emptyList(), "") {
        csrfToken = post(path, body).getJSONObject("session").getString("csrf_token")
    }

    /** The same person, still signed in, at a server with the same data. */
    fun at(url: String) = Console(url, jar.cookieStore.cookies, csrfToken)

    fun get(path: String): JSONObject = send(request(path).GET())

    /** A search: its text stands in a header, never in the address. */
    fun search(path: String, text: String): JSONObject =
        send(request(path).header("x-dianma-search", URLEncoder.encode(text, "UTF-8")).GET())

    fun post(path: String, body: JSONObject): JSONObject =
        send(
            request(path).header("content-type", "application/json").POST(BodyPublishers.ofString(body.toString())),
        )

    fun upload(path: String, text: String): JSONObject = send(request(path).POST(BodyPublishers.ofString(text)))

    /** Imports a file of records; all of its rows are good. */
    fun import(kind: String, csv: String) {
        val path = "/v1/imports?record_kind=$kind&mapping=${kind}_generic&dry_run=false&file_name=$kind.csv"
        val id = upload(path, csv).getJSONObject("import").getString("id")
        repeat(TRIES) {
            val import = get("/v1/imports/$id").getJSONObject("import")
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

    private fun request(path: String) = HttpRequest.newBuilder(URI(url + path)).header("x-csrf-token", csrfToken)

    private fun send(request: HttpRequest.Builder): JSONObject {
        val answer = client.send(request.build(), BodyHandlers.ofString())
        check(answer.statusCode() in 200..299) { "${answer.uri()}: ${answer.statusCode()} ${answer.body()}" }
        return if (answer.body().isBlank()) JSONObject() else JSONObject(answer.body())
    }

    companion object {
        private const val TRIES = 400
        private const val WAIT_MS = 25L

        /** A page for everybody, as a browser gets it. */
        fun page(url: String): String {
            val question = HttpRequest.newBuilder(URI(url)).build()
            val answer = HttpClient.newHttpClient().send(question, BodyHandlers.ofString())
            check(answer.statusCode() == 200) { "$url: ${answer.statusCode()}" }
            return answer.body()
        }

        /** Makes the first administrator with the printed token. */
        fun setUp(
            url: String,
            token: String,
            password: String,
        ) = Console(
            url,
            "/v1/setup",
            JSONObject()
                .put("token", token)
                .put("login_name", "admin")
                .put("display_name", "管理员")
                .put("password", password),
        )

        fun signIn(
            url: String,
            loginName: String,
            password: String,
        ) = Console(url, "/v1/sessions", JSONObject().put("login_name", loginName).put("password", password))
    }
}
