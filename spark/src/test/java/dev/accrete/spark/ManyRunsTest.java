package dev.accrete.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.run.RunConfig;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyRunsTest {
  @TempDir private static Path folder;

  @Test
  void whatIsLeftOfManyRunsIsDone() throws IOException {
    Path data = folder.resolve("data");
    for (String label : Spark.CLASSES) {
      Spark.paint(data.resolve("train"), label, 0, 8);
      Spark.paint(data.resolve("test"), label, 8, 12);
    }
    RunConfig common =
        RunConfig.defaults()
            .with(
                Map.of(
                    "data",
                    "images:" + data,
                    "scenario",
                    "nc:1:1",
                    "model",
                    "small-cnn",
                    "imageSize",
                    Spark.SIDE,
                    "weights",
                    "none",
                    "backend",
                    Spark.BACKEND));
    Path runs = folder.resolve("runs");
    Map<String, RunConfig> planned =
        new Grid(common, List.of("slda", "analytic"), List.of(0), List.of(0L, 1L), Map.of()).runs();
    assertThat(planned).hasSize(4).containsKey("slda-order0-seed1");

    List<ManyRuns.Row> rows = ManyRuns.run(Spark.session(), runs, planned);
    assertThat(rows).hasSize(4).allSatisfy(row -> assertThat(row.accuracy()).isBetween(0.3, 1.0));
    assertThat(runs.resolve("runs.csv")).content().hasLineCount(5).contains("slda-order0-seed1");
    assertThat(runs.resolve("runs.html")).content().contains("analytic");

    // One lost its end: it goes on from its checkpoint; the others are left alone.
    Path lost = runs.resolve("slda-order0-seed1/summary.json");
    Files.delete(lost);
    Path kept = runs.resolve("slda-order0-seed0/summary.json");
    FileTime before = Files.getLastModifiedTime(kept);
    List<ManyRuns.Row> again = ManyRuns.run(Spark.session(), runs, Map.of());
    assertThat(again).extracting(ManyRuns.Row::state).isEqualTo(states(rows));
    assertThat(lost).exists();
    assertThat(Files.getLastModifiedTime(kept)).isEqualTo(before);

    // One that cannot be done is named, and keeps none of the others from being done.
    Files.delete(lost);
    Files.createDirectories(runs.resolve("bad"));
    Files.writeString(runs.resolve("bad/config.json"), "{}");
    assertThatThrownBy(() -> ManyRuns.run(Spark.session(), runs, Map.of()))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("1 of 5 runs failed")
        .hasMessageContaining("bad");
    assertThat(lost).exists();
  }

  private static List<String> states(List<ManyRuns.Row> rows) {
    return rows.stream().map(ManyRuns.Row::state).toList();
  }

  @Test
  void settingsAreCombinedAndNamed() {
    Grid grid =
        new Grid(
            RunConfig.defaults(),
            List.of("naive"),
            List.of(0, 1),
            List.of(7L),
            Map.of("mini-batch", List.of("16", "32")));
    Map<String, RunConfig> runs = grid.runs();
    assertThat(runs)
        .containsOnlyKeys(
            "naive-mini-batch=16-order0-seed7",
            "naive-mini-batch=16-order1-seed7",
            "naive-mini-batch=32-order0-seed7",
            "naive-mini-batch=32-order1-seed7");
    assertThat(runs)
        .hasEntrySatisfying(
            "naive-mini-batch=32-order1-seed7",
            last -> {
              assertThat(last.hyper()).containsEntry("mini-batch", "32");
              assertThat(last.run()).isOne();
              assertThat(last.seed()).isEqualTo(7);
            });
  }
}
