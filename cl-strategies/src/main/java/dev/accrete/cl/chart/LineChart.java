package dev.accrete.cl.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * A chart of several lines over what is counted from 1, such as experiences, as SVG in the page's
 * colours.
 */
public final class LineChart {
  private static final int LEFT = 66;
  private static final int TOP = 14;
  private static final int BOTTOM = 36;
  private static final int LABEL_HEIGHT = 15;
  private static final int LABEL_GAP = 20;
  private static final int LETTER_WIDTH = 8;
  private static final int MOST_MARKERS = 60;

  private final int width;
  private final int height;
  private final int right;
  private final String description;
  private final String unit;
  private final Scale x;
  private final Scale y;
  private final DoubleFunction<String> format;
  private final List<Series> series;

  /**
   * A chart.
   *
   * @param description for readers who cannot see it
   * @param unit what the x axis counts, such as {@code experience}
   * @param last the largest x
   * @param format of values on the y axis
   */
  public LineChart(
      int width,
      int height,
      String description,
      String unit,
      int last,
      Scale y,
      DoubleFunction<String> format,
      List<Series> series) {
    this.width = width;
    this.height = height;
    this.description = description;
    this.unit = unit;
    this.x = Scale.numbers(last);
    this.y = y;
    this.format = format;
    this.series = series.stream().filter(line -> !line.points().isEmpty()).toList();
    this.right =
        LABEL_GAP
            + this.series.stream()
                .mapToInt(line -> line.name().length() * LETTER_WIDTH)
                .max()
                .orElse(0);
  }

  /** The element. */
  public String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            width,
            height,
            Html.escape(description)));
    axes(svg);
    series.forEach(line -> line(svg, line));
    labels(svg);
    return svg.append("</svg>\n").toString();
  }

  private void axes(StringBuilder svg) {
    for (double tick : y.ticks()) {
      svg.append(Svg.segment("grid", LEFT, py(tick), width - right, py(tick)));
      svg.append(
          Svg.text(LEFT - 8, py(tick) + 4, "end", "", format.apply(tick).replace(".0%", "%")));
    }
    for (double tick : x.ticks()) {
      svg.append(
          Svg.text(px(tick), height - BOTTOM + 18, "middle", "", String.valueOf((long) tick)));
    }
    svg.append(Svg.segment("axis", LEFT, height - BOTTOM, width - right, height - BOTTOM));
    double middle = (LEFT + width - right) / 2.0;
    svg.append(Svg.text(middle, height - 4, "middle", "", unit));
  }

  private void line(StringBuilder svg, Series line) {
    StringBuilder path = new StringBuilder();
    for (Series.Point point : line.points()) {
      path.append(
          String.format(
              Locale.ROOT,
              "%s%.1f %.1f",
              path.isEmpty() ? "M" : "L",
              px(point.x()),
              py(point.y())));
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<path class=\"curve s%d%s\" d=\"%s\"/>",
            line.colour(),
            line.dashed() ? " dashed" : "",
            path));
    if (line.points().size() <= MOST_MARKERS) {
      for (Series.Point point : line.points()) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<circle class=\"point f%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>%s, %s %.0f: %s</title></circle>",
                line.colour(),
                px(point.x()),
                py(point.y()),
                Html.escape(line.name()),
                Html.escape(unit),
                point.x(),
                format.apply(point.y())));
      }
    }
  }

  // Names stand at the ends of their lines, pushed apart where the lines meet.
  private void labels(StringBuilder svg) {
    List<Series> ordered = new ArrayList<>(series);
    ordered.sort(Comparator.comparingDouble(line -> py(line.points().getLast().y())));
    double floor = height - BOTTOM - (ordered.size() - 1.0) * LABEL_HEIGHT;
    double previous = Double.NEGATIVE_INFINITY;
    for (Series line : ordered) {
      double wanted = Math.min(py(line.points().getLast().y()) + 4, floor);
      double at = Math.max(wanted, previous + LABEL_HEIGHT);
      String style = "label f" + line.colour();
      svg.append(Svg.text(width - right + 8, at, "start", style, line.name()));
      previous = at;
      floor += LABEL_HEIGHT;
    }
  }

  private double px(double value) {
    return LEFT + x.at(value) * (width - right - LEFT);
  }

  private double py(double value) {
    return height - BOTTOM - y.at(value) * (height - BOTTOM - TOP);
  }
}
