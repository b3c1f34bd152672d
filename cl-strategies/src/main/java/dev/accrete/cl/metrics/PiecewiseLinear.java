package dev.accrete.cl.metrics;

import java.util.Arrays;

/** The one interpolation rule of this package. */
final class PiecewiseLinear {
  private PiecewiseLinear() {}

  /**
   * The value at {@code x} of the line through the points {@code (xs[i], ys[i])}, constant before
   * the first and after the last; {@code xs} increases strictly and is not empty.
   */
  static double at(double x, double[] xs, double[] ys) {
    int found = Arrays.binarySearch(xs, x);
    if (found >= 0) {
      return ys[found];
    }
    int above = -found - 1;
    if (above == 0) {
      return ys[0];
    }
    if (above == xs.length) {
      return ys[xs.length - 1];
    }
    double share = (x - xs[above - 1]) / (xs[above] - xs[above - 1]);
    return ys[above - 1] + share * (ys[above] - ys[above - 1]);
  }
}
