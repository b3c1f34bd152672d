package dev.accrete.production.store;

import java.util.Locale;

/** Whether a version's files are still there. */
public enum Kept {
  /** They are. */
  KEPT,
  /** They were removed to make room. */
  DROPPED,
  /** They were removed because they knew what had to be forgotten. */
  FORGOTTEN;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Kept of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
