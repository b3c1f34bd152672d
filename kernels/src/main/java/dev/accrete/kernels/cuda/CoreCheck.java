package dev.accrete.kernels.cuda;

import dev.accrete.core.Backend;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.Op;
import dev.accrete.kernels.spec.Generator;
import dev.accrete.kernels.spec.HostTensor;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.Operand;
import dev.accrete.kernels.spec.SpecFailure;
import dev.accrete.kernels.spec.SpecProgram;
import dev.accrete.kernels.spec.SpecRunner;
import dev.accrete.kernels.spec.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether two kinds of kernels for products agree on a device. Both round factors alike, so that
 * only the order of sums may tell them apart: a wrong layout, a missing wait or another rounding
 * shows.
 */
public final class CoreCheck {
  private static final long SEED = 7;

  private CoreCheck() {}

  /**
   * Products in every orientation whose extents are multiples of four but not of a tile, with short
   * and long sums, narrow and wide tiles, sums cut into parts, and convolutions of single pixels.
   */
  public static List<OpSpec.Case> cases() {
    List<OpSpec.Case> cases = new ArrayList<>();
    for (boolean a : List.of(false, true)) {
      for (boolean b : List.of(false, true)) {
        MatMul op = new MatMul(a, b);
        cases.add(product(op, 4, 4, 4));
        cases.add(product(op, 132, 300, 76));
        cases.add(product(op, 20, 1100, 36));
        cases.add(product(op, 1028, 44, 1028));
      }
    }
    Conv2d op = Conv2d.of(1, 0);
    Shape x = Shape.of(3, 36, 7, 11);
    Shape weight = Shape.of(68, 36, 1, 1);
    TensorType y = TensorType.f32(op.outputShape(x, weight));
    cases.add(spec(op, 36, TensorType.f32(x), TensorType.f32(weight)));
    cases.add(spec(new Conv2dInputGrad(op, x), 68, y, TensorType.f32(weight)));
    cases.add(spec(new Conv2dWeightGrad(op, weight), 231, TensorType.f32(x), y));
    return cases;
  }

  private static OpSpec.Case product(MatMul op, int m, int k, int n) {
    TensorType a = op.transposeA() ? TensorType.f32(k, m) : TensorType.f32(m, k);
    TensorType b = op.transposeB() ? TensorType.f32(n, k) : TensorType.f32(k, n);
    return spec(op, k, a, b);
  }

  private static OpSpec.Case spec(Op op, int terms, TensorType a, TensorType b) {
    return OpSpec.Case.of(
        op,
        Tolerance.sum(terms, 1).cutOff(),
        "",
        Operand.of("a", a, Generator.uniform()),
        Operand.of("b", b, Generator.uniform()));
  }

  /**
   * Runs all cases on both backends.
   *
   * @return the first difference; empty if there is none
   * @throws dev.accrete.core.AccreteException if a kernel fails, after which the process can
   *     compute nothing more on the device
   */
  static Optional<String> difference(Backend trusted, Backend doubted) {
    for (OpSpec.Case one : cases()) {
      try {
        compare(one, trusted, doubted);
      } catch (SpecFailure e) {
        return Optional.of(String.valueOf(e.getMessage()));
      }
    }
    return Optional.empty();
  }

  /**
   * Runs a case on both backends, and twice on the second: its bits must stay the same.
   *
   * @throws SpecFailure if the results differ by more than the case tolerates
   * @throws dev.accrete.core.AccreteException if a kernel fails
   */
  public static void compare(OpSpec.Case spec, Backend trusted, Backend doubted) {
    List<HostTensor> operands = spec.generate(SEED);
    Shape shape = spec.resultTypes().getFirst().shape();
    float[] expected = run(spec, operands, trusted, 1);
    float[] once = run(spec, operands, doubted, 1);
    SpecRunner.compare(spec.toString(), shape, expected, once, spec.tolerances().getFirst());
    float[] again = run(spec, operands, doubted, 2);
    SpecRunner.compare(spec + ", run again", shape, once, again, Tolerance.exact());
  }

  /** Operands that are results of other ops are aligned, as the kernels in question want it. */
  private static float[] run(
      OpSpec.Case spec, List<HostTensor> operands, Backend backend, int times) {
    try (SpecProgram program = SpecProgram.compile(spec, SpecProgram.Form.TEMPORARIES, backend)) {
      program.load(operands);
      for (int i = 0; i < times; i++) {
        program.run();
      }
      return program.results().getFirst().floats();
    }
  }
}
