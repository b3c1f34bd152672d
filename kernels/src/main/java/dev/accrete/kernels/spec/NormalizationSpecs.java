package dev.accrete.kernels.spec;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchNormInferenceGrad;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.BatchRenormGrad;
import java.util.ArrayList;
import java.util.List;

/** Batch normalization and renormalization. */
final class NormalizationSpecs {
  private static final float EPSILON = 1e-5f;

  private static final List<Shape> SHAPES =
      List.of(
          Shape.of(1, 1, 1, 1),
          Shape.of(3, 3, 5, 7),
          Shape.of(7, 5, 4, 3),
          Shape.of(3, 17, 5, 7),
          Shape.of(1, 33, 6, 4),
          Shape.of(2, 64, 4, 4),
          Shape.of(16, 16, 1, 1),
          Shape.of(13, 33),
          Shape.of(2, 19, 9));

  private static final Shape LARGE = Shape.of(32, 128, 32, 32);

  /** Limits no mini-batch here reaches, and some that every one does. */
  private static final Limits OPEN = new Limits(30, 50, 0.99);

  private static final Limits FIRST = new Limits(3, 5, 0.99);
  private static final Limits LATER = new Limits(1.25, 0.5, 0.9999);
  private static final Limits CLOSED = new Limits(1, 0, 0.9);

  private record Limits(double rMax, double dMax, double averaging) {}

  /** What the values of x look like. {@code count} values make one channel's moments. */
  private record Data(Shape x, double mean, double deviation) {
    static Data of(Shape x) {
      return new Data(x, 0.3, 1.5);
    }

    Generator generator() {
      return deviation == 0 ? Generator.values(mean) : Generator.normal(mean, deviation);
    }

    TensorType type() {
      return TensorType.f32(x);
    }

    TensorType perChannel() {
      return TensorType.f32(x.dim(1));
    }

    double count() {
      return (double) x.size() / x.dim(1);
    }

    double s() {
      return Math.sqrt(deviation * deviation + EPSILON);
    }

    /**
     * Roundings of a normalized value: the mean is off by some of its last places, and so is a
     * value in the form a x + b; dividing by s turns those into shares of 1. One value alone does
     * not deviate.
     */
    double roundings() {
      double actual = count() == 1 ? Math.sqrt(EPSILON) : s();
      return (16 + Math.sqrt(count())) * (1 + (Math.abs(mean) + deviation) / actual);
    }

    /** Whether numeric gradients mean something: moments of few values curve too much. */
    boolean smooth() {
      return count() >= 12 && Math.abs(mean) < 3 * s();
    }
  }

