package dev.accrete.cl.chart;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** What is had for what it costs: a named dot for each choice, as SVG in the page's colours. */
public final class ScatterChart {
  private static final int LEFT = 66;
  private static final int RIGHT = 150;
  private static final int TOP = 14;
  private static final int BOTTOM = 44;
  private static final int LABEL_HEIGHT = 15;
  private static final int RADIUS = 6;

  /**
   * A choice.
   *
   * @param name beside its dot
   * @param colour 0..7, the palette of the page
   * @param cost more than 0 on a logarithmic axis
   * @param value what is had for it
   */
  public record Dot(String name, int colour, double cost, double value) {}

  /**
   * An axis.
   *
   * @param title under it, or for readers who cannot see it
   * @param format of its numbers
   */
  public record Axis(String title, Scale scale, DoubleFunction<String> format) {}

  private final int width;
  private final int height;
  private final Axis x;
  private final Axis y;
  private final List<Dot> dots;

  /** A chart of dots. */
  public ScatterChart(int width, int height, Axis x, Axis y, List<Dot> dots) {
    this.width = width;
    this.height = height;
    this.x = x;
    this.y = y;
    this.dots = dots.stream().sorted(Comparator.comparingDouble(dot -> -dot.value())).toList();
  }

  /** The element. */
  public String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s against %s\">",
            width,
            height,
            Html.escape(y.title()),
            Html.escape(x.title())));
    for (double tick : y.scale().ticks()) {
      svg.append(Svg.segment("grid", LEFT, py(tick), width - RIGHT, py(tick)));
      svg.append(
          Svg.text(LEFT - 8, py(tick) + 4, "end", "", y.format().apply(tick).replace(".0%", "%")));
    }
    for (double tick : x.scale().ticks()) {
      svg.append(Svg.segment("grid", px(tick), TOP, px(tick), height - BOTTOM));
      svg.append(Svg.text(px(tick), height - BOTTOM + 18, "middle", "", x.format().apply(tick)));
    }
    svg.append(Svg.segment("axis", LEFT, height - BOTTOM, width - RIGHT, height - BOTTOM));
    svg.append(Svg.text((LEFT + width - RIGHT) / 2.0, height - 6, "middle", "", x.title()));
    double lowest = Double.NEGATIVE_INFINITY;
    for (Dot dot : dots) {
      double at = Math.max(py(dot.value()) + 4, lowest + LABEL_HEIGHT);
      svg.append(dot(dot));
      svg.append(
          Svg.text(px(dot.cost()) + RADIUS + 4, at, "start", "label f" + dot.colour(), dot.name()));
      lowest = at;
    }
    return svg.append("</svg>\n").toString();
  }

  private String dot(Dot dot) {
    return String.format(
        Locale.ROOT,
        "<circle class=\"point f%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"%d\"><title>%s: %s for %s"
            + "</title></circle>",
        dot.colour(),
        px(dot.cost()),
        py(dot.value()),
        RADIUS,
        Html.escape(dot.name()),
        Html.escape(y.format().apply(dot.value())),
        Html.escape(x.format().apply(dot.cost())));
  }

  private double px(double value) {
    return LEFT + x.scale().at(value) * (width - RIGHT - LEFT);
  }

  private double py(double value) {
    return height - BOTTOM - y.scale().at(value) * (height - BOTTOM - TOP);
  }
}
