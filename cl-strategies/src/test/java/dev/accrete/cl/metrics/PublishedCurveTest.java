package dev.accrete.cl.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.scenario.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedCurveTest {
  private static final Map<String, String> ORIGINAL_NAMES =
      Map.of(
          "ar1-star", "AR1*",
          "ar1-star-bn", "AR1*_BN",
          "cwr-star", "CWR*",
          "ewc", "EWC",
          "lwf", "LWF",
          "naive", "NAIVE");

  @ParameterizedTest
  @CsvSource({
    "nicv2-79, ar1-star, 63.50, 1.20",
    "nicv2-196, ar1-star, 60.58, 1.43",
    "nicv2-391, ar1-star, 56.32, 1.06",
    "nicv2-79, cwr-star, 57.07, 1.97",
    "nicv2-391, cwr-star, 56.99, 0.96",
    "nicv2-391, ar1-star-bn, 15.68, 0.16",
    "nicv2-391, naive, 8.03, 1.07"
  })
  void finalAccuraciesAreThePublishedOnes(
      String scenario, String strategy, double mean, double sd) {
    PublishedCurve curve = PublishedCurve.find(scenario, strategy).orElseThrow();

    assertThat(100 * curve.finalMean()).isEqualTo(mean, Offset.offset(0.0051));
    assertThat(100 * curve.finalDeviation()).isEqualTo(sd, Offset.offset(0.0051));
    assertThat(curve.curve().getLast()).isEqualTo(curve.finalMean(), Offset.offset(0.0006));
  }

  @Test
  void everyCurveHasAValueBeforeTrainingAndAfterEachBatch() {
    assertThat(PublishedCurve.all()).hasSize(18);
    for (PublishedCurve curve : PublishedCurve.all()) {
      assertThat("nicv2-" + (curve.curve().size() - 1)).isEqualTo(curve.scenario());
      assertThat(curve.runs()).isEqualTo(10);
      assertThat(curve.curve()).allMatch(accuracy -> accuracy > 0 && accuracy < 0.7);
    }
    assertThat(PublishedCurve.find("nicv2-391", "slda")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {79, 196, 391})
  void equalsTheMeansOfTheOriginalRuns(int size) throws IOException {
    Map<String, List<double[]>> runs = originalRuns(size);
    assertThat(runs).hasSize(6);
    ORIGINAL_NAMES.forEach(
        (strategy, original) -> {
          List<double[]> curves = runs.getOrDefault(original, List.of());
          PublishedCurve published = PublishedCurve.find("nicv2-" + size, strategy).orElseThrow();
          assertThat(curves).hasSize(published.runs());
          for (int i = 0; i < published.curve().size(); i++) {
            int point = i;
            double mean = curves.stream().mapToDouble(c -> c[point]).average().orElseThrow();
            assertThat(100 * published.curve().get(i)).isEqualTo(mean, Offset.offset(0.0501));
          }
        });
  }

  /** The curves of each strategy; the files have comment lines and decimal commas. */
  private static Map<String, List<double[]>> originalRuns(int size) throws IOException {
    String file = "data/core50-published/results_" + size + "_multirun.tsv";
    String heading = "# strategy: ";
    Map<String, List<double[]>> runs = new HashMap<>();
    String strategy = "";
    for (String line : Files.readAllLines(SharedFiles.require(file))) {
      if (line.startsWith(heading)) {
        strategy = line.substring(heading.length()).strip();
      } else if (!line.startsWith("#") && !line.isBlank()) {
        runs.computeIfAbsent(strategy, s -> new ArrayList<>())
            .add(
                Arrays.stream(line.strip().split("\t", -1))
                    .mapToDouble(value -> Double.parseDouble(value.replace(',', '.')))
                    .toArray());
      }
    }
    return runs;
  }
}
