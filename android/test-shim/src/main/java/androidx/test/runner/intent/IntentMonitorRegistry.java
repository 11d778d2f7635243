package androidx.test.runner.intent;

/** Holds who watches intents. Written for the tests; only what Robolectric calls. */
public final class IntentMonitorRegistry {
  private static IntentMonitor monitor;

  private IntentMonitorRegistry() {}

  public static IntentMonitor getInstance() {
    return monitor;
  }

  public static void registerInstance(IntentMonitor newMonitor) {
    monitor = newMonitor;
  }
}
