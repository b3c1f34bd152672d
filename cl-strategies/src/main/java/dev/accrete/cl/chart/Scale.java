package dev.accrete.cl.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Maps values to 0..1 along an axis, whose ends are round numbers.
 *
 * @param low value at 0
 * @param high value at 1
 * @param logarithmic whether equal factors, not equal differences, are equally long
 * @param ticks values worth a line
 */
public record Scale(double low, double high, boolean logarithmic, List<Double> ticks) {
  private static final int WANTED_TICKS = 5;
  private static final double LOG_MARGIN = 1e-9;

  /** From 0 to a little above the largest value. */
  public static Scale fromZero(DoubleStream values) {
    double max = values.max().orElse(1);
    double step = roundStep((max > 0 ? max : 1) / WANTED_TICKS);
    int count = (int) Math.ceil(max / step - LOG_MARGIN);
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i <= Math.max(1, count); i++) {
      ticks.add(i * step);
    }
    return new Scale(0, ticks.getLast(), false, ticks);
  }

  /** Whole powers of ten around the positive values. */
  public static Scale decades(DoubleStream values) {
    double[] positive = values.filter(v -> v > 0).toArray();
    double min = DoubleStream.of(positive).min().orElse(1);
    double max = DoubleStream.of(positive).max().orElse(10);
    int from = (int) Math.floor(Math.log10(min) + LOG_MARGIN);
    int to = Math.max(from + 1, (int) Math.ceil(Math.log10(max) - LOG_MARGIN));
    List<Double> ticks = new ArrayList<>();
    for (int exponent = from; exponent <= to; exponent++) {
      ticks.add(Math.pow(10, exponent));
    }
    return new Scale(ticks.getFirst(), ticks.getLast(), true, ticks);
  }

  /** Whole numbers from 1 to {@code last}, with round ticks. */
  public static Scale numbers(int last) {
    int step = Math.max(1, (int) roundStep((double) last / WANTED_TICKS));
    List<Double> ticks = new ArrayList<>(List.of(1.0));
    for (int tick = step; tick <= last; tick += step) {
      if (tick > 1) {
        ticks.add((double) tick);
      }
    }
    return new Scale(1, Math.max(2, last), false, ticks);
  }

  public double at(double value) {
    return logarithmic
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }

  /** The nearest of 1, 2, 2.5 and 5 times a power of ten, not below {@code least}. */
  private static double roundStep(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double factor : new double[] {1, 2, 2.5, 5}) {
      if (factor * power >= least * (1 - LOG_MARGIN)) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}
