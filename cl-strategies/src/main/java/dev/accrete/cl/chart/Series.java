package dev.accrete.cl.chart;

import java.util.List;

/**
 * One line of a chart.
 *
 * @param name at its end
 * @param colour 0..7, the palette of the page
 * @param dashed for what was not measured at every point
 * @param points in order of x
 */
public record Series(String name, int colour, boolean dashed, List<Point> points) {
  /** A value {@code y} after experience {@code x}. */
  public record Point(double x, double y) {}

  /** Copies the list. */
  public Series {
    points = List.copyOf(points);
  }
}
