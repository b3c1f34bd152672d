package dev.accrete.kernels.spec;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.GatherLatents;
import dev.accrete.core.op.ScatterLatents;
import dev.accrete.core.op.StoredLatents;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Latents into and out of banks. Nothing is off by any bit: what rounds is specified. */
final class LatentSpecs {
  private LatentSpecs() {}

  static List<OpSpec> all() {
    // A mini-batch of 128 latents of MobileNetV1: from 300 new ones, and as many of the memory's
    // 1,500 as no cache holds.
    TensorType fresh = TensorType.f32(300, 512, 8, 8);
    return List.of(
        new OpSpec(
            GatherLatents.class,
            gathers(),
            List.of(
                gather(128, "", fresh, TensorType.f32(500, 512, 8, 8)),
                gather(128, "", fresh, TensorType.u8(500, 512, 8, 8)))),
        new OpSpec(ScatterLatents.class, scatters(), List.of(scatter(100, fresh, ""))));
  }

  private static List<OpSpec.Case> gathers() {
    List<OpSpec.Case> cases = new ArrayList<>();
    for (DType kind : List.of(DType.F32, DType.U8)) {
      cases.add(gather(7, "", type(kind, 5, 3, 2, 5)));
      cases.add(gather(3, "two banks", type(kind, 4, 17, 3, 4), TensorType.f32(6, 17, 3, 4)));
      cases.add(gather(33, "two banks", TensorType.f32(2, 64, 5, 7), type(kind, 9, 64, 5, 7)));
      cases.add(gather(2, "", type(kind, 3, 33, 6, 6)));
      cases.add(gather(1, "one of one", type(kind, 1, 8, 2, 2)));
      cases.add(gather(5, "one channel", type(kind, 4, 1, 6, 7)));
      cases.add(gather(4, "without extents", type(kind, 6, 24, 1, 1)));
      cases.add(gather(7, "features", type(kind, 6, 41)));
      cases.add(gather(5, "sequences", type(kind, 3, 5, 9)));
    }
    TensorType bytes = TensorType.u8(2, 16, 3, 3);
    cases.add(gather(9, "three banks", bytes, TensorType.f32(3, 16, 3, 3), bytes));
    return cases;
  }

  private static List<OpSpec.Case> scatters() {
    List<OpSpec.Case> cases = new ArrayList<>();
    for (DType kind : List.of(DType.F32, DType.U8)) {
      cases.add(scatter(3, type(kind, 5, 3, 2, 5), ""));
      cases.add(scatter(7, type(kind, 7, 17, 3, 4), "every cell"));
      cases.add(scatter(9, type(kind, 4, 64, 5, 7), "more than cells"));
      cases.add(scatter(2, type(kind, 3, 33, 6, 6), ""));
      cases.add(scatter(1, type(kind, 1, 8, 2, 2), "one of one"));
      cases.add(scatter(3, type(kind, 4, 1, 6, 7), "one channel"));
      cases.add(scatter(4, type(kind, 6, 24, 1, 1), "without extents"));
      cases.add(scatter(5, type(kind, 6, 41), "features"));
      cases.add(scatter(2, type(kind, 3, 5, 9), "sequences"));
    }
    return cases;
  }

  private static TensorType type(DType kind, int... dims) {
    return new TensorType(kind, Shape.of(dims));
  }

  /**
   * Some cells of banks.
   *
   * @param banks the types of their values or codes
   */
  static OpSpec.Case gather(int rows, String note, TensorType... banks) {
    int cells = 0;
    List<Operand> operands = new ArrayList<>();
    for (TensorType bank : banks) {
      cells += bank.shape().dim(0);
      operands.addAll(bank(bank));
    }
    operands.addFirst(Operand.of("rows", TensorType.i32(rows), rows(cells)));
    return new OpSpec.Case(new GatherLatents(), operands, List.of(Tolerance.exact()), note);
  }

  /**
   * Latents into some cells of a bank, every fourth nowhere.
   *
   * @param bank the type of its values or codes
   */
  static OpSpec.Case scatter(int rows, TensorType bank, String note) {
    TensorType latents = TensorType.f32(bank.shape().withDim(0, rows));
    int positions = positions(bank.shape());
    List<Operand> operands = new ArrayList<>();
    operands.add(Operand.of("latents", latents, latents(positions)));
    operands.add(Operand.of("cells", TensorType.i32(rows), cells(bank.shape().dim(0))));
    operands.addAll(bank(bank));
    int results = operands.size() - 2;
    return new OpSpec.Case(
        new ScatterLatents(), operands, Collections.nCopies(results, Tolerance.exact()), note);
  }

  private static List<Operand> bank(TensorType type) {
    if (type.dtype() == DType.F32) {
      return List.of(Operand.of("values", type, Generator.uniform()));
    }
    int channels = type.shape().size() / type.shape().dim(0) / positions(type.shape());
    TensorType ranges = TensorType.f32(type.shape().dim(0), 2 * channels);
    return List.of(
        Operand.of("codes", type, Generator.bytes()),
        Operand.of("ranges", ranges, Generator.uniform()));
  }

  /** The numbers of one channel. */
  private static int positions(Shape bank) {
    return new StoredLatents(0, 0, bank, false).positions();
  }

  /** The last cell, the first, and any others, some of them repeatedly. */
  private static Generator rows(int cells) {
    return (rng, type) -> {
      int[] rows = new int[type.shape().size()];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = i == 0 ? cells - 1 : i == 1 ? 0 : rng.nextInt(cells);
      }
      return HostTensor.of(type, rows);
    };
  }

  /** Cells in a random order, and nowhere for every fourth row and where there are too few. */
  private static Generator cells(int cells) {
    return (rng, type) -> {
      int[] order = rng.permutation(cells);
      int[] chosen = new int[type.shape().size()];
      int next = 0;
      for (int i = 0; i < chosen.length; i++) {
        boolean nowhere = i % 4 == 3 || next == cells;
        chosen[i] = nowhere ? -1 - i : order[next++];
      }
      return HostTensor.of(type, chosen);
    };
  }

  /**
   * Channels like those after a ReLU, constant ones, ones with both zeros, and ones whose steps are
   * so small that codes could exceed the greatest, or that they are 0.
   */
  private static Generator latents(int positions) {
    return Generator.floats(
        (rng, i) ->
            switch (i / positions % 6) {
              case 0, 1 -> Math.max(0, 10 * rng.nextDouble() - 5);
              case 2 -> 2.5;
              case 3 -> rng.nextInt() < 0 ? -0.0 : 0.0;
              case 4 -> Float.MIN_VALUE * (double) rng.nextInt(383);
              default -> Float.MIN_VALUE * (double) rng.nextInt(128);
            });
  }
}
