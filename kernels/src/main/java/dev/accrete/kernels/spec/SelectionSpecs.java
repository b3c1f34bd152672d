package dev.accrete.kernels.spec;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.PackSelected;
import dev.accrete.core.op.SelectParameters;
import dev.accrete.core.op.SelectParameters.Best;
import dev.accrete.core.op.SelectParameters.Group;
import dev.accrete.core.op.Selection;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.core.op.SgdSynaptic.Segment;
import dev.accrete.core.op.SgdSynaptic.Trajectory;
import dev.accrete.core.op.SparseSgdSynaptic;
import dev.accrete.core.op.SynapticImportance.Range;
import dev.accrete.core.op.UnpackSelected;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Sparse importance: which parameters are chosen, their values, and the update that reads them. */
final class SelectionSpecs {
  private static final float IMPORTANCE_MAX = UpdateSpecs.IMPORTANCE_MAX;

  /** Two whole blocks and a part of a third, of which the last word is not full. */
  private static final int SIZE = 2 * Selection.BLOCK + 333;

  /** Gaps between runs, which begin and end within words and blocks and go across both. */
  private static final List<Range> RANGES =
      List.of(new Range(3, 1), new Range(37, 700), new Range(1000, 1100), new Range(2300, 70));

  private SelectionSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        OpSpec.of(SelectParameters.class, selections()),
        OpSpec.of(PackSelected.class, packs()),
        OpSpec.of(UnpackSelected.class, unpacks()),
        new OpSpec(
            SparseSgdSynaptic.class,
            steps(),
            List.of(step(UpdateSpecs.large(), UpdateSpecs.LARGE, i -> i % 10 == 3, ""))));
  }

  private static List<OpSpec.Case> selections() {
    List<Range> everything = List.of(new Range(0, SIZE));
    Generator any = Generator.uniform();
    Generator ties = Generator.whole(-3, 2);
    List<OpSpec.Case> cases = new ArrayList<>();
    for (Best best : Best.values()) {
      cases.add(select(best, SIZE, any, "some of all", new Group(everything, 239)));
      cases.add(select(best, SIZE, ties, "ties", new Group(RANGES, 777)));
      cases.add(select(best, SIZE, any, "the best", new Group(RANGES, 1)));
    }
    cases.add(select(Best.LARGEST, SIZE, any, "everything", new Group(everything, SIZE)));
    cases.add(select(Best.LARGEST, SIZE, any, "nothing of something", new Group(RANGES, 0)));
    cases.add(select(Best.LARGEST, SIZE, any, "no group"));
    cases.add(select(Best.SMALLEST, SIZE, any, "all but one", new Group(RANGES, 1870)));
    Generator zeros = Generator.values(0);
    cases.add(select(Best.LARGEST, SIZE, zeros, "all equal", new Group(RANGES, 123)));
    cases.add(select(Best.LARGEST, 31, any, "less than a word", new Group(range(0, 31), 30)));
    cases.add(select(Best.MAGNITUDE, 1, any, "one parameter", new Group(range(0, 1), 1)));
    Generator signs = Generator.values(0, -0.0, 1e-45, -1e-45, 3e38, -3e38);
    for (Best best : Best.values()) {
      cases.add(select(best, 64, signs, "both zeros", new Group(range(1, 60), 25)));
    }
    Group[] layers = {
      new Group(range(5, 90), 9), new Group(range(96, 1), 1), new Group(range(97, 2200), 220)
    };
    cases.add(select(Best.SMALLEST, SIZE, any, "layer by layer", layers));
    cases.add(select(Best.LARGEST, SIZE, ties, "layers with ties", layers));
    cases.add(
        select(Best.LARGEST, 40_000, ties, "many runs", new Group(range(11, 39_900), 12_345)));
    return cases;
  }

  private static List<Range> range(int offset, int length) {
    return List.of(new Range(offset, length));
  }

  private static OpSpec.Case select(
      Best best, int size, Generator scores, String note, Group... groups) {
    return new OpSpec.Case(
        new SelectParameters(List.of(groups), best),
        List.of(Operand.of("scores", TensorType.f32(size), scores)),
        List.of(Tolerance.exact(), Tolerance.exact()),
        note);
  }

  /** A choice among uniform scores. */
  static OpSpec.Case select(SelectParameters op, int size) {
    return new OpSpec.Case(
        op,
        List.of(Operand.of("scores", TensorType.f32(size), Generator.uniform())),
        List.of(Tolerance.exact(), Tolerance.exact()),
        "");
  }

  /** Of {@code size} parameters every so manieth is chosen, {@code count} in all. */
  private static IntPredicate evenly(int size, int count) {
    return i -> (long) (i + 1) * count / size != (long) i * count / size;
  }

  /** Packs every so manieth of {@code size} parameters. */
  static OpSpec.Case pack(int size, int count) {
    return pack(size, 0, evenly(size, count), "");
  }

  /** Unpacks {@code count} of them. */
  static OpSpec.Case unpack(int size, int count) {
    return unpack(size, 0, evenly(size, count), "");
  }

  /** Updates {@code size} parameters of which {@code count} have importance. */
  static OpSpec.Case step(SgdSynaptic dense, int size, int count) {
    return step(dense, size, evenly(size, count), "");
  }

  private static List<OpSpec.Case> packs() {
    return List.of(
        pack(SIZE, 0, i -> i % 7 == 3, "every seventh"),
        pack(SIZE, 5, i -> i % 7 == 3, "room left"),
        pack(SIZE, 0, i -> true, "everything"),
        pack(SIZE, 1, i -> false, "nothing"),
        pack(1, 0, i -> true, "one parameter"),
        pack(20_011, 3, SelectionSpecs::patchy, "patches"));
  }

  private static OpSpec.Case pack(int size, int room, IntPredicate chosen, String note) {
    return OpSpec.Case.of(
        new PackSelected(Selection.count(bits(size, chosen)) + room),
        Tolerance.exact(),
        note,
        Operand.of("values", TensorType.f32(size), Generator.uniform()),
        bitmap(size, chosen),
        before(size, chosen));
  }

  private static List<OpSpec.Case> unpacks() {
    return List.of(
        unpack(SIZE, 0, i -> i % 7 == 3, "every seventh"),
        unpack(SIZE, 5, i -> i % 7 == 3, "room left"),
        unpack(SIZE, 0, i -> true, "everything"),
        unpack(SIZE, 1, i -> false, "nothing"),
        unpack(1, 0, i -> true, "one parameter"),
        unpack(20_011, 3, SelectionSpecs::patchy, "patches"));
  }

  private static OpSpec.Case unpack(int size, int room, IntPredicate chosen, String note) {
    int packed = Selection.count(bits(size, chosen)) + room;
    return OpSpec.Case.of(
        new UnpackSelected(size),
        Tolerance.exact(),
        note,
        Operand.of("packed", TensorType.f32(packed), Generator.uniform()),
        bitmap(size, chosen),
        before(size, chosen));
  }

  /** Full words, empty words and blocks, and words with single bits. */
  private static boolean patchy(int i) {
    return switch (i / 96 % 5) {
      case 0 -> true;
      case 1 -> i % 32 == 31;
      case 2 -> Integer.bitCount(i) % 2 == 0;
      default -> i / Selection.BLOCK % 3 == 1 && i % 32 == 0;
    };
  }

  private static List<OpSpec.Case> steps() {
    List<Segment> segments =
        List.of(
            new Segment(3, 1, 1, 5e-4f, true),
            new Segment(16, 33, 1, 5e-4f, true),
            new Segment(49, 17, 0, 0, true),
            new Segment(80, 5, 1, 0, false),
            new Segment(96, 2200, 0.5f, 5e-4f, true),
            new Segment(2304, 64, 10, 1e-2f, false));
    List<OpSpec.Case> cases = new ArrayList<>();
    for (Penalty penalty : List.of(Penalty.GRADIENT_SCALE, Penalty.QUADRATIC)) {
      for (Trajectory trajectory : Trajectory.values()) {
        for (boolean nesterov : List.of(false, true)) {
          SgdSynaptic dense =
              new SgdSynaptic(segments, 0.9f, nesterov, penalty, IMPORTANCE_MAX, 500, trajectory);
          cases.add(step(dense, SIZE, SelectionSpecs::patchy, "patches"));
        }
      }
      SgdSynaptic dense =
          new SgdSynaptic(
              List.of(new Segment(0, SIZE, 1, 5e-4f, true)),
              0.9f,
              false,
              penalty,
              IMPORTANCE_MAX,
              500,
              Trajectory.TASK_GRADIENT);
      cases.add(step(dense, SIZE, i -> true, "everything"));
      cases.add(step(dense, SIZE, i -> false, "nothing"));
      cases.add(step(dense, SIZE, i -> i % 11 == 5, "one in eleven"));
    }
    return cases;
  }

  private static OpSpec.Case step(SgdSynaptic dense, int size, IntPredicate chosen, String note) {
    TensorType flat = TensorType.f32(size);
    TensorType packed = TensorType.f32(Math.max(1, Selection.count(bits(size, chosen))));
    List<Operand> operands = new ArrayList<>();
    operands.add(
        Operand.of("learningRate", TensorType.f32(Shape.SCALAR), Generator.uniform(0.01, 0.05)));
    operands.add(Operand.of("weights", flat, Generator.uniform()));
    operands.add(Operand.of("gradients", flat, Generator.uniform()));
    operands.add(Operand.of("momentum", flat, Generator.uniform(-0.1, 0.1)));
    operands.add(Operand.of("trajectory", flat, Generator.uniform(-0.1, 0.1)));
    operands.add(bitmap(size, chosen));
    operands.add(before(size, chosen));
    operands.add(Operand.of("cumulative", packed, cumulative()));
    if (dense.penalty() == Penalty.QUADRATIC) {
      operands.add(Operand.of("anchors", packed, Generator.uniform()));
    }
    return new OpSpec.Case(
        new SparseSgdSynaptic(dense),
        operands,
        // Those of the dense update.
        List.of(Tolerance.roundings(4, 8), Tolerance.roundings(8, 8), Tolerance.roundings(8, 16)),
        note);
  }

  /** Harmful paths, both zeros, paths within bounds, at the bound and beyond it. */
  private static Generator cumulative() {
    return Generator.floats(
        (rng, i) ->
            switch (i % 6) {
              case 0 -> 0;
              case 1 -> -0.0;
              case 2 -> -IMPORTANCE_MAX;
              case 3 -> -2 * IMPORTANCE_MAX;
              case 4 -> IMPORTANCE_MAX * rng.nextDouble();
              default -> -IMPORTANCE_MAX * rng.nextDouble();
            });
  }

  private static Operand bitmap(int size, IntPredicate chosen) {
    return fixed("bits", bits(size, chosen));
  }

  private static Operand before(int size, IntPredicate chosen) {
    return fixed("before", Selection.before(bits(size, chosen)));
  }

  private static Operand fixed(String name, int[] values) {
    return Operand.of(
        name, TensorType.i32(values.length), (rng, type) -> HostTensor.of(type, values.clone()));
  }

  private static int[] bits(int size, IntPredicate chosen) {
    int[] bits = new int[Selection.words(size)];
    for (int i = 0; i < size; i++) {
      if (chosen.test(i)) {
        bits[i / Selection.WORD] |= 1 << (i % Selection.WORD);
      }
    }
    return bits;
  }
}
