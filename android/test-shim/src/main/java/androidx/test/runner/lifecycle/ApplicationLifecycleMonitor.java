package androidx.test.runner.lifecycle;

/** Watches applications. Written for the tests; only what Robolectric calls. */
public interface ApplicationLifecycleMonitor {}
