package dev.accrete.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.bench.gpu.vendor.Layout;
import dev.accrete.bench.gpu.vendor.Vendor;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Precision;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.BatchRenormGrad;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.Op;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.kernels.spec.SpecFailure;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of vendors' libraries, which are fakes on the emulated device. */
class VendorTest {
  private static final Question QUESTION =
      new Question(List.of(), GpuCases.Size.QUICK, 2, true, 0, 0);

  @SuppressWarnings("NullAway.Init") // JUnit calls open() first.
  private static GpuBench bench;

  @SuppressWarnings("NullAway.Init")
  private static FakeLibrary cublas;

  @SuppressWarnings("NullAway.Init")
  private static FakeLibrary cudnn;

  @BeforeAll
  static void open() throws Exception {
    EmulatedDevice.install();
    bench = GpuBench.open(Precision.FP32);
    // JCublas loads no other version.
    cublas = FakeLibrary.install("cublas", "libcublas.so.12", Vendor.CUBLAS, Vendor.JCUBLAS);
    cudnn = FakeLibrary.install("cudnn", "libcudnn.so.9", Vendor.CUDNN);
  }

  @AfterAll
  static void close() {
    FakeLibrary.uninstall();
    if (bench != null) {
      bench.close();
    }
  }

  @BeforeEach
  void reset() {
    cublas.reset("", 0, 0);
    cudnn.reset("", 0, 0);
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(cublas.alive()).isZero();
    assertThat(cudnn.alive()).isZero();
  }

  private static OpSpec.Case at(Op op, Shape... shapes) {
    return OpSpecs.at(op, Arrays.stream(shapes).map(TensorType::f32).toList()).orElseThrow();
  }

  private static GpuBench in(Precision precision) {
    return new GpuBench(bench.backend(), bench.timer(), bench.reference(), precision);
  }

