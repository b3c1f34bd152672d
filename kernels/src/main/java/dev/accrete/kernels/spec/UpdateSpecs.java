package dev.accrete.kernels.spec;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.core.op.LoadHead;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.core.op.SgdSynaptic.Segment;
import dev.accrete.core.op.SgdSynaptic.Trajectory;
import dev.accrete.core.op.SynapticImportance;
import dev.accrete.core.op.SynapticImportance.Range;
import java.util.ArrayList;
import java.util.List;

/** What changes weights: the update, importance, and the CWR head. */
final class UpdateSpecs {
  static final float IMPORTANCE_MAX = 1e-3f;
  private static final int PARAMETERS = 333;
  static final int LARGE = 3_200_000;

  /** Frozen gaps at the front, between, and at the end; odd lengths; every kind of segment. */
  private static final List<Segment> SEGMENTS =
      List.of(
          new Segment(3, 1, 1, 5e-4f, true),
          new Segment(16, 33, 1, 5e-4f, true),
          new Segment(49, 17, 0, 0, true),
          new Segment(80, 5, 1, 0, false),
          new Segment(96, 160, 0.5f, 5e-4f, true),
          new Segment(256, 64, 10, 1e-2f, false));

  private UpdateSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        new OpSpec(SgdSynaptic.class, steps(), List.of(step(large(), LARGE, ""))),
        OpSpec.of(SynapticImportance.class, importances()),
        OpSpec.of(ConsolidateHead.class, consolidations()),
        OpSpec.of(LoadHead.class, loads()));
  }

  /** The update of a MobileNetV1's weights as AR1* makes it, for benchmarks. */
  static SgdSynaptic large() {
    return new SgdSynaptic(
        List.of(new Segment(0, LARGE, 1, 5e-4f, true)),
        0.9f,
        false,
        Penalty.GRADIENT_SCALE,
        IMPORTANCE_MAX,
        0,
        Trajectory.TASK_GRADIENT);
  }

  private static List<OpSpec.Case> steps() {
    List<OpSpec.Case> cases = new ArrayList<>();
    for (Penalty penalty : Penalty.values()) {
      for (Trajectory trajectory : Trajectory.values()) {
        for (boolean nesterov : List.of(false, true)) {
          SgdSynaptic op =
              new SgdSynaptic(SEGMENTS, 0.9f, nesterov, penalty, IMPORTANCE_MAX, 500, trajectory);
          cases.add(step(op, PARAMETERS, ""));
        }
      }
    }
    SgdSynaptic frozen =
        new SgdSynaptic(List.of(), 0.9f, false, Penalty.NONE, 0, 0, Trajectory.TASK_GRADIENT);
    cases.add(step(frozen, 17, "all frozen"));
    SgdSynaptic plain =
        new SgdSynaptic(
            List.of(new Segment(0, 1, 1, 0, false)),
            0,
            false,
            Penalty.NONE,
            0,
            0,
            Trajectory.TASK_GRADIENT);
    cases.add(step(plain, 1, "one parameter"));
    return cases;
  }

  static OpSpec.Case step(SgdSynaptic op, int parameters, String note) {
    TensorType flat = TensorType.f32(parameters);
    List<Operand> operands = new ArrayList<>();
    operands.add(
        Operand.of("learningRate", TensorType.f32(Shape.SCALAR), Generator.uniform(0.01, 0.05)));
    operands.add(Operand.of("weights", flat, Generator.uniform()));
    operands.add(Operand.of("gradients", flat, Generator.uniform()));
    operands.add(Operand.of("momentum", flat, Generator.uniform(-0.1, 0.1)));
    operands.add(Operand.of("trajectory", flat, Generator.uniform(-0.1, 0.1)));
    if (op.penalty() != Penalty.NONE) {
      operands.add(Operand.of("importance", flat, importance()));
    }
    if (op.penalty() == Penalty.QUADRATIC) {
      operands.add(Operand.of("anchors", flat, Generator.uniform()));
    }
    return new OpSpec.Case(
        op,
        operands,
        List.of(
            Tolerance.roundings(4, 8),
            Tolerance.roundings(8, 8),
            // Rounding of w, up to 1, goes into the step, and with a gradient up to 1 into t.
            Tolerance.roundings(8, 16)),
        note);
  }

  /** From 0 to the maximum, both ends included. */
  private static Generator importance() {
    return Generator.floats(
        (rng, i) ->
            switch (i % 5) {
              case 0 -> 0;
              case 1 -> IMPORTANCE_MAX;
              default -> IMPORTANCE_MAX * rng.nextDouble();
            });
  }

  private static List<OpSpec.Case> importances() {
    List<Range> ranges = List.of(new Range(5, 1), new Range(16, 33), new Range(64, 160));
    List<Range> all = List.of(new Range(0, PARAMETERS));
    Generator still = Generator.values(0.25);
    Generator any = Generator.uniform();
    return List.of(
        importance(ranges, 1e-3f, any, any, 1e-3, "ranges"),
        importance(all, 1e-3f, any, any, 1e-3, "everything"),
        importance(List.of(), 1e-3f, any, any, 1e-3, "nothing synaptic"),
        importance(ranges, 1e-7f, still, still, 1e-7, "weights that have not moved"));
  }

  private static OpSpec.Case importance(
      List<Range> ranges,
      float damping,
      Generator weights,
      Generator start,
      double trajectory,
      String note) {
    TensorType flat = TensorType.f32(PARAMETERS);
    Tolerance sum = Tolerance.roundings(8, 16);
    return new OpSpec.Case(
        new SynapticImportance(ranges, 0.5f, damping, 0.4f),
        List.of(
            Operand.of("weights", flat, weights),
            Operand.of("start", flat, start),
            Operand.of("trajectory", flat, Generator.uniform(-trajectory, trajectory)),
            Operand.of("cumulative", flat, Generator.uniform(-0.5, 0.5))),
        List.of(sum, sum, Tolerance.exact(), Tolerance.exact()),
        note);
  }

  /** Consolidation of a head in which every other class is present. */
  static OpSpec.Case consolidation(ConsolidateHead op, int classes, int width) {
    return consolidation(
        op, classes, width, Generator.values(300, 0), Generator.values(0, 600, 300), "");
  }

  private static List<OpSpec.Case> consolidations() {
    List<OpSpec.Case> cases = new ArrayList<>();
    for (ConsolidateHead.Rule rule : ConsolidateHead.Rule.values()) {
      ConsolidateHead op = new ConsolidateHead(rule);
      Generator fresh = Generator.values(0);
      Generator some = Generator.values(0, 300, 0, 57, 1);
      cases.add(consolidation(op, 5, 17, some, fresh, "past 0"));
      cases.add(consolidation(op, 50, 33, some, Generator.values(600, 0, 0, 301), "some past"));
      cases.add(consolidation(op, 3, 1, fresh, some, "none present"));
      cases.add(consolidation(op, 1, 64, Generator.values(128), Generator.values(128), ""));
      cases.add(consolidation(op, 7, 1024, some, some, ""));
    }
    return cases;
  }

  private static OpSpec.Case consolidation(
      ConsolidateHead op, int classes, int width, Generator current, Generator past, String note) {
    TensorType bank = TensorType.f32(classes, width);
    TensorType counts = TensorType.f32(classes);
    return new OpSpec.Case(
        op,
        List.of(
            Operand.of("weights", bank, Generator.uniform(-0.5, 1)),
            Operand.of("current", counts, current),
            Operand.of("bank", bank, Generator.uniform()),
            Operand.of("past", counts, past)),
        // The mean of all weights is off by a few roundings of 1 in any order of summation.
        List.of(
            Tolerance.roundings(8, 16 + Math.sqrt((double) classes * width)), Tolerance.exact()),
        note);
  }

  private static List<OpSpec.Case> loads() {
    return List.of(
        load(5, 17, Generator.values(0, 1, 1)),
        load(50, 33, Generator.values(300, 0, 0, -1)),
        load(3, 1024, Generator.values(0)),
        load(1, 1, Generator.values(1)));
  }

  static OpSpec.Case load(int classes, int width, Generator present) {
    return OpSpec.Case.of(
        new LoadHead(),
        Tolerance.exact(),
        "",
        Operand.of("bank", TensorType.f32(classes, width), Generator.uniform()),
        Operand.of("present", TensorType.f32(classes), present));
  }
}
