package dev.accrete.production.serve.http;

import java.util.Locale;

/** What a caller may do; each role may do what the ones before it may. */
public enum Role {
  /** Whatever needs no token. */
  ANYBODY,
  /** Ask for answers, and look at everything. */
  PREDICT,
  /** Correct answers, teach and forget. */
  TEACH,
  /** Decide which version answers. */
  OPERATE;

  /** Its name in files and addresses. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a caller of this role may do what needs another. */
  boolean includes(Role needed) {
    return compareTo(needed) >= 0;
  }
}
