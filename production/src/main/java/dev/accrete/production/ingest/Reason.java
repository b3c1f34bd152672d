package dev.accrete.production.ingest;

import java.util.Locale;

/** Why an image is set aside instead of being learned. */
public enum Reason {
  /** The file cannot be read or decoded. */
  UNREADABLE("cannot be read or decoded"),
  /** Its label is no declared class. */
  UNKNOWN_CLASS("of a class that is not declared"),
  /** Almost one colour. */
  BLANK("blank, almost one colour"),
  /** The same bytes stand in the same day already. */
  DUPLICATE_IN_DAY("the same file twice in this day"),
  /** The same bytes came on an earlier day. */
  DUPLICATE("the same file as on an earlier day"),
  /** It looks like another image of its class. */
  NEAR_DUPLICATE("nearly the same as another image of the class"),
  /** It looks like an image, or is one, that has another label. */
  CONFLICTING_LABEL("the same or nearly the same as an image with another label"),
  /** It looks like an image that is never to be learned. */
  REGRESSION_LEAK("nearly the same as an image of the regression set"),
  /** It was forgotten on request. */
  FORGOTTEN("forgotten on request");

  private final String meaning;

  Reason(String meaning) {
    this.meaning = meaning;
  }

  /** What it means, for reports. */
  public String meaning() {
    return meaning;
  }

  /** How it is written in tables: small letters and hyphens. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads {@link #text}. */
  public static Reason of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
