package androidx.test.internal.runner.intent;

import android.content.Intent;
import androidx.test.runner.intent.IntentMonitor;

/** Takes intents and keeps none. Written for the tests; only what Robolectric calls. */
public final class IntentMonitorImpl implements IntentMonitor {
  public void signalIntent(Intent intent) {
    // Nobody in these tests asks for the intents that were sent.
  }
}
