package dev.accrete.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Precision;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GpuCasesTest {
  private static List<String> names(GpuCases.Size size) {
    return GpuCases.all(size).stream().map(GpuCases.Case::name).toList();
  }

  @Test
  void coverWhatTrainingMobileNetConsistsOf() {
    assertThat(names(GpuCases.Size.FULL))
        .doesNotHaveDuplicates()
        .contains(
            "Conv2d:128x3x128x128:32x3x3x3:s2",
            "Conv2d:128x32x64x64:64x32x1x1",
            "Conv2d:128x512x8x8:512x1x3x3",
            "Conv2dWeightGrad:128x512x8x8:128x512x8x8:to512x512x1x1",
            "Conv2dWeightGrad:128x512x8x8:128x512x8x8:to512x1x3x3",
            "BatchRenorm:128x1024x4x4:1024:1024:1024:1024:3",
            "MatMul:8192x8192:8192x8192",
            "MatMul:4096x4096:4096x4096:bf16:hopper",
            "Conv2dWeightGrad:128x512x8x8:128x512x8x8:to512x512x1x1:tf32:portable",
            "SymmetricUpdate:64x2144:2299440",
            "CholeskyFactor:2299440",
            "TriangularSolve:2299440:50x2144:t",
            "ConsolidateHead:50x1024:50:50x1024:50",
            "GatherLatents:128:304x512x8x8:1500x512x8x8:f32",
            "GatherLatents:128:304x512x8x8:1500x512x8x8:1500x1024:u8",
            "ScatterLatents:128x512x8x8:128:1500x512x8x8:f32",
            "MatMul:8192x8192:8192x8192:tf32",
            "MatMul:8192x8192:8192x8192:bf16",
            "Conv2d:128x32x64x64:64x32x1x1:bf16",
            "Conv2dWeightGrad:128x512x8x8:128x512x8x8:to512x512x1x1:tf32",
            "step:ar1-star:tf32",
            "step:latent-replay:bf16",
            "experience:nicv2-391:bf16",
            "step:batch-norm",
            "step:ar1-star",
            "step:latent-replay",
            "experience:nicv2-391");
  }

  @Test
  void whatTensorCoresDoNotDoIsTimedOnce() {
    assertThat(names(GpuCases.Size.FULL))
        .filteredOn(name -> name.endsWith("f32") || name.endsWith(":bf16"))
        .noneMatch(name -> name.startsWith("Conv2d:128x512x8x8:512x1x3x3"))
        .noneMatch(name -> name.startsWith("Conv2d:128x3x128x128"))
        .noneMatch(name -> name.startsWith("Relu"));
    assertThat(GpuCases.all(GpuCases.Size.QUICK))
        .extracting(GpuCases.Case::precision)
        .contains(Precision.FP32, Precision.TF32, Precision.BF16)
        .isSorted();
  }

  @Test
  void librariesFollowWhatTheyHaveToo() {
    List<String> names = names(GpuCases.Size.FULL);
    assertThat(names)
        .containsSubsequence(
            "Conv2d:128x3x128x128:32x3x3x3:s2", "Conv2d:128x3x128x128:32x3x3x3:s2:cudnn")
        .containsSubsequence(
            "MatMul:512x512:512x512:tf32",
            "MatMul:512x512:512x512:tf32:cublas",
            "MatMul:512x512:512x512:tf32:jcublas")
        .contains(
            "Conv2dInputGrad:128x512x8x8:512x1x3x3:cudnn",
            "Conv2d:128x32x64x64:64x32x1x1:tf32:cudnn",
            "BatchRenorm:128x1024x4x4:1024:1024:1024:1024:3:cudnn",
            "BatchNormInference:128x1024x4x4:1024:1024:1024:1024:cudnn")
        .noneMatch(name -> name.matches("Relu.*:cudnn|Conv.*:bf16:cudnn|.*:hopper:.*"));
  }

  @Test
  void whatIsSparseIsChosenPackedAndUpdated() {
    assertThat(GpuCases.all(GpuCases.Size.FULL))
        .extracting(GpuCases.Case::family)
        .contains("SparseSgdSynaptic", "SelectParameters", "PackSelected", "UnpackSelected");
  }

  @Test
  void aRehearsalHasEveryFamilyOfTheRealThing() {
    assertThat(GpuCases.all(GpuCases.Size.QUICK))
        .extracting(GpuCases.Case::family)
        .containsAll(GpuCases.all(GpuCases.Size.FULL).stream().map(GpuCases.Case::family).toList());
    assertThat(names(GpuCases.Size.QUICK)).hasSizeLessThan(100).doesNotHaveDuplicates();
  }

  @Test
  void aPatternFindsNamesAndFamilies() {
    assertThat(GpuCases.matching(GpuCases.Size.QUICK, Pattern.compile("depthwise weight")))
        .extracting(GpuCases.Case::name)
        .hasSize(2)
        .allMatch(name -> name.startsWith("Conv2dWeightGrad"));
    assertThat(GpuCases.matching(GpuCases.Size.QUICK, Pattern.compile("^step:")))
        .hasSize(Precision.values().length * StepKind.values().length);
  }

  @Test
  void timesHaveSettledWhenTheMedianStaysWithinTwoPercent() {
    List<Double> falling = List.of(9.0, 8.0, 7.0, 6.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0);
    assertThat(Sampler.isSettled(falling)).isFalse();
    assertThat(Sampler.isSettled(List.of(5.0, 5.0, 5.0))).isFalse();
    assertThat(Sampler.isSettled(List.of(9.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.05)))
        .isTrue();
  }

  /** Else their shares would be of a limit that is not theirs. */
  @Test
  void whatTensorCoresTakePartInIsKnownByItsName() {
    for (GpuCases.Size size : GpuCases.Size.values()) {
      assertThat(GpuCases.all(size)).allMatch(one -> TensorCores.of(one.name()) == one.precision());
    }
  }
}
