package dev.accrete.cl.chart;

import java.util.Locale;

/** Elements that charts are made of. */
final class Svg {
  private Svg() {}

  static String segment(String style, double x1, double y1, double x2, double y2) {
    return String.format(
        Locale.ROOT,
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
        style,
        x1,
        y1,
        x2,
        y2);
  }

  static String text(double x, double y, String anchor, String style, String text) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>",
        x,
        y,
        anchor,
        style,
        Html.escape(text));
  }
}
