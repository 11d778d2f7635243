// Pictures of the order page in every state a job goes through.
package cn.dianma.app.orders

import android.os.Looper
import android.widget.ImageView
import android.widget.ScrollView
import android.widget.TextView
import cn.dianma.app.R
import cn.dianma.app.harness.County
import cn.dianma.app.harness.Gallery
import cn.dianma.app.harness.GeneratedJob
import cn.dianma.app.screens.Routes
import cn.dianma.app.screens.orders.EvidenceActivity
import cn.dianma.app.screens.orders.OrderActivity
import cn.dianma.app.screens.orders.lookAt
import cn.dianma.core.SignIn
import org.json.JSONObject
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.nio.file.Files
import java.time.Duration

@Config(sdk = [35])
class OrderGallery : Gallery() {
    private val files = Files.createTempDirectory("dianma-captured").toFile()

    @Test
    fun new() = story("order-new") { _, _ -> }

    @Test
    fun arrived_with_hazards_to_tick() =
        story("order-hazards", ::scrolledToHazards) { county, id ->
            core { core ->
                core.accept(id)
                core.depart(id)
                core.arrive(id, county.labelText(0), false)
                core.keepDraft(id, "hazard.${core.cardOfOrder(id, emptyMap()).id}.0", "1")
            }
        }

    @Test
    fun working_with_record_and_evidence() =
        story("order-record", { scrolledTo(it, R.string.order_record) }) { county, id ->
            begin(county, id)
            core { core ->
                val fields = core.order(id).fields
                core.recordField(
                    id,
                    fields.first { it.kind == "choice" }.name,
                    fields.first { it.kind == "choice" }.choices[1].value,
                )
                core.recordField(id, fields.first { it.kind == "text" }.name, "断")
            }
        }

    @Test
    fun evidence_taken() =
        story("order-evidence", { scrolledTo(it, R.string.order_evidence) }) { county, id ->
            begin(county, id)
            core { core ->
                GeneratedJob({ core }, id, "", files).evidence(1)
                GeneratedJob({ core }, id, "", files).evidence(2)
                core.withdrawEvidence(
                    id,
                    core
                        .order(id)
                        .evidence
                        .last()
                        .sha256,
                )
            }
        }

    @Test
    fun taking_a_piece_back() =
        story(
            "order-evidence-withdraw",
            {
                tap(it, it.getString(R.string.order_evidence_withdraw))
                scrolledTo(it, R.string.order_evidence)
            },
        ) { county, id ->
            begin(county, id)
            core { core -> GeneratedJob({ core }, id, "", files).evidence(1) }
        }

    @Test
    fun a_piece_large() {
        County().use { county ->
            val id = county.order(0, "fault_repair", "家里没电了").getString("id")
            core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
            sync()
            begin(county, id)
            core { core -> GeneratedJob({ core }, id, "", files).evidence(1) }
            val sha256 = core { it.order(id) }.evidence.first().sha256
            pictures("evidence-large") {
                open(EvidenceActivity::class.java, Routes.evidence(app, id, sha256)).also { untilDrawn(it.get()) }
            }
        }
    }

    // Large pictures are read by a thread of their own.
    private fun untilDrawn(activity: EvidenceActivity) {
        repeat(LOOKS) {
            if (shown(activity.window.decorView).filterIsInstance<ImageView>().any { it.drawable != null }) return
            Thread.sleep(PAUSE_MS)
            shadowOf(Looper.getMainLooper()).idle()
        }
        throw AssertionError("the picture is not drawn")
    }

    @Test
    fun closing() =
        story("order-closing", {
            tapCommand(it, "请客户签名并评价", "ask for signature and opinion")
        }) { county, id -> complete(county, id) }

    @Test
    fun suspending() = story("order-suspend", { tapCommand(it, "挂起", "Suspend") }) { county, id -> begin(county, id) }

