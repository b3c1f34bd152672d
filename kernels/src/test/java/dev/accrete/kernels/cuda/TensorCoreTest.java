package dev.accrete.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Precision;
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
import dev.accrete.kernels.spec.RoundedFactors;
import dev.accrete.kernels.spec.SpecProgram;
import dev.accrete.kernels.spec.SpecRunner;
import dev.accrete.kernels.spec.Tolerance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Products on tensor cores: rounding the factors and computing on is the same as having them
 * rounded beforehand, so that the fp32 tolerance of the spec holds against the reference over
 * factors that are rounded here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TensorCoreTest {
  private static final long SEED = 5;

  private final List<Backend> opened = new ArrayList<>();
  private Backend reference;
  private Backend fp32;
  private Backend tf32;
  private Backend bf16;

  @BeforeAll
  void open() {
    fp32 = opened(Emulator.open());
    reference = opened(Backends.create("reference", new BackendOptions(1)));
    tf32 = opened(Backends.create("cuda", new BackendOptions(1, Precision.TF32)));
    bf16 = opened(Backends.create("cuda", new BackendOptions(1, Precision.BF16)));
  }

  private Backend opened(Backend backend) {
    opened.add(backend);
    return backend;
  }

  @AfterEach
  void reset() {
    Emulator.configure(Emulator.Order.FORWARD, false);
  }

  @AfterAll
  void close() {
    opened.forEach(Backend::close);
  }

  /** Shapes with tails of every kind; the last ones take large tiles, and parts of a long sum. */
  static List<OpSpec.Case> products() {
    List<OpSpec.Case> cases = new ArrayList<>();
    for (boolean a : List.of(false, true)) {
      for (boolean b : List.of(false, true)) {
        cases.add(product(new MatMul(a, b), 4, 4, 4));
        cases.add(product(new MatMul(a, b), 68, 36, 76));
        cases.add(product(new MatMul(a, b), 12, 1200, 20));
      }
    }
    cases.add(product(new MatMul(false, true), 1024, 20, 1024));
    cases.add(product(new MatMul(true, false), 1028, 12, 1028));
    cases.addAll(convolution(Conv2d.of(1, 0), Shape.of(2, 20, 5, 7), Shape.of(36, 20, 1, 1)));
    cases.addAll(convolution(Conv2d.of(2, 1), Shape.of(3, 12, 9, 6), Shape.of(20, 12, 3, 3)));
    cases.addAll(
        convolution(new Conv2d(1, 2, 2, 1, 2), Shape.of(2, 16, 6, 11), Shape.of(24, 8, 5, 3)));
    cases.addAll(convolution(Conv2d.of(1, 1), Shape.of(4, 4, 48, 48), Shape.of(4, 4, 3, 3)));
    return cases;
  }

  private static OpSpec.Case product(MatMul op, int m, int k, int n) {
    TensorType a = op.transposeA() ? TensorType.f32(k, m) : TensorType.f32(m, k);
    TensorType b = op.transposeB() ? TensorType.f32(n, k) : TensorType.f32(k, n);
    return spec(op, k, a, b);
  }

  private static List<OpSpec.Case> convolution(Conv2d op, Shape x, Shape weight) {
    TensorType image = TensorType.f32(x);
    TensorType filters = TensorType.f32(weight);
    Shape y = op.outputShape(x, weight);
    TensorType upstream = TensorType.f32(y);
    return List.of(
        spec(op, weight.size() / weight.dim(0), image, filters),
        spec(new Conv2dInputGrad(op, x), weight.size() / weight.dim(1), upstream, filters),
        spec(new Conv2dWeightGrad(op, weight), y.size() / y.dim(1), image, upstream));
  }

  private static OpSpec.Case spec(Op op, int terms, TensorType a, TensorType b) {
    return OpSpec.Case.of(
        op,
        Tolerance.sum(terms, 1),
        "",
        Operand.of("a", a, Generator.uniform()),
        Operand.of("b", b, Generator.uniform()));
  }

  @ParameterizedTest
  @MethodSource("products")
  void factorsAreRoundedAndSumsAreNot(OpSpec.Case spec) {
    List<HostTensor> factors = spec.generate(SEED);
    float[] exact = run(spec, factors, fp32);
    check(spec, factors, exact, tf32, Precision.TF32);
    check(spec, factors, exact, bf16, Precision.BF16);
  }

  private void check(
      OpSpec.Case spec, List<HostTensor> factors, float[] exact, Backend backend, Precision to) {
    List<HostTensor> rounded = RoundedFactors.of(factors, to);
    float[] expected = run(spec, rounded, reference);
    float[] actual = run(spec, factors, backend);
    Shape shape = spec.resultTypes().getFirst().shape();
    SpecRunner.compare(spec + " in " + to, shape, expected, actual, spec.tolerances().getFirst());
    // Else it would have been the fp32 kernels that ran.
    assertThat(actual).isNotEqualTo(exact);
    Emulator.configure(Emulator.Order.RANDOM, true);
    assertThat(run(spec, factors, backend)).as("in random order").isEqualTo(actual);
    Emulator.configure(Emulator.Order.FORWARD, false);
  }

  private static float[] run(OpSpec.Case spec, List<HostTensor> factors, Backend backend) {
    try (SpecProgram program = SpecProgram.compile(spec, SpecProgram.Form.TEMPORARIES, backend)) {
      program.load(factors);
      program.run();
      return program.results().getFirst().floats();
    }
  }

  @Test
  void tiesAreRoundedAsTheHardwareDoes() {
    OpSpec.Case spec = product(new MatMul(false, true), 4, 4, 4);
    float[] ties = {
      1 + 0x1p-11f,
      -1 - 0x1p-11f,
      1 + 0x1p-8f,
      -1 - 0x3p-8f,
      1 + 0x1p-8f + 0x1p-20f,
      0x1.fffffep0f,
      0x1p-130f,
      0
    };
    float[] a = new float[16];
    float[] identity = new float[16];
    for (int i = 0; i < 16; i++) {
      a[i] = ties[i % ties.length];
      identity[i] = i % 5 == 0 ? 1 : 0;
    }
    List<HostTensor> factors =
        List.of(
            HostTensor.of(TensorType.f32(4, 4), a), HostTensor.of(TensorType.f32(4, 4), identity));
    assertThat(run(spec, factors, tf32))
        .startsWith(1 + 0x1p-10f, -1 - 0x1p-10f, 1 + 0x1p-8f, -1 - 0x3p-8f)
        .containsSequence(1 + 0x1p-8f, 2, 0x1p-130f, 0);
    assertThat(run(spec, factors, bf16))
        .startsWith(1, -1, 1, -1 - 0x4p-8f)
        .containsSequence(1 + 0x2p-8f, 2, 0x1p-130f, 0);
  }

  @Test
  void whatCannotBeCopiedByFoursStaysInFp32() {
    for (OpSpec.Case spec :
        List.of(
            product(new MatMul(false, true), 6, 7, 5),
            convolution(Conv2d.of(2, 1), Shape.of(2, 3, 8, 8), Shape.of(8, 3, 3, 3)).getFirst())) {
      List<HostTensor> factors = spec.generate(SEED);
      assertThat(run(spec, factors, bf16)).isEqualTo(run(spec, factors, fp32));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"TF32", "BF16"})
  void otherBackendsRefuse(Precision precision) {
    for (String name : List.of("reference", "vector")) {
      assertThatThrownBy(() -> Backends.create(name, new BackendOptions(1, precision)).close())
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("'" + name + "' computes in fp32, not in " + precision.label());
    }
  }
}
