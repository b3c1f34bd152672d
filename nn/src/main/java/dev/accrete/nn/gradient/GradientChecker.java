package dev.accrete.nn.gradient;

import dev.accrete.core.Autodiff;
import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Rng;
import dev.accrete.core.Store;
import dev.accrete.core.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Compares the gradients {@link Autodiff} appends with finite differences, on any backend.
 *
 * <p>The function under test is made a number by a random weighting of its result. Central
 * differences at h/2 and h/4 are combined to one of fourth order (Richardson); how far it lies from
 * the same of h and h/2 tells truncation from error. Elements near a kink (ReLU, maximum) are found
 * and skipped. The bound for the rest is {@code relative * (|gradient| + root mean square of the
 * gradients)} plus what rounding of the function in single precision can do to a difference.
 *
 * @param backend what computes
 * @param step h, in the units of the checked values
 * @param relative the relative tolerance
 * @param elements how many elements of each value are checked at most, drawn at random
 * @param seed of weighting and drawing
 */
public record GradientChecker(
    Backend backend, double step, double relative, int elements, long seed) {
  private static final String OUTPUT = "output";
  private static final double ROUNDING = 0x1p-24;
  private static final double KINK = 0.02;
  private static final int STEPS = 3;

  /** A checker for values of about unit size: step 1/64, tolerance 0.2 %, 48 elements. */
  public static GradientChecker of(Backend backend) {
    return new GradientChecker(backend, 1 / 64.0, 2e-3, 48, 1);
  }

  /** This checker with another step, for functions that are smooth at another scale. */
  public GradientChecker withStep(double other) {
    return new GradientChecker(backend, other, relative, elements, seed);
  }

  /** This checker of so many elements of each value, for functions that take long. */
  public GradientChecker withElements(int most) {
    return new GradientChecker(backend, step, relative, most, seed);
  }

  /**
   * Checks gradients at a point.
   *
   * @param function appends the function to a graph and returns its F32 result
   * @param wanted the F32 inputs and views whose gradients are checked
   * @throws IllegalArgumentException if the result does not depend on one of {@code wanted}, or the
   *     point lacks a value
   */
  public GradientReport check(
      Function<Graph.Builder, Value> function, Point point, List<? extends Value> wanted) {
    Graph.Builder forward = Graph.builder();
    Value output = function.apply(forward);
    forward.output(OUTPUT, output);
    Graph forwardGraph = forward.build();
    float[] upstream = upstream(output.type().shape().size());
    List<float[]> analytic = analytic(function, point, wanted, upstream);
    List<GradientReport> reports = new ArrayList<>();
    try (Store store = backend.allocate(point.variables());
        Plan plan = backend.compile(forwardGraph, store)) {
      Objective objective = new Objective(plan, store, point, upstream);
      for (int i = 0; i < wanted.size(); i++) {
        reports.add(compare(objective, wanted.get(i), analytic.get(i), i));
      }
    }
    return new GradientReport(
        reports.stream().mapToInt(GradientReport::checked).sum(),
        reports.stream().mapToInt(GradientReport::skipped).sum(),
        reports.stream().flatMap(r -> r.mismatches().stream()).toList());
  }

  private float[] upstream(int size) {
    Rng rng = Rng.of(seed, 0);
    float[] upstream = new float[size];
    for (int i = 0; i < size; i++) {
      upstream[i] = (rng.nextInt() < 0 ? -1 : 1) * (0.5f + rng.nextFloat());
    }
    return upstream;
  }

  private List<float[]> analytic(
      Function<Graph.Builder, Value> function,
      Point point,
      List<? extends Value> wanted,
      float[] upstream) {
    Graph.Builder graph = Graph.builder();
    Value output = function.apply(graph);
    Value.Input weighting = graph.input("upstream", output.type());
    Map<Value, Value> gradients = Autodiff.gradients(graph, output, weighting, wanted);
    for (int i = 0; i < wanted.size(); i++) {
      Value gradient = gradients.get(wanted.get(i));
      if (gradient == null) {
        throw new IllegalArgumentException("the result does not depend on " + wanted.get(i));
      }
      graph.output("gradient " + i, gradient);
    }
    try (Store store = backend.allocate(point.variables());
        Plan plan = backend.compile(graph.build(), store)) {
      point.load(plan, store);
      plan.write(weighting, upstream);
      plan.run();
      List<float[]> values = new ArrayList<>();
      for (int i = 0; i < wanted.size(); i++) {
        values.add(plan.read("gradient " + i));
      }
      return values;
    }
  }

  private GradientReport compare(Objective objective, Value value, float[] analytic, int stream) {
    Rng rng = Rng.of(seed, 1L + stream);
    int[] order = rng.permutation(analytic.length);
    double square = 0;
    for (float gradient : analytic) {
      square += (double) gradient * gradient / analytic.length;
    }
    double typical = Math.sqrt(square);
    int checked = 0;
    int skipped = 0;
    List<GradientReport.Mismatch> mismatches = new ArrayList<>();
    for (int i = 0; i < Math.min(elements, order.length); i++) {
      int index = order[i];
      Difference difference = objective.differentiate(value, index, step);
      double tolerated = relative * (Math.abs(difference.slope()) + typical) + difference.noise();
      // A NaN of the differences is skipped, one of the gradient under test never.
      boolean smooth = difference.error() <= KINK * Math.abs(difference.slope()) + tolerated;
      if (!smooth && Float.isFinite(analytic[index])) {
        skipped++;
        continue;
      }
      checked++;
      double allowed = tolerated + 2 * difference.error();
      if (!(Math.abs(analytic[index] - difference.slope()) <= allowed)) {
        mismatches.add(
            new GradientReport.Mismatch(
                value, index, analytic[index], difference.slope(), allowed));
      }
    }
    return new GradientReport(checked, skipped, mismatches);
  }

  /**
   * A numeric derivative.
   *
   * @param error what its terms of higher order, or a kink, may have done to it
   * @param noise what rounding may have done to it
   */
  private record Difference(double slope, double error, double noise) {}

  /** The weighted sum of the function's result, as a function of one element. */
  private static final class Objective {
    private final Plan plan;
    private final Store store;
    private final Point point;
    private final float[] upstream;
    private double magnitude;

    Objective(Plan plan, Store store, Point point, float[] upstream) {
      this.plan = plan;
      this.store = store;
      this.point = point;
      this.upstream = upstream;
    }

    /**
     * Two ways tell a smooth function from one with kinks nearby: its central differences agree
     * once their leading error is taken off, and the difference of its one-sided slopes halves with
     * h. No place of a kink passes both at three steps.
     */
    Difference differentiate(Value value, int index, double h) {
      double centre = shifted(value, index, 0);
      double[] central = new double[STEPS];
      double[] bend = new double[STEPS];
      for (int i = 0; i < STEPS; i++) {
        double step = h / (1 << i);
        double above = shifted(value, index, step);
        double below = shifted(value, index, -step);
        central[i] = (above - below) / (2 * step);
        bend[i] = (above - 2 * centre + below) / step;
      }
      double coarse = (4 * central[1] - central[0]) / 3;
      double fine = (4 * central[2] - central[1]) / 3;
      double error =
          Math.abs(fine - coarse)
              + Math.abs(bend[1] - bend[0] / 2)
              + Math.abs(bend[2] - bend[1] / 2);
      return new Difference(fine, error, noise() / h);
    }

    /** The function where one element is off by {@code delta}. */
    private double shifted(Value value, int index, double delta) {
      float[] array = point.array(value);
      int at = Point.offset(value) + index;
      float centre = array[at];
      try {
        array[at] = (float) (centre + delta);
        return evaluate();
      } finally {
        array[at] = centre;
      }
    }

    private double evaluate() {
      point.load(plan, store);
      plan.run();
      float[] output = plan.read(OUTPUT);
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < output.length; i++) {
        double term = (double) output[i] * upstream[i];
        sum += term;
        squares += term * term;
      }
      magnitude = Math.sqrt(squares);
      return sum;
    }

    /** What rounding may add to a value: independent errors, some per node on the way. */
    double noise() {
      return 16 * ROUNDING * magnitude * Math.sqrt(plan.graph().nodes().size());
    }
  }
}
