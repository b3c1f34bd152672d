package dev.accrete.production.store;

import java.util.Locale;

/** How far a day has come. */
public enum DayState {
  /** Its images are in the store, no version has learned them. */
  INGESTED,
  /** A version has learned them. */
  LEARNED,
  /** The version that learned them was not blessed or was rolled back: updates leave them out. */
  BLOCKED,
  /** It was not taken in. */
  REFUSED;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static DayState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
