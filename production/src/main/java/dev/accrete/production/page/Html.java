package dev.accrete.production.page;

import java.util.Locale;

/** Text and numbers for a page. */
public final class Html {
  private static final double HALF_A_TENTH = 0.05;

  private Html() {}

  /** Text that may stand between tags or in a quoted attribute. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** A share as a percentage with one decimal. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  /** A difference of shares in points, with its sign: {@code +1.2}, {@code -0.3}, {@code 0.0}. */
  public static String points(double difference) {
    double points = 100 * difference;
    return Math.abs(points) < HALF_A_TENTH ? "0.0" : String.format(Locale.ROOT, "%+.1f", points);
  }

  /** A whole number with commas. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
