package androidx.test.runner.lifecycle;

/** Holds who watches applications. Written for the tests; only what Robolectric calls. */
public final class ApplicationLifecycleMonitorRegistry {
  private static ApplicationLifecycleMonitor monitor;

  private ApplicationLifecycleMonitorRegistry() {}

  public static ApplicationLifecycleMonitor getInstance() {
    if (monitor == null) {
      throw new IllegalStateException("no monitor is registered");
    }
    return monitor;
  }

  public static void registerInstance(ApplicationLifecycleMonitor newMonitor) {
    monitor = newMonitor;
  }
}
