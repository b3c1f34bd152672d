package dev.accrete.cl.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Test accuracy along a stream, measured after some or all of its experiences.
 *
 * <p>Between two measured experiences the curve is a straight line; nothing is assumed outside
 * them.
 */
public final class AccuracyCurve {
  private final List<Point> points = new ArrayList<>();

  /**
   * One measurement.
   *
   * @param experience index of the last experience learned before it
   * @param accuracy 0..1
   */
  public record Point(int experience, double accuracy) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the accuracy is not in 0..1 or the index is negative
     */
    public Point {
      if (!(accuracy >= 0 && accuracy <= 1) || experience < 0) {
        throw new IllegalArgumentException(
            "accuracy " + accuracy + " after experience " + experience + ": must be 0..1, from 0");
      }
    }
  }

  /**
   * Appends a measurement.
   *
   * @throws IllegalArgumentException if it is not later than the last one or out of range
   */
  public void add(int experience, double accuracy) {
    if (!points.isEmpty() && experience <= points.getLast().experience()) {
      throw new IllegalArgumentException(
          "experience "
              + experience
              + " comes after "
              + points.getLast().experience()
              + ": add measurements in stream order");
    }
    points.add(new Point(experience, accuracy));
  }

  /** The measurements, in stream order. */
  public List<Point> points() {
    return List.copyOf(points);
  }

  /** The last measured accuracy; empty if nothing was measured. */
  public OptionalDouble finalAccuracy() {
    return points.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(points.getLast().accuracy());
  }

  /**
   * The most that a measurement fell below one before it, 0 if none did: what a user of the model
   * sees of a stability gap, of which a final accuracy says nothing. It is the windowed forgetting
   * of De Lange et al., "Continual evaluation for lifelong learning: identifying the stability gap"
   * (ICLR 2023), for a window as long as the stream, with experiences for steps. Empty if nothing
   * was measured.
   */
  public OptionalDouble worstFall() {
    double best = 0;
    double worst = 0;
    for (Point point : points) {
      best = Math.max(best, point.accuracy());
      worst = Math.max(worst, best - point.accuracy());
    }
    return points.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(worst);
  }

  /**
   * The mean over all experiences from the first to the last measured one; the plain mean of the
   * measurements if none was left out. Empty if nothing was measured.
   */
  public OptionalDouble averageAccuracy() {
    if (points.isEmpty()) {
      return OptionalDouble.empty();
    }
    double[] at = points.stream().mapToDouble(Point::experience).toArray();
    double[] accuracy = points.stream().mapToDouble(Point::accuracy).toArray();
    int first = points.getFirst().experience();
    int last = points.getLast().experience();
    double sum = 0;
    for (int experience = first; experience <= last; experience++) {
      sum += PiecewiseLinear.at(experience, at, accuracy);
    }
    return OptionalDouble.of(sum / (last - first + 1));
  }
}
