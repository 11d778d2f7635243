package androidx.test.internal.runner.lifecycle;

import android.app.Activity;
import androidx.test.runner.lifecycle.ActivityLifecycleCallback;
import androidx.test.runner.lifecycle.ActivityLifecycleMonitor;
import androidx.test.runner.lifecycle.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/** Remembers the stage of every activity. Written for the tests; only what Robolectric calls. */
public final class ActivityLifecycleMonitorImpl implements ActivityLifecycleMonitor {
  private final Map<Activity, Stage> stages = new WeakHashMap<>();
  private final List<ActivityLifecycleCallback> callbacks = new ArrayList<>();

  @Override
  public synchronized void addLifecycleCallback(ActivityLifecycleCallback callback) {
    callbacks.add(callback);
  }

  @Override
  public synchronized void removeLifecycleCallback(ActivityLifecycleCallback callback) {
    callbacks.remove(callback);
  }

  @Override
  public synchronized Stage getLifecycleStageOf(Activity activity) {
    Stage stage = stages.get(activity);
    if (stage == null) {
      throw new IllegalArgumentException("unknown activity: " + activity);
    }
    return stage;
  }

  @Override
  public synchronized Collection<Activity> getActivitiesInStage(Stage wanted) {
    List<Activity> found = new ArrayList<>();
    for (Map.Entry<Activity, Stage> entry : stages.entrySet()) {
      if (entry.getValue() == wanted) {
        found.add(entry.getKey());
      }
    }
    return found;
  }

  public void signalLifecycleChange(Stage stage, Activity activity) {
    List<ActivityLifecycleCallback> listening;
    synchronized (this) {
      stages.put(activity, stage);
      listening = new ArrayList<>(callbacks);
    }
    for (ActivityLifecycleCallback callback : listening) {
      callback.onActivityLifecycleChanged(activity, stage);
    }
  }
}
