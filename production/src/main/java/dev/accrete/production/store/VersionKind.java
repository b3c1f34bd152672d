package dev.accrete.production.store;

import java.util.Locale;

/** How a version came about. */
public enum VersionKind {
  /** The days since the champion were learned. */
  UPDATE,
  /** Everything kept was learned by a fresh learner. */
  RETRAIN,
  /** Some images were learned while serving. */
  TEACH,
  /** Images were taken out. */
  FORGET;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static VersionKind of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
