package androidx.test.runner.lifecycle;

/** Stages of an application. Written for the tests; only what Robolectric calls. */
public enum ApplicationStage {
  PRE_ON_CREATE,
  CREATED
}
