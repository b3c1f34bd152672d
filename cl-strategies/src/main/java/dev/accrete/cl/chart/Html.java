package dev.accrete.cl.chart;

import java.util.Locale;
import java.util.OptionalDouble;

/** Text for a page: escaped, and numbers as people read them. */
public final class Html {
  private static final String[] COUNT_UNITS = {"", " k", " M", " G", " T", " P", " E"};
  private static final String[] BYTE_UNITS = {" B", " KiB", " MiB", " GiB", " TiB"};
  private static final double HALF_A_TENTH = 0.05;
  private static final double ALMOST_ALL = 0.9995;
  private static final double THOUSAND = 1000;
  private static final double KIBI = 1024;

  private Html() {}

  /** Text that may stand between tags or in a quoted attribute. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** A percentage with one decimal. */
  public static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * fraction);
  }

  /** A percentage, or a dash for what is not known. */
  public static String percent(OptionalDouble fraction) {
    return fraction.isPresent() ? percent(fraction.getAsDouble()) : "-";
  }

  /** A percentage that says 100% only of the whole. */
  public static String saving(double fraction) {
    return fraction < 1 && fraction >= ALMOST_ALL ? "&gt;99.9%" : percent(fraction);
  }

  /** A difference of shares in points, with its sign: {@code +1.2}, {@code -0.3}, {@code 0.0}. */
  public static String points(double difference) {
    double points = 100 * difference;
    return Math.abs(points) < HALF_A_TENTH ? "0.0" : String.format(Locale.ROOT, "%+.1f", points);
  }

  /** A whole number with commas. */
  public static String whole(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Three digits and a unit: {@code 1.24 T}. */
  public static String count(double value) {
    return scaled(value, THOUSAND, COUNT_UNITS);
  }

  /** Three digits and a binary unit: {@code 1.24 MiB}. */
  public static String bytes(double value) {
    return scaled(value, KIBI, BYTE_UNITS);
  }

  /** Seconds, with a decimal below 100. */
  public static String seconds(double value) {
    return value < 100
        ? String.format(Locale.ROOT, "%.1f s", value)
        : String.format(Locale.ROOT, "%.0f s", value);
  }

  private static String scaled(double value, double step, String[] units) {
    int unit = 0;
    while (Math.abs(value) >= step && unit < units.length - 1) {
      value /= step;
      unit++;
    }
    int decimals = unit == 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f%s", value, units[unit]);
  }
}
