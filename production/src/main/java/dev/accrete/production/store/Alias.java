package dev.accrete.production.store;

import java.util.Locale;

/** A name that moves from version to version. */
public enum Alias {
  /** The version in production. */
  CHAMPION,
  /** The version that an update made and that nobody has promoted yet. */
  CANDIDATE,
  /** The version in production before the champion, to which a rollback goes. */
  PREVIOUS;

  /** How it is written: small letters. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Alias of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
