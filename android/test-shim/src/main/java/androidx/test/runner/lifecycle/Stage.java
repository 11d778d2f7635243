package androidx.test.runner.lifecycle;

/** Stages of an activity. Written for the tests; only what Robolectric calls. */
public enum Stage {
  PRE_ON_CREATE,
  CREATED,
  STARTED,
  RESUMED,
  PAUSED,
  STOPPED,
  RESTARTED,
  DESTROYED
}
