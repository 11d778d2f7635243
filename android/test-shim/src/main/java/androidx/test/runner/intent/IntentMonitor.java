package androidx.test.runner.intent;

/** Watches intents. Written for the tests; only what Robolectric calls. */
public interface IntentMonitor {}