  private NormalizationSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        new OpSpec(BatchNorm.class, norms(), List.of(norm(Data.of(LARGE), 0.99f, ""))),
        new OpSpec(BatchRenorm.class, renorms(), List.of(renorm(Data.of(LARGE), FIRST, 1, "near"))),
        new OpSpec(BatchRenormGrad.class, grads(), List.of(grad(Data.of(LARGE), ""))),
        new OpSpec(BatchNormInference.class, inferences(), List.of(inference(Data.of(LARGE), ""))),
        OpSpec.of(BatchNormInferenceGrad.class, inferenceGrads()));
  }

  /** Renormalization with limits that some values reach. */
  static OpSpec.Case renorm(Shape x) {
    return renorm(Data.of(x), FIRST, 1, "near");
  }

  /** Its gradient. */
  static OpSpec.Case renormGrad(Shape x) {
    return grad(Data.of(x), "");
  }

  /** Normalization by fixed moments. */
  static OpSpec.Case inference(Shape x) {
    return inference(Data.of(x), "");
  }

  private static List<Data> data() {
    List<Data> data = new ArrayList<>();
    SHAPES.forEach(shape -> data.add(Data.of(shape)));
    data.add(new Data(Shape.of(3, 17, 5, 7), 1000, 1));
    data.add(new Data(Shape.of(4, 5, 8, 8), -300, 0.1));
    data.add(new Data(Shape.of(3, 17, 5, 7), 0.5, 0));
    return data;
  }

  private static String note(Data data) {
    return data.deviation() == 0 ? "constant" : data.smooth() ? "" : "mean " + data.mean();
  }

  private static List<Operand> moving(Data data, double distance, double ratio) {
    double variance = data.s() * data.s();
    double shift = distance * data.s();
    return List.of(
        Operand.of(
            "movingMean",
            data.perChannel(),
            Generator.values(data.mean() + shift, data.mean() - shift, data.mean() + shift / 2)),
        Operand.of(
            "movingVariance",
            data.perChannel(),
            Generator.values(variance * ratio, variance / ratio)));
  }

  private static List<Operand> layer(Data data, boolean smooth) {
    Generator gamma = Generator.uniform(0.5, 1.5);
    return List.of(
        new Operand("x", data.type(), data.generator(), smooth),
        new Operand("gamma", data.perChannel(), gamma, smooth),
        new Operand("beta", data.perChannel(), Generator.uniform(), smooth));
  }

  private static List<Tolerance> training(Data data, Limits limits) {
    double e = data.roundings();
    double extent = 2 * limits.rMax() + Math.min(limits.dMax(), 5) + 1;
    double mean = (8 + Math.sqrt(data.count())) * (Math.abs(data.mean()) + 30 * data.s());
    Tolerance moment = Tolerance.roundings(4, mean);
    return List.of(
        Tolerance.roundings(e, e * extent),
        Tolerance.rows(
            data.x().dim(1),
            List.of(
                moment,
                Tolerance.roundings(e, 0),
                Tolerance.roundings(e, 0),
                Tolerance.roundings(e, e))),
        moment,
        Tolerance.roundings(e, e * data.s() * data.s()));
  }

  private static List<OpSpec.Case> norms() {
    List<OpSpec.Case> cases = new ArrayList<>();
    data().forEach(data -> cases.add(norm(data, 0.9f, note(data))));
    cases.add(norm(Data.of(Shape.of(3, 17, 5, 7)), 0, "moments replaced"));
    cases.add(norm(Data.of(Shape.of(3, 17, 5, 7)), 1, "moments kept"));
    return cases;
  }

  private static OpSpec.Case norm(Data data, float averaging, String note) {
    List<Operand> operands = new ArrayList<>(layer(data, data.smooth()));
    operands.addAll(moving(data, 1, 2));
    return new OpSpec.Case(
        new BatchNorm(EPSILON, averaging), operands, training(data, CLOSED), note);
  }

  private static List<OpSpec.Case> renorms() {
    List<OpSpec.Case> cases = new ArrayList<>();
    for (Data data : data()) {
      cases.add(renorm(data, OPEN, 1, ("inactive " + note(data)).strip()));
      cases.add(renorm(data, FIRST, 1, ("near " + note(data)).strip()));
      cases.add(renorm(data, LATER, 30, ("saturated " + note(data)).strip()));
      cases.add(renorm(data, CLOSED, 2, ("r 1, d 0 " + note(data)).strip()));
    }
    return cases;
  }

  /**
   * r and d count as constants in the gradient, so it can be checked only where they are constant.
   */
  private static OpSpec.Case renorm(Data data, Limits limits, double distance, String note) {
    boolean constant = limits.equals(CLOSED) || limits.equals(LATER);
    List<Operand> operands = new ArrayList<>(layer(data, constant && data.smooth()));
    operands.addAll(moving(data, distance, limits.equals(LATER) ? 100 : 1.5));
    operands.add(
        Operand.of(
            "limits",
            TensorType.f32(3),
            Generator.values(limits.rMax(), limits.dMax(), limits.averaging())));
    return new OpSpec.Case(new BatchRenorm(EPSILON), operands, training(data, limits), note);
  }

  private static List<OpSpec.Case> grads() {
    return data().stream().map(data -> grad(data, note(data))).toList();
  }

  private static OpSpec.Case grad(Data data, String note) {
    int channels = data.x().dim(1);
    Generator saved =
        Generator.floats(
            (rng, i) ->
                switch (i / channels) {
                  case 0 -> data.mean() + 0.1 * data.deviation() * rng.nextGaussian();
                  case 1 -> (0.8 + 0.4 * rng.nextDouble()) / data.s();
                  case 2 -> 0.5 + 1.5 * rng.nextDouble();
                  default -> 2 * rng.nextDouble() - 1;
                });
    return new OpSpec.Case(
        new BatchRenormGrad(),
        List.of(
            Operand.of("x", data.type(), data.generator()),
            Operand.of("gamma", data.perChannel(), Generator.uniform(0.5, 1.5)),
            Operand.of("saved", TensorType.f32(4, channels), saved),
            Operand.of("dy", data.type(), Generator.uniform())),
        gradients(data, Tolerance.roundings(8, 3 / data.s() * data.roundings())),
        note);
  }

  /** dx, dgamma, dbeta. An error of the mean goes through dgamma as often as there are terms. */
  private static List<Tolerance> gradients(Data data, Tolerance dx) {
    double count = data.count();
    double offset = Math.abs(data.mean()) / data.s();
    return List.of(
        dx, Tolerance.roundings(8, (8 + count) * (4 + 2 * offset)), Tolerance.sum((long) count, 1));
  }

  private static List<Operand> moments(Data data) {
    double variance = data.s() * data.s();
    return List.of(
        Operand.of("mean", data.perChannel(), Generator.normal(data.mean(), 0.3 * data.s())),
        Operand.of("variance", data.perChannel(), Generator.uniform(0.5 * variance, 2 * variance)));
  }

  private static List<OpSpec.Case> inferences() {
    return data().stream().map(data -> inference(data, note(data))).toList();
  }

  private static OpSpec.Case inference(Data data, String note) {
    List<Operand> operands = new ArrayList<>(layer(data, Math.abs(data.mean()) < 3 * data.s()));
    operands.addAll(moments(data));
    double e = data.roundings();
    return new OpSpec.Case(
        new BatchNormInference(EPSILON), operands, List.of(Tolerance.roundings(e, 2 * e)), note);
  }

  private static List<OpSpec.Case> inferenceGrads() {
    List<OpSpec.Case> cases = new ArrayList<>();
    for (Data data : data()) {
      List<Operand> operands = new ArrayList<>();
      operands.add(Operand.of("x", data.type(), data.generator()));
      operands.add(Operand.of("gamma", data.perChannel(), Generator.uniform(0.5, 1.5)));
      operands.addAll(moments(data));
      operands.add(Operand.of("dy", data.type(), Generator.uniform()));
      cases.add(
          new OpSpec.Case(
              new BatchNormInferenceGrad(EPSILON),
              operands,
              gradients(data, Tolerance.roundings(8, 0)),
              note(data)));
    }
    return cases;
  }
}
