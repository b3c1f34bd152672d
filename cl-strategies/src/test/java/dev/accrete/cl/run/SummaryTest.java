package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SummaryTest {
  @TempDir private Path folder;

  private JsonNode summary(RunConfig config) throws IOException {
    TinyRun.run(folder, config, RunObserver.NONE);
    return Json.MAPPER.readTree(Files.readString(folder.resolve("summary.json")));
  }

  private static List<String> names(JsonNode node) {
    return node.properties().stream().map(Map.Entry::getKey).toList();
  }

  @Test
  void theLayoutIsFixed() throws IOException {
    JsonNode summary = summary(TinyRun.config());
    assertThat(names(summary))
        .containsAll(
            List.of(
                "schema",
                "scenario",
                "run",
                "data",
                "model",
                "imageSize",
                "seed",
                "backend",
                "retraining",
                "strategies"));
    assertThat(summary.get("schema").asInt()).isEqualTo(1);
    assertThat(summary.get("scenario").asText()).isEqualTo("nicv2-6");
    assertThat(names(summary.get("strategies"))).isEqualTo(TinyRun.STRATEGIES);
    JsonNode ar1 = summary.at("/strategies/ar1-star");
    assertThat(names(ar1))
        .containsExactly(
            "finalAccuracy",
            "averageAccuracy",
            "forgetting",
            "worstFall",
            "groupAccuracy",
            "trainMacs",
            "trainSeconds",
            "peakBytes",
            "stateSha256",
            "savings");
    assertThat(names(ar1.at("/savings/seed/compute"))).containsExactly("average", "last");
    assertThat(names(ar1.at("/savings/seed/memory"))).containsExactly("average", "last");
    assertThat(names(ar1.at("/savings/measured"))).containsExactly("compute", "seconds", "memory");
    assertThat(names(ar1.at("/savings/measured/compute")))
        .containsExactly("average", "last", "stream");
    assertThat(summary.at("/strategies/cumulative/savings").isMissingNode()).isTrue();
  }

  @Test
  void sampledAndCappedRetrainingIsSaid() throws IOException {
    JsonNode retraining = summary(TinyRun.config()).get("retraining");
    assertThat(retraining.get("sampled").asBoolean()).isTrue();
    assertThat(retraining.get("cumulativeAt").toString()).isEqualTo("[1,3,6]");
    assertThat(retraining.get("epochs").toString()).isEqualTo("[2,2,2]");
    assertThat(retraining.get("ruleEpochs").toString()).isEqualTo("[4,22,50]");
  }

  @Test
  void theSeedAccountingGivesThePublishedSavingOfComputation() throws IOException {
    JsonNode seed = summary(TinyRun.config()).at("/strategies/ar1-star/savings/seed/compute");
    assertThat(seed.get("average").asDouble()).isCloseTo(0.46, within(1e-9));
    assertThat(seed.get("last").asDouble()).isCloseTo(0.92, within(1e-9));
  }

  @Test
  void theMeasuredSavingAtTheLastExperienceIsThatOfTheTwoCosts() throws IOException {
    List<Ledger> ledgers = TinyRun.run(folder, TinyRun.config(), RunObserver.NONE);
    double ar1 = ledgers.get(0).rows().getLast().cost().macs();
    // Two epochs were run where the rule asks for fifty.
    double retrained = ledgers.get(2).rows().getLast().cost().macs() / 2.0 * 50;
    JsonNode summary = Json.MAPPER.readTree(Files.readString(folder.resolve("summary.json")));
    assertThat(summary.at("/strategies/ar1-star/savings/measured/compute/last").asDouble())
        .isCloseTo(1 - ar1 / retrained, within(1e-9));
  }

  @Test
  void withoutRetrainingNothingIsSaidOfMeasuredSavings() throws IOException {
    JsonNode summary = summary(TinyRun.config("naive"));
    assertThat(summary.has("retraining")).isFalse();
    assertThat(summary.at("/strategies/naive/savings/measured").isMissingNode()).isTrue();
    assertThat(summary.at("/strategies/naive/savings/seed/compute/last").asDouble())
        .isCloseTo(0.96, within(1e-9));
  }

  @Test
  void ofOneExperienceNothingCanBeForgotten() throws IOException {
    RunConfig one = TinyRun.config("naive", "ar1-star").with(Map.of("first", 1));
    JsonNode summary = summary(one);
    assertThat(summary.at("/strategies/naive").has("forgetting")).isFalse();
    assertThat(summary.at("/strategies/naive").has("finalAccuracy")).isTrue();
    assertThat(Files.readString(folder.resolve("report.html"))).contains("<td>-</td>");
  }
}
