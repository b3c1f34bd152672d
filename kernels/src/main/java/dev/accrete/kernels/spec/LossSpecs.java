package dev.accrete.kernels.spec;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.SoftmaxCrossEntropy;
import dev.accrete.core.op.SoftmaxCrossEntropyGrad;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Softmax cross-entropy. */
final class LossSpecs {
  /**
   * Rows, classes and which classes are allowed; the share of rows without a label; the range of
   * the logits.
   */
  private record Rows(
      int rows,
      int classes,
      float smoothing,
      IntPredicate allowed,
      double unlabelled,
      double range,
      String note) {

    Operand labels() {
      return Operand.of(
          "labels", TensorType.i32(rows), Generator.labels(classes, allowed, unlabelled));
    }

    Operand mask() {
      return Operand.of("mask", TensorType.f32(classes), Generator.mask(allowed));
    }

    /** Argument reduction in exp costs about as many roundings as its argument is large. */
    double roundings() {
      return 32 + 4 * range + Math.sqrt(classes);
    }
  }

  private LossSpecs() {}

  static List<OpSpec> all() {
    List<Rows> rows = rows();
    return List.of(
        OpSpec.of(SoftmaxCrossEntropy.class, rows.stream().map(LossSpecs::loss).toList()),
        OpSpec.of(SoftmaxCrossEntropyGrad.class, rows.stream().map(LossSpecs::grad).toList()));
  }

  private static List<Rows> rows() {
    IntPredicate all = k -> true;
    List<Rows> cases = new ArrayList<>();
    for (float smoothing : new float[] {0, 0.1f}) {
      cases.add(new Rows(1, 1, smoothing, all, 0, 2, "one class"));
      cases.add(new Rows(3, 5, smoothing, all, 0, 2, ""));
      cases.add(new Rows(7, 50, smoothing, all, 0, 8, ""));
      cases.add(new Rows(128, 17, smoothing, all, 0, 3, ""));
      cases.add(new Rows(5, 33, smoothing, k -> k % 3 != 1, 0, 3, "masked classes"));
      cases.add(new Rows(6, 50, smoothing, k -> k == 17, 0, 3, "one class allowed"));
      cases.add(new Rows(40, 10, smoothing, k -> k < 7, 0.4, 3, "masked, unlabelled rows"));
      cases.add(new Rows(3, 10, smoothing, all, 1, 3, "no labelled row"));
      cases.add(new Rows(9, 20, smoothing, all, 0, 80, "logits far apart"));
    }
    return cases;
  }

  /** The loss of labelled rows over all classes. */
  static OpSpec.Case loss(int rows, int classes, float smoothing) {
    return loss(new Rows(rows, classes, smoothing, k -> true, 0, 3, ""));
  }

  /** Its gradient. */
  static OpSpec.Case grad(int rows, int classes, float smoothing) {
    return grad(new Rows(rows, classes, smoothing, k -> true, 0, 3, ""));
  }

  private static OpSpec.Case loss(Rows rows) {
    double e = rows.roundings();
    Operand logits =
        new Operand(
            "logits",
            TensorType.f32(rows.rows(), rows.classes()),
            Generator.uniform(-rows.range(), rows.range()),
            rows.range() < 10);
    return new OpSpec.Case(
        new SoftmaxCrossEntropy(rows.smoothing()),
        List.of(logits, rows.labels(), rows.mask()),
        // The loss is a difference of numbers as large as the logits.
        List.of(
            Tolerance.roundings(e, e * (1 + rows.range())),
            // Below the smallest normal number there are no relative errors.
            (index, expected) -> Tolerance.UNIT * e * Math.abs(expected) + Float.MIN_NORMAL),
        rows.note());
  }

  private static OpSpec.Case grad(Rows rows) {
    return OpSpec.Case.of(
        new SoftmaxCrossEntropyGrad(rows.smoothing()),
        Tolerance.roundings(8, 8),
        rows.note(),
        Operand.of(
            "probabilities", TensorType.f32(rows.rows(), rows.classes()), Generator.uniform(0, 1)),
        rows.labels(),
        rows.mask(),
        Operand.of("dloss", TensorType.f32(Shape.SCALAR), Generator.uniform(0.5, 2)));
  }
}
