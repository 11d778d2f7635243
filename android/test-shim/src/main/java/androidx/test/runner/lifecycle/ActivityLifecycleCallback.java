package androidx.test.runner.lifecycle;

import android.app.Activity;

/** Hears of an activity's stages. Written for the tests; only what Robolectric calls. */
public interface ActivityLifecycleCallback {
  void onActivityLifecycleChanged(Activity activity, Stage stage);
}
