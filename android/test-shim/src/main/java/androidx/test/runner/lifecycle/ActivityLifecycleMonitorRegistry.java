package androidx.test.runner.lifecycle;

/** Holds who watches activities. Written for the tests; only what Robolectric calls. */
public final class ActivityLifecycleMonitorRegistry {
  private static ActivityLifecycleMonitor monitor;

  private ActivityLifecycleMonitorRegistry() {}

  public static ActivityLifecycleMonitor getInstance() {
    if (monitor == null) {
      throw new IllegalStateException("no monitor is registered");
    }
    return monitor;
  }

  public static void registerInstance(ActivityLifecycleMonitor newMonitor) {
    monitor = newMonitor;
  }
}
