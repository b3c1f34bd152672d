package dev.accrete.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.Precision;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.Pointwise;
import dev.accrete.kernels.spec.Generator;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.kernels.spec.Operand;
import dev.accrete.kernels.spec.SpecFailure;
import dev.accrete.kernels.spec.Tolerance;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cases on the emulated device: that they compute and are checked, not how long they take. */
class WorkloadTest {
  private static final Question QUESTION =
      new Question(List.of(), GpuCases.Size.QUICK, 2, true, 0, 0.5);

  @SuppressWarnings("NullAway.Init") // JUnit calls open() first.
  private static GpuBench bench;

  @BeforeAll
  static void open() throws Exception {
    EmulatedDevice.install();
    bench = GpuBench.open(Precision.FP32);
  }

  @AfterAll
  static void close() {
    if (bench != null) {
      bench.close();
    }
  }

  private static Answer.Measured measure(String pattern) {
    return measure(bench, pattern);
  }

  private static Answer.Measured measure(GpuBench bench, String pattern) {
    GpuCases.Case one = GpuCases.matching(GpuCases.Size.QUICK, Pattern.compile(pattern)).getFirst();
    try (Workload workload = one.open().apply(bench)) {
      String checked = workload.check();
      return new Sampler(bench.timer(), Optional.empty(), QUESTION)
          .sample(one.name(), workload, checked);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^Relu:",
        "^MatMul:64",
        "depthwise forward",
        "pointwise weight",
        "^BatchRenormGrad",
        "^Sgd.*gradient_scale$",
        "^SparseSgd.*quadratic$",
        "^SelectParameters",
        "^PackSelected",
        "^UnpackSelected",
        "^GatherLatents.*:f32$",
        "^GatherLatents.*:u8$",
        "^ScatterLatents.*:u8$",
        "^ConsolidateHead",
        "^SymmetricUpdate",
        "^CholeskyFactor",
        "^TriangularSolve.*:t$",
        "^SoftmaxCrossEntropy:"
      })
  void opsAreCheckedAndSampled(String pattern) {
    Answer.Measured measured = measure(pattern);
    assertThat(measured.checked()).contains("compared with reference");
    assertThat(measured.millis()).hasSize(2).allMatch(Double::isFinite);
    assertThat(measured.repetitions()).isEqualTo(2);
    assertThat(measured.bytes()).isPositive();
    assertThat(measured.rotatedBytes()).isEqualTo(2 * measured.bytes());
  }

  @Test
  void latentReplayIsCheckedAndSampled() {
    Answer.Measured measured = measure("^step:latent");
    assertThat(measured.checked()).contains("sibling").contains("compared with reference");
    assertThat(measured.operations()).isPositive();
    assertThat(measured.millis()).hasSize(2).allMatch(Double::isFinite);
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"TF32", "BF16"})
  void productsOnTensorCoresAreCheckedAndSampled(Precision precision) {
    try (GpuBench lower = GpuBench.open(precision)) {
      for (String pattern :
          List.of(
              "^MatMul:64x.*:%s$",
              "^MatMul:64x.*:%s:portable$",
              "^MatMul:64x.*:%s:hopper$",
              "^Conv2d:.*:%s$",
              "^Conv2dWeightGrad:.*:%s$")) {
        Answer.Measured measured = measure(lower, pattern.formatted(precision.label()));
        assertThat(measured.name()).contains(":" + precision.label());
        assertThat(measured.checked()).contains("compared with reference");
        assertThat(measured.millis()).hasSize(2).allMatch(Double::isFinite);
      }
      // Were the reference's factors not rounded too, it would differ: the check is not vacuous.
      GpuCases.Case whole =
          GpuCases.matching(GpuCases.Size.QUICK, Pattern.compile("^MatMul:64x")).getFirst();
      GpuBench wrong =
          new GpuBench(lower.backend(), lower.timer(), lower.reference(), Precision.FP32);
      try (Workload workload = whole.open().apply(wrong)) {
        assertThatThrownBy(workload::check).isInstanceOf(SpecFailure.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"TF32", "BF16"})
  void stepsOnTensorCoresAreCheckedAndSampled(Precision precision) {
    try (GpuBench lower = GpuBench.open(precision)) {
      Answer.Measured measured = measure(lower, "^step:latent-replay:" + precision.label());
      assertThat(measured.checked()).contains("sibling").contains("compared with reference");
      assertThat(measured.millis()).hasSize(2).allMatch(Double::isFinite);
    }
  }

  @Test
  void resultsThatAreNotNumbersAreRefused() {
    OpSpec.Case good =
        OpSpecs.at(Pointwise.RELU, List.of(TensorType.f32(2, 3, 4, 4))).orElseThrow();
    OpSpec.Case bad =
        OpSpec.Case.of(
            Pointwise.RELU,
            Tolerance.exact(),
            "",
            Operand.of("x", TensorType.f32(Shape.of(8)), Generator.values(1, Double.NaN)));
    try (Workload workload = new OpWorkload(bench, bad, good)) {
      assertThatThrownBy(workload::check).hasMessageContaining("holds NaN");
    }
    try (Workload workload = new OpWorkload(bench, good, bad)) {
      assertThatThrownBy(workload::check).isInstanceOf(SpecFailure.class);
    }
  }

  @Test
  void theRooflineIsMeasured() {
    Answer.Roofline roofline = RooflineProbe.measure(bench.timer());
    assertThat(roofline.copyGigabytes()).isPositive().isFinite();
    assertThat(roofline.fmaTeraflops()).isPositive().isFinite();
    assertThat(roofline.tf32Teraflops()).isPositive().isFinite();
    assertThat(roofline.bf16Teraflops()).isPositive().isFinite();
  }
}
