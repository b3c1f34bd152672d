package dev.accrete.bench.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.bench.work.Machine;
import dev.accrete.bench.work.Measurement;
import dev.accrete.bench.work.TrainingWorkload;
import dev.accrete.core.AccreteException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepReportTest {
  private static final TrainingWorkload WORKLOAD = new TrainingWorkload(1, 128, 32, 2, "auto");

  private static Measurement measurement(String engine, long parameters, double... millis) {
    List<Double> steps = Arrays.stream(millis).boxed().toList();
    return new Measurement(
        engine,
        List.of(),
        parameters,
        1_000_000,
        steps,
        5,
        900,
        1200,
        4,
        1,
        List.of(),
        0,
        1 << 20,
        0);
  }

  private static StepReport.Round round(double ours, double peer) {
    return new StepReport.Round(
        0,
        measurement("ours", 5, ours, 1000, ours / 2),
        List.of(measurement("peer", 5, peer, 2000, peer / 2)));
  }

  @Test
  void takesMediansOfMedians() {
    StepReport.Case figures =
        StepReport.Case.of(WORKLOAD, List.of(round(10, 15), round(20, 20), round(40, 120)));
    assertThat(figures.name()).isEqualTo("train-mobilenet-v1-1.0-128-mb32-t2");
    assertThat(figures.oursMs()).isEqualTo(20);
    assertThat(figures.peerMs()).isEqualTo(20);
    // Of the ratios 1.5, 1 and 3 of the rounds, which is not the ratio of the medians.
    assertThat(figures.ratio()).isEqualTo(1.5, within(1e-12));
    assertThat(figures.gflops()).isEqualTo(2 * 1e6 / 0.020 / 1e9, within(1e-12));
    assertThat(figures.samples()).isEqualTo(9);
  }

  @Test
  void leavesThePeersFiguresAtZeroWithoutOne() {
    StepReport.Round alone = new StepReport.Round(0, measurement("ours", 5, 10), List.of());
    StepReport.Case figures = StepReport.Case.of(WORKLOAD, List.of(alone));
    assertThat(figures.oursMs()).isEqualTo(10);
    assertThat(figures.peer()).isEmpty();
    assertThat(figures.ratio()).isZero();
  }

  @Test
  void refusesToCompareDifferentNetworks() {
    StepReport.Round unequal =
        new StepReport.Round(0, measurement("ours", 5, 10), List.of(measurement("peer", 6, 10)));
    assertThatThrownBy(() -> StepReport.Case.of(WORKLOAD, List.of(unequal)))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("ours trains 5")
        .hasMessageContaining("peer 6");
  }

  @Test
  void isJsonWithTheNamesReadersExpect() throws Exception {
    StepReport report =
        new StepReport(
            1,
            Machine.here(),
            List.of(),
            List.of(StepReport.Case.of(WORKLOAD, List.of(round(10, 15)))),
            List.of());
    JsonNode json = new ObjectMapper().valueToTree(report);
    assertThat(json.path("schema").asInt()).isEqualTo(1);
    assertThat(json.path("machine").path("processors").asInt()).isPositive();
    JsonNode figures = json.path("cases").path(0);
    assertThat(figures.path("oursMs").asDouble()).isEqualTo(10);
    assertThat(figures.path("peerMs").asDouble()).isEqualTo(15);
    assertThat(figures.path("ratio").asDouble()).isEqualTo(1.5);
    assertThat(figures.path("rounds").path(0).path("ours").path("runMillis")).hasSize(3);
  }
}
