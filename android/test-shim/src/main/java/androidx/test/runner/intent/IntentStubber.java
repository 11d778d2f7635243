package androidx.test.runner.intent;

import android.app.Instrumentation;
import android.content.Intent;

/** Answers a started activity. Written for the tests; only what Robolectric calls. */
public interface IntentStubber {
  Instrumentation.ActivityResult getActivityResultForIntent(Intent intent);
}
