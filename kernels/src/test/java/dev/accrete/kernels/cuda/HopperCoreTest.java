package dev.accrete.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Precision;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.Op;
import dev.accrete.kernels.spec.Generator;
import dev.accrete.kernels.spec.HostTensor;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
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

/** Products by wgmma and the tensor memory accelerator, as the emulator models them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HopperCoreTest {
  private static final long SEED = 11;

  private final List<Backend> opened = new ArrayList<>();
  private Backend reference;
  private Backend portableTf32;
  private Backend tf32;
  private Backend bf16;

  @BeforeAll
  void open() {
    Backend fp32 = opened(Emulator.open());
    reference = opened(Backends.create("reference", new BackendOptions(1)));
    CudaBackend device = (CudaBackend) fp32;
    portableTf32 = device.choosing(Precision.TF32, CoreChoice.PORTABLE);
    tf32 = device.choosing(Precision.TF32, CoreChoice.HOPPER);
    bf16 = device.choosing(Precision.BF16, CoreChoice.HOPPER);
  }

  private Backend opened(Backend backend) {
    opened.add(backend);
    return backend;
  }

  @AfterEach
  void reset() {
    Emulator.configure(Emulator.Order.FORWARD, false);
    System.clearProperty(CoreChoice.PROPERTY);
  }

  @AfterAll
  void close() {
    opened.forEach(Backend::close);
  }

  static List<OpSpec.Case> products() {
    return CoreCheck.cases();
  }

  @ParameterizedTest
  @MethodSource("products")
  void factorsAreRoundedAndSumsAreNotInAnyOrderOfThreads(OpSpec.Case spec) {
    check(spec, tf32, Precision.TF32);
    check(spec, bf16, Precision.BF16);
  }

  private void check(OpSpec.Case spec, Backend backend, Precision to) {
    List<HostTensor> factors = spec.generate(SEED);
    float[] expected = run(spec, RoundedFactors.of(factors, to), reference);
    int terms = terms(spec);
    float[] first = run(spec, factors, backend);
    SpecRunner.compare(
        spec + " in " + to,
        spec.resultTypes().getFirst().shape(),
        expected,
        first,
        Tolerance.sum(terms, 1));
    for (Emulator.Order order : List.of(Emulator.Order.REVERSE, Emulator.Order.RANDOM)) {
      Emulator.configure(order, order == Emulator.Order.RANDOM);
      assertThat(run(spec, factors, backend)).as("in order %s", order).isEqualTo(first);
      Emulator.configure(Emulator.Order.FORWARD, false);
    }
  }

  /** The terms of a result's sum: all factors of one operand that meet it. */
  private static int terms(OpSpec.Case spec) {
    return Math.toIntExact(
        spec.op().macs(spec.inputTypes()) / spec.resultTypes().getFirst().shape().size());
  }

  private static float[] run(OpSpec.Case spec, List<HostTensor> factors, Backend backend) {
    try (SpecProgram program = SpecProgram.compile(spec, SpecProgram.Form.TEMPORARIES, backend)) {
      if (backend instanceof CudaBackend && spec.op() instanceof MatMul product) {
        String orientation =
            (product.transposeA() ? "o" : "i") + (product.transposeB() ? "i" : "o");
        assertThat(((CudaPlan) program.plan()).kernels())
            .anyMatch(name -> name.startsWith("hopper_" + orientation));
      }
      program.load(factors);
      program.run();
      return program.results().getFirst().floats();
    }
  }

  @Test
  void bothWidthsOfTilesAndPartsOfSumsAreTested() {
    List<String> kernels = new ArrayList<>();
    for (OpSpec.Case spec : products()) {
      for (Backend backend : List.of(tf32, bf16)) {
        try (SpecProgram program =
            SpecProgram.compile(spec, SpecProgram.Form.TEMPORARIES, backend)) {
          kernels.addAll(((CudaPlan) program.plan()).kernels());
        }
      }
    }
    List<String> expected = new ArrayList<>();
    for (String orientation : List.of("ii", "io", "oi", "oo")) {
      for (String width : List.of("64", "128")) {
        for (String precision : List.of("tf32", "bf16")) {
          expected.add("hopper_" + orientation + "_" + width + "_" + precision);
        }
      }
    }
    assertThat(kernels)
        .containsAll(expected)
        .contains("add_parts")
        .noneMatch(name -> name.startsWith("matmul_"));
  }

  static List<OpSpec> specs() {
    return List.<Class<? extends Op>>of(
            MatMul.class, Conv2d.class, Conv2dInputGrad.class, Conv2dWeightGrad.class)
        .stream()
        .map(OpSpecs::of)
        .toList();
  }

  /** What fits goes through the Hopper core, everything else falls back to the portable one. */
  @ParameterizedTest
  @MethodSource("specs")
  void opsAgreeWithThePortableKernelsWhetherTheyFitOrNot(OpSpec spec) {
    for (OpSpec.Case one : spec.cases()) {
      CoreCheck.compare(one, portableTf32, tf32);
    }
  }

  @Test
  void whatIsNotAlignedFallsBack() {
    MatMul op = new MatMul(false, true);
    for (int inner : List.of(7, 8)) {
      OpSpec.Case spec =
          OpSpec.Case.of(
              op,
              Tolerance.sum(inner, 1),
              "",
              Operand.of("a", TensorType.f32(6, inner), Generator.uniform()),
              Operand.of("b", TensorType.f32(5, inner), Generator.uniform()));
      try (SpecProgram program = SpecProgram.compile(spec, SpecProgram.Form.TEMPORARIES, tf32)) {
        String kernel = inner == 8 ? "hopper_ii_64_tf32" : "matmul_ii_64";
        assertThat(((CudaPlan) program.plan()).kernels()).contains(kernel);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(CoreChoice.class)
  void isTakenWhereItIsAskedForOrPassesItsCheck(CoreChoice choice) {
    System.setProperty(CoreChoice.PROPERTY, choice.label());
    try (Backend backend = Backends.create("cuda", new BackendOptions(1, Precision.BF16))) {
      String expected = choice == CoreChoice.PORTABLE ? ", bf16" : ", bf16 by wgmma";
      assertThat(backend.description()).endsWith(expected);
    }
    try (Backend backend = Backends.create("cuda", new BackendOptions(1))) {
      assertThat(backend.description()).doesNotContain("wgmma");
    }
  }

  @Test
  void aCheckNamesWhatDiffers() {
    assertThat(CoreCheck.difference(portableTf32, bf16))
        .hasValueSatisfying(what -> assertThat(what).contains("MatMul", "elements are off"));
  }

  @Test
  void anUnknownCoreIsRefused() {
    assertThat(CoreChoice.of("")).isEqualTo(CoreChoice.PORTABLE);
    assertThatThrownBy(() -> CoreChoice.of("cublas"))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("ACCRETE_CUDA_CORE is 'cublas'");
  }
}
