package androidx.test.runner.intent;

/** Holds who answers started activities. Written for the tests; only what Robolectric calls. */
public final class IntentStubberRegistry {
  private static IntentStubber stubber;

  private IntentStubberRegistry() {}

  public static boolean isLoaded() {
    return stubber != null;
  }

  public static IntentStubber getInstance() {
    return stubber;
  }

  public static void load(IntentStubber newStubber) {
    stubber = newStubber;
  }

  public static void reset() {
    stubber = null;
  }
}
