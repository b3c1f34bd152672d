package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.strategy.ConfiguredStrategy;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OriginTest {
  private static final RunConfig CONFIG = TinyRun.config("naive", "slda");

  @TempDir private Path folder;

  private static Origin origin(String strategy, RunConfig config) {
    try (RunInputs inputs = TinyRun.inputs()) {
      ConfiguredStrategy<?> configured =
          RunLoop.configured(config, inputs).stream()
              .filter(one -> one.name().equals(strategy))
              .findFirst()
              .orElseThrow();
      return Origin.of(configured, config, inputs);
    }
  }

  @Test
  void itComesBackFromItsText() {
    Origin origin = origin("naive", CONFIG);
    assertThat(Origin.parse(origin.text())).isEqualTo(origin);
    assertThat(origin.facts())
        .containsEntry("run", "0")
        .containsEntry("seed", "0")
        .containsEntry("setting mini-batch", "4")
        .containsEntry("inputs", "tiny inputs")
        .containsKey("stream");
  }

  @ParameterizedTest
  @CsvSource({
    "run, 2",
    "seed, 1",
    "model, mlp:4",
    "imageSize, 64",
    "scoring, published",
    "testEvery, 3",
    "framesEvery, 2",
    "scenario, nicv2-7",
    "first, 3"
  })
  void whatDecidesIsToldApart(String name, String value) {
    RunConfig other = CONFIG.with(Map.of(name, name.equals("scoring") ? "PUBLISHED" : value));
    assertThat(origin("naive", CONFIG).difference(origin("naive", other)).orElseThrow())
        .startsWith(name + " = ")
        .endsWith("this run has " + value);
  }

  @Test
  void settingsOfOthersAndWhatDecidesNothingAreNot() {
    RunConfig other =
        CONFIG.with(
            Map.of(
                "threads",
                3,
                "checkpointEvery",
                2,
                "data",
                "images:moved",
                "hyper",
                Map.of("mini-batch", "4", "slda:slda.shrinkage", "0.1")));
    assertThat(origin("naive", CONFIG).difference(origin("naive", other))).isEmpty();
    assertThat(origin("slda", CONFIG).difference(origin("slda", other)).orElseThrow())
        .startsWith("setting slda.shrinkage = ")
        .endsWith("this run has 0.1");
  }

  @Test
  void inputsThatMayDifferAreLeftOut() {
    SortedMap<String, String> facts = new TreeMap<>(origin("naive", CONFIG).facts());
    facts.put("inputs", "train a, test b, weights c for [0.5, 0.5], backend vector");
    Origin made = new Origin(facts);
    facts.put("inputs", "train a, test other, weights c for [0.5, 0.5], backend cuda in tf32");
    facts.put("stream", "other");
    facts.put("plugins", "/moved.jar");
    Origin now = new Origin(facts);
    Set<String> free = Set.of("test", "backend");
    assertThat(made.difference(now)).isPresent();
    assertThat(made.without(Set.of("backend")).difference(now.without(Set.of("backend"))))
        .isPresent();
    assertThat(made.without(free).difference(now.without(free))).isEmpty();
    facts.put("inputs", "train renamed, test other, weights c for [0.5, 0.5], backend cuda");
    assertThat(made.without(free).difference(new Origin(facts).without(free)).orElseThrow())
        .contains("train a", "train renamed");
  }

  @Test
  void anEditedConfigurationIsRefusedInOneLine() throws IOException {
    Path run = folder.resolve("run");
    TinyRun.run(run, CONFIG, RunObserver.NONE);
    Path file = run.resolve("config.json");
    String before = Files.readString(file);
    Files.writeString(file, before.replace("\"run\" : 0", "\"run\" : 2"));
    assertThat(Files.readString(file)).isNotEqualTo(before);
    RunConfig edited;
    try (RunDirectory directory = RunDirectory.read(run)) {
      edited = directory.config();
    }
    assertThatThrownBy(() -> TinyRun.run(run, edited, RunObserver.NONE))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("run = 0, this run has 2")
        .hasMessageContaining("--out")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void aRefusedNewPlaceOfTheDataIsNotRemembered() throws IOException {
    Path run = folder.resolve("run");
    TinyRun.run(run, CONFIG, RunObserver.NONE);
    String before = Files.readString(run.resolve("config.json"));
    try (RunDirectory directory = RunDirectory.resume(run);
        RunInputs same = TinyRun.inputs()) {
      RunConfig moved = directory.config(Map.of("data", "images:elsewhere"));
      RunInputs other =
          new RunInputs(
              same.scenario(),
              same.train(),
              same.test(),
              same.context(),
              "random",
              6,
              "other data");
      assertThatThrownBy(() -> new RunLoop(moved, directory, other, RunObserver.NONE).run())
          .isInstanceOf(AccreteException.class);
      assertThat(Files.readString(run.resolve("config.json"))).isEqualTo(before);
      new RunLoop(moved, directory, same, RunObserver.NONE).run();
      assertThat(directory.config().data())
          .isEqualTo("images:" + Path.of("elsewhere").toAbsolutePath());
    }
  }
}
