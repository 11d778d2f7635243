// Where screens lead: one name per destination, so that a screen does not know another's class.
// Only classes of this app are named; nothing here is exported.
package cn.dianma.app.screens

import android.content.Context
import android.content.Intent

object Routes {
    const val EXTRA_ORDER = "order"
    const val EXTRA_CUSTOMER = "customer"
    const val EXTRA_SLOT = "slot"
    const val EXTRA_KIND = "kind"
    const val EXTRA_PURPOSE = "purpose"
    const val EXTRA_TEXT = "text"
    const val EXTRA_SHA256 = "sha256"
    const val EXTRA_ONLINE = "online"

    /** With [EXTRA_TEXT]: the text is a number (typed, or read from a bar code), not a code of ours. */
    const val EXTRA_IS_TYPED = "is_typed"

    /** What a scan is for: to look something up, or to give its text back to who asked. */
    const val TO_LOOK_UP = "lookup"
    const val TO_ARRIVE = "arrive"
    const val TO_FINISH = "finish"
    const val TO_ENROL = "enrol"

    private const val SCREENS = "cn.dianma.app.screens"

    fun home(context: Context): Intent = to(context, "home.HomeActivity").addFlags(Intent.FLAG_ACTIVITY_CLEAR_TOP)

    fun order(context: Context, orderId: String): Intent =
        to(context, "orders.OrderActivity").putExtra(EXTRA_ORDER, orderId)

    fun cost(context: Context, orderId: String): Intent =
        to(context, "cost.CostActivity").putExtra(EXTRA_ORDER, orderId)

    /** Card, prices and a quote for a kind of job, without an order. */
    fun quote(context: Context, kind: String): Intent = to(context, "cost.CostActivity").putExtra(EXTRA_KIND, kind)

    /** A customer by id, number or code; [number] is what the server is asked by when the archive has none. */
    fun customer(
        context: Context,
        customer: String,
        number: String? = null,
    ): Intent = to(context, "lookup.CustomerActivity").putExtra(EXTRA_CUSTOMER, customer).putExtra(EXTRA_TEXT, number)

    /** A customer this phone does not know: the server is asked at once. */
    fun customerOnline(context: Context, text: String): Intent = customer(context, text).putExtra(EXTRA_ONLINE, true)

    /** A piece of evidence as large as the screen. */
    fun evidence(
        context: Context,
        orderId: String,
        sha256: String,
    ): Intent = to(context, "orders.EvidenceActivity").putExtra(EXTRA_ORDER, orderId).putExtra(EXTRA_SHA256, sha256)

    fun outbox(context: Context): Intent = to(context, "system.OutboxActivity")

    fun backgroundHelp(context: Context): Intent = to(context, "duty.BackgroundHelpActivity")

    fun signIn(context: Context): Intent = to(context, "entry.SignInActivity")

    fun unlock(context: Context): Intent = to(context, "entry.UnlockActivity")

    /** Sets the first PIN, or changes it. */
    fun setPin(context: Context): Intent = to(context, "entry.SetPinActivity")

    /** A screen of the 系统 tab by its name. */
    fun system(context: Context, name: String): Intent = to(context, "system.$name")

    /**
     * The scanner. To look up, it opens the page itself; for the other purposes it ends with RESULT_OK,
     * [EXTRA_TEXT] and [EXTRA_IS_TYPED], as `arrive(order, text, isTyped)` takes them.
     */
    fun scan(
        context: Context,
        purpose: String = TO_LOOK_UP,
        orderId: String? = null,
    ): Intent = to(context, "scan.ScanActivity").putExtra(EXTRA_PURPOSE, purpose).putExtra(EXTRA_ORDER, orderId)

    /** Takes a piece of evidence of a [kind] (`photo`, `audio`, `video`, `signature`) and stores it. */
    fun capture(
        context: Context,
        orderId: String,
        slot: String,
        kind: String,
    ): Intent =
        to(context, captureScreen(kind))
            .putExtra(EXTRA_ORDER, orderId)
            .putExtra(EXTRA_SLOT, slot)
            .putExtra(EXTRA_KIND, kind)

    private fun captureScreen(kind: String) =
        when (kind) {
            "audio" -> "capture.VoiceActivity"
            "video" -> "capture.VideoActivity"
            "signature" -> "capture.SignatureActivity"
            else -> "capture.PhotoActivity"
        }

    private fun to(context: Context, name: String): Intent =
        Intent().setClassName(context.packageName, "$SCREENS.$name")
}