  @ParameterizedTest
  @EnumSource(
      value = Vendor.class,
      names = {"CUBLAS", "JCUBLAS"})
  void productsOfRowsAreAskedForAsProductsOfColumns(Vendor vendor) {
    OpSpec.Case plain = at(new MatMul(false, false), Shape.of(3, 5), Shape.of(5, 7));
    VendorCheck.compare(bench, vendor, plain, Layout.CANONICAL);
    // op(B), op(A), n, m, k, 1, ldb, lda, 0, ldc, fp32, any algorithm.
    assertThat(cublas.calls()).contains("cublasGemmEx 0 0 7 3 5 1 7 5 0 7 68 -1");
    OpSpec.Case left = at(new MatMul(true, false), Shape.of(5, 3), Shape.of(5, 7));
    VendorCheck.compare(in(Precision.TF32), vendor, left, Layout.CANONICAL);
    assertThat(cublas.calls()).contains("cublasGemmEx 0 1 7 3 5 1 7 3 0 7 77 -1");
    OpSpec.Case right = at(new MatMul(false, true), Shape.of(3, 5), Shape.of(7, 5));
    VendorCheck.compare(in(Precision.BF16), vendor, right, Layout.CANONICAL);
    assertThat(cublas.calls()).contains("cublasGemmEx 1 0 7 3 5 1 5 5 0 7 75 -1");
    OpSpec.Case both = at(new MatMul(true, true), Shape.of(5, 3), Shape.of(7, 5));
    VendorCheck.compare(bench, vendor, both, Layout.CANONICAL);
    assertThat(cublas.calls()).contains("cublasGemmEx 1 1 7 3 5 1 5 3 0 7 68 -1");
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void convolutionsAndTheirGradientsAreThoseOfTheReference(Layout layout) {
    List<Conv2d> convolutions =
        List.of(Conv2d.of(1, 0), Conv2d.depthwise(4, 2, 1), Conv2d.of(2, 1));
    List<Shape> weights = List.of(Shape.of(6, 4, 1, 1), Shape.of(4, 1, 3, 3), Shape.of(6, 4, 3, 3));
    Shape x = Shape.of(2, 4, 7, 5);
    for (int i = 0; i < convolutions.size(); i++) {
      Conv2d op = convolutions.get(i);
      Shape weight = weights.get(i);
      Shape y = op.outputShape(x, weight);
      compare(at(op, x, weight), layout);
      compare(at(new Conv2dInputGrad(op, x), y, weight), layout);
      compare(at(new Conv2dWeightGrad(op, weight), x, y), layout);
    }
    int format = layout == Layout.CHANNELS_LAST ? 1 : 0;
    // Algorithm 2 is the fastest that does not round; 3 forbids it. Groups, padding, stride.
    assertThat(cudnn.calls())
        .contains(
            "cudnnSetFilter4dDescriptor " + format + " 4 1 3 3",
            "cudnnSetTensor4dDescriptor " + format + " 2 4 4 3",
            "cudnnFindConvolutionBackwardDataAlgorithm 3",
            "cudnnConvolutionForward 2 3 1 0 1",
            "cudnnConvolutionBackwardData 2 3 4 1 2",
            "cudnnConvolutionBackwardFilter 2 3 1 1 2");
  }

  private static void compare(OpSpec.Case spec, Layout layout) {
    VendorCheck.compare(bench, Vendor.CUDNN, spec, layout);
  }

  @Test
  void inTf32TheFastestMayRound() {
    OpSpec.Case spec = at(Conv2d.of(1, 0), Shape.of(2, 4, 3, 3), Shape.of(8, 4, 1, 1));
    VendorCheck.compare(in(Precision.TF32), Vendor.CUDNN, spec, Layout.CHANNELS_LAST);
    assertThat(cudnn.calls()).contains("cudnnConvolutionForward 1 0 1 0 1");
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void batchNormalizationIsThatOfTheReference(Layout layout) {
    Shape x = Shape.of(4, 3, 5, 2);
    Shape c = Shape.of(3);
    compare(at(new BatchRenorm(1e-3f), x, c, c, c, c, Shape.of(3)), layout);
    compare(at(new BatchRenormGrad(), x, c, Shape.of(4, 3), x), layout);
    compare(at(new BatchNormInference(1e-3f), x, c, c, c, c), layout);
    int mode = layout == Layout.CHANNELS_LAST ? 2 : 1;
    assertThat(cudnn.calls())
        .anyMatch(c1 -> c1.startsWith("cudnnBatchNormalizationForwardTraining " + mode + " 0.01"))
        .anyMatch(c1 -> c1.startsWith("cudnnBatchNormalizationForwardInference 1 "))
        .anyMatch(c1 -> c1.startsWith("cudnnBatchNormalizationBackward " + mode));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^MatMul:64x64:64x64:cublas$",
        "^MatMul:64x64:64x64:jcublas$",
        "depthwise input gradient",
        "^Conv2d:8x3.*cudnn$",
        "^BatchRenorm:",
        "^BatchNormInference:"
      })
  void casesAreCheckedCapturedAndSampled(String pattern) {
    GpuCases.Case one =
        GpuCases.matching(GpuCases.Size.QUICK, Pattern.compile(pattern)).stream()
            .filter(each -> Vendor.of(each.name()).isPresent())
            .findFirst()
            .orElseThrow();
    try (Workload workload = one.open().apply(bench)) {
      int calls = cublas.calls().size() + cudnn.calls().size();
      Answer.Measured measured =
          new Sampler(bench.timer(), Optional.empty(), QUESTION)
              .sample(one.name(), workload, workload.check());
      assertThat(measured.checked()).contains("compared with reference");
      assertThat(measured.millis()).hasSize(2).allMatch(Double::isFinite);
      assertThat(measured.bytes()).isPositive();
      assertThat(cublas.calls().size() + cudnn.calls().size()).isEqualTo(calls);
      // What is launched is the op, which the fake now spoils.
      cublas.reset("", 0, FakeLibrary.NOT_A_NUMBER);
      cudnn.reset("", 0, FakeLibrary.NOT_A_NUMBER);
      workload.launch();
      assertThatThrownBy(workload::finish).hasMessageContaining("holds NaN");
    }
  }

  @Test
  void whatIsWrongIsNotTimed() {
    cublas.reset("", 0, 1);
    OpSpec.Case product = at(new MatMul(false, false), Shape.of(3, 5), Shape.of(5, 7));
    for (Precision precision : Precision.values()) {
      assertThatThrownBy(() -> new VendorWorkload(in(precision), Vendor.CUBLAS, product, product))
          .isInstanceOf(SpecFailure.class)
          .hasMessageContaining("by cublas");
    }
    assertThat(cublas.calls().stream().filter(call -> call.startsWith("cublasGemmEx")))
        .hasSize(Precision.values().length);
    cudnn.reset("", 0, 1);
    OpSpec.Case conv = at(Conv2d.of(1, 0), Shape.of(2, 4, 3, 3), Shape.of(8, 4, 1, 1));
    assertThatThrownBy(() -> new VendorWorkload(bench, Vendor.CUDNN, conv, conv))
        .isInstanceOf(SpecFailure.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cublasCreate", "cublasSetStream", "cublasSetWorkspace", "cublasGemmEx"})
  void errorsOfCublasNameTheCallAndItsStatus(String function) {
    OpSpec.Case product = at(new MatMul(false, false), Shape.of(3, 5), Shape.of(5, 7));
    for (Vendor vendor : List.of(Vendor.CUBLAS, Vendor.JCUBLAS)) {
      cublas.reset(function, 13, 0);
      assertThatThrownBy(() -> new VendorWorkload(bench, vendor, product, product))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining(function)
          .hasMessageContaining("failed with status 13 (CUBLAS_STATUS_");
      assertThat(cublas.alive()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cudnnCreate",
        "cudnnSetFilter4dDescriptor",
        "cudnnFindConvolutionForwardAlgorithm",
        "cudnnConvolutionForward"
      })
  void errorsOfCudnnNameTheCallAndItsStatus(String function) {
    OpSpec.Case spec = at(Conv2d.of(1, 0), Shape.of(2, 4, 3, 3), Shape.of(8, 4, 1, 1));
    cudnn.reset(function, 3000, 0);
    assertThatThrownBy(() -> new VendorWorkload(bench, Vendor.CUDNN, spec, spec))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining(function + " of")
        .hasMessageContaining("failed with status 3000 (CUDNN_STATUS_OF_A_FAKE)");
  }

  @Test
  void aLibraryThatIsMissingIsNamed() {
    OpSpec.Case spec = at(new MatMul(false, false), Shape.of(3, 5), Shape.of(5, 7));
    String property = "accrete." + Vendor.CUBLAS.label();
    String fake = System.getProperty(property);
    try {
      System.setProperty(property, "/none/libcublas.so.13");
      assertThatThrownBy(() -> new VendorWorkload(bench, Vendor.CUBLAS, spec, spec))
          .hasMessage("cublas: ACCRETE_CUBLAS names /none/libcublas.so.13, which does not load");
      System.clearProperty(property);
      // Were one installed, it would not know what to do with an emulated device.
      assertThatThrownBy(() -> new VendorWorkload(bench, Vendor.CUBLAS, spec, spec))
          .isInstanceOf(AccreteException.class)
          .hasMessageStartingWith("cublas: not ")
          .hasMessageContaining("ACCRETE_CUBLAS")
          .hasMessageNotContaining("\n");
    } finally {
      System.setProperty(property, fake);
    }
    assertThatCode(() -> VendorCheck.compare(bench, Vendor.CUBLAS, spec, Layout.CANONICAL))
        .doesNotThrowAnyException();
  }
}