    @Test
    fun asking_for_somebody_else_without_a_reason() =
        story(
            "order-reassign",
            {
                tapCommand(it, "申请转派", "Request reassignment")
                tap(it, it.getString(R.string.reassign_give))
            },
        ) { county, id -> begin(county, id) }

    @Test
    fun the_whole_card() = story("order-card", ::openCard) { _, _ -> }

    @Test
    fun submitted() =
        story("order-submitted") { county, id ->
            complete(county, id)
            core { core ->
                core.finish(id, county.labelText(0), null, "satisfied", null)
                core.submit(id)
            }
        }

    @Test
    fun rejected() =
        story("order-rejected") { county, id ->
            complete(county, id)
            core { core ->
                core.finish(id, county.labelText(0), null, "satisfied", null)
                core.submit(id)
            }
            sync()
            county.review(id, "reject", "照片看不清表号，请补拍")
            sync()
        }

    @Test
    fun given_to_somebody_else_with_refused_work() =
        story("order-left") { county, id ->
            begin(county, id)
            sync()
            county.reassign(id, 1, "改派给更近的人")
            core { it.suspend(id, "客户不在家", System.currentTimeMillis() + DAY_MS) }
            sync()
        }

    @Test
    fun cancelled_and_gone() =
        story("order-gone") { county, id ->
            val body = JSONObject().put("version", county.seen(id).getLong("version")).put("reason", "客户来电撤销")
            county.dispatcher.post("/v1/work_orders/$id/cancel", body)
            sync()
        }

    @Test
    fun unknown() {
        County().use { county -> signIn(county) }
        pictures("order-unknown") { open(OrderActivity::class.java, Routes.order(app, "GD-0000")) }
    }

    private fun story(
        name: String,
        then: (OrderActivity) -> Unit = {},
        before: (County, String) -> Unit,
    ) {
        val id =
            County().use { county ->
                val id = county.order(0, "fault_repair", "家里没电了，邻居家有电").getString("id")
                signIn(county)
                before(county, id)
                id
            }
        pictures(name) { open(OrderActivity::class.java, Routes.order(app, id)).also { then(it.get()) } }
    }

    private fun signIn(county: County) {
        core { it.signIn(SignIn(county.server.url, "worker1", County.PASSWORD, "生成机型", "15")) }
        core { it.syncNow() }
    }

    private fun sync() = repeat(4) { core { it.syncNow() } }

    private fun begin(county: County, id: String) =
        core { core ->
            core.accept(id)
            core.depart(id)
            core.arrive(id, county.labelText(0), false)
            core.begin(id, null, core.cardOfOrder(id, emptyMap()).hazards.map { it.number })
        }

    private fun complete(county: County, id: String) {
        begin(county, id)
        core { core ->
            val job = GeneratedJob({ core }, id, "", files)
            job.record()
            job.evidence(1)
        }
    }

    private fun openCard(activity: OrderActivity) {
        tap(activity, activity.getString(R.string.order_card))
        tap(activity, activity.getString(R.string.order_card_read, 0).substringBefore("0"))
    }

    private fun scrolledToHazards(activity: OrderActivity) = scrolledTo(activity, R.string.order_hazards_ask)

    /** Scrolls so far that the section under this heading is in view. */
    private fun scrolledTo(activity: OrderActivity, heading: Int) {
        val words = activity.getString(heading)
        val scroll = shown(activity.window.decorView).filterIsInstance<ScrollView>().first()
        val target = shown(scroll).filterIsInstance<TextView>().first { it.text.toString() == words }
        scroll.lookAt(target)
        settle()
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofSeconds(1))
    }

    private fun tapCommand(
        activity: OrderActivity,
        chinese: String,
        english: String,
    ) = tap(
        activity,
        if (activity.resources.configuration.locales[0]
                .language == "en"
        ) {
            english
        } else {
            chinese
        },
    )

    private companion object {
        const val DAY_MS = 86_400_000L
        const val LOOKS = 200
        const val PAUSE_MS = 20L
    }
}
