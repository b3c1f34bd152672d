package dev.accrete.bench.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.bench.work.OpWorkload.Pass;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkloadTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static OpWorkload op(Pass pass, int channels, int filters, int kernel, int groups) {
    return new OpWorkload(pass, 2, channels, 8, filters, kernel, 1, groups, true, 2, "vector");
  }

  static List<Workload> all() {
    return List.of(
        new TrainingWorkload(0.5, 64, 32, 2, "vector"),
        new InferenceWorkload(1.0, 128, 1, 2, "vector"),
        new UpdateWorkload(UpdateWorkload.AR1_FREE, 1.0, 128, 300, 1500, 2, "vector"),
        op(Pass.BACKWARD, 16, 16, 3, 16),
        new PeakWorkload(2));
  }

  @ParameterizedTest
  @MethodSource("all")
  void survivesTheTripToAProcess(Workload workload) throws IOException {
    Task task = new Task(workload, new Timing(3, 0.5, 8));
    String text = JSON.writeValueAsString(task);
    assertThat(JSON.readValue(text, Task.class)).isEqualTo(task);
    JsonNode node = JSON.readTree(text).path("workload");
    assertThat(node.path("kind").asText()).isNotEmpty();
    assertThat(node.path("threads").asInt()).isEqualTo(2);
  }

  @Test
  void namesSayWhatDiffers() {
    assertThat(all().stream().map(Workload::name))
        .containsExactly(
            "train-mobilenet-v1-0.5-64-mb32-t2",
            "infer-mobilenet-v1-1.0-128-mb1-t2",
            "update-ar1-free-mobilenet-v1-1.0-128-n300-t2",
            "op-depthwise-3x3-16-8x8-mb2-backward-t2",
            "multiply-add-peak-t2");
    assertThat(op(Pass.FORWARD, 16, 32, 1, 1).name())
        .isEqualTo("op-pointwise-1x1-16to32-8x8-mb2-forward-t2");
    assertThat(op(Pass.FORWARD, 16, 32, 5, 1).name())
        .isEqualTo("op-convolution-5x5-16to32-8x8-mb2-forward-t2");
    assertThat(op(Pass.FORWARD, 16, 16, OpWorkload.NORMALIZATION, 1).name())
        .isEqualTo("op-batch-norm-16-8x8-mb2-forward-t2");
  }

  /** What {@code tensor} of {@code bench/peers/ops.py} gives. */
  @Test
  void elementsAreThoseOfThePythonWorker() {
    assertThat(OpWorkload.element(0, 0)).isEqualTo(-0.6429919f);
    assertThat(OpWorkload.element(1, 12345)).isEqualTo(-0.6562985f);
    assertThat(OpWorkload.element(2, 33_554_431)).isEqualTo(0.34618104f);
  }

  @Test
  void refusesWorkThatIsNone() {
    assertThatThrownBy(() -> new TrainingWorkload(1, 64, 1, 2, "vector"))
        .hasMessageContaining("at least 2 images");
    assertThatThrownBy(
            () -> new UpdateWorkload(UpdateWorkload.AR1_STAR, 1, 64, 300, 10, 2, "vector"))
        .hasMessageContaining("alone has latents");
    assertThatThrownBy(() -> op(Pass.FORWARD, 16, 16, 4, 1)).hasMessageContaining("odd");
    assertThatThrownBy(() -> new Timing(1, 0, 0)).hasMessageContaining("at least 1");
  }
}
