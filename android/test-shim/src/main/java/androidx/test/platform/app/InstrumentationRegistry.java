package androidx.test.platform.app;

import android.app.Instrumentation;
import android.os.Bundle;

/** Holds the instrumentation of the running test. Written for the tests; only what Robolectric calls. */
public final class InstrumentationRegistry {
  private static Instrumentation instrumentation;
  private static Bundle arguments;

  private InstrumentationRegistry() {}

  public static void registerInstance(Instrumentation newInstrumentation, Bundle newArguments) {
    instrumentation = newInstrumentation;
    arguments = newArguments;
  }

  public static Instrumentation getInstrumentation() {
    if (instrumentation == null) {
      throw new IllegalStateException("no instrumentation is registered");
    }
    return instrumentation;
  }

  public static Bundle getArguments() {
    return arguments;
  }
}
