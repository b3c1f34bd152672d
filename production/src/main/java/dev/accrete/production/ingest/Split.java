package dev.accrete.production.ingest;

import java.util.Locale;

/** What an image is for. */
public enum Split {
  /** It is learned. */
  TRAIN,
  /** It is never learned, and tells whether a model may go into production. */
  REGRESSION;

  /** How it is written in tables and reports. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #text}. */
  public static Split of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
