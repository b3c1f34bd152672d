package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.scenario.Scoring;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunConfigTest {
  private static final RunConfig CONFIG =
      RunConfig.defaults()
          .with(
              Map.of(
                  "scenario",
                  "nicv2-79",
                  "strategies",
                  List.of("naive", "slda"),
                  "scoring",
                  Scoring.PUBLISHED,
                  "cumulativeAt",
                  List.of(50, 1, 50),
                  "hyper",
                  Map.of("mini-batch", "32"),
                  "seed",
                  1L << 40));

  @TempDir private Path folder;

  @Test
  void jsonBringsBackTheSame() {
    assertThat(RunConfig.of(CONFIG.tree())).isEqualTo(CONFIG);
    assertThat(CONFIG.cumulativeAt()).containsExactly(1, 50);
  }

  @Test
  void theCommandLineNamesWhatDiffersFromTheDefaults() {
    assertThat(CONFIG.commandLine())
        .isEqualTo(
            "./accrete run --scenario nicv2-79 --strategy naive,slda --data sim --model"
                + " mobilenet-v1:1.0 --scoring published --cumulative-at 1,50 --hyper mini-batch=32"
                + " --seed 1099511627776");
  }

  @ParameterizedTest
  @CsvSource({
    "imageSize, 4, --image-size is 4",
    "run, -1, --run is -1",
    "framesEvery, 0, --frames-every is 0",
    "threads, 0, --threads is 0",
    "testEvery, 0, --test-every is 0",
    "scenario, nicv3, unknown scenario 'nicv3'",
    "strategies, '[\"magic\"]', unknown strategy 'magic'",
    "nonsense, 1, unknown setting 'nonsense'"
  })
  void wrongSettingsAreNamedWithTheirValue(String name, String value, String message)
      throws IOException {
    Object parsed = value.matches("[-\\d\\[].*") ? Json.MAPPER.readTree(value) : value;
    assertThatThrownBy(() -> RunConfig.defaults().with(Map.of(name, parsed)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aResumeMayRepeatSettingsButNotChangeThem() {
    try (RunDirectory directory = RunDirectory.create(folder.resolve("run"))) {
      directory.write(CONFIG.with(Map.of("backend", "reference")));
    }
    try (RunDirectory directory = RunDirectory.resume(folder.resolve("run"))) {
      assertThat(directory.config(Map.of("scenario", "nicv2-79", "backend", "auto")).backend())
          .isEqualTo("reference");
      assertThat(directory.config(Map.of("threads", 7)).threads()).isEqualTo(7);
      assertThatThrownBy(() -> directory.config(Map.of("imageSize", 64)))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("imageSize = 128")
          .hasMessageContaining("--image-size 64")
          .hasMessageContaining("leave the option out");
    }
  }

  @Test
  void aFolderWithARunIsNotOverwritten() {
    Path run = folder.resolve("run");
    try (RunDirectory directory = RunDirectory.create(run)) {
      directory.write(CONFIG);
    }
    assertThatThrownBy(() -> RunDirectory.create(run))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("--resume");
    assertThatThrownBy(() -> RunDirectory.resume(folder.resolve("elsewhere")))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("no run in");
  }

  @Test
  void twoRunsInOneFolderAreRefused() {
    Path run = folder.resolve("run");
    try (RunDirectory directory = RunDirectory.create(run)) {
      assertThat(directory.path()).isEqualTo(run);
      assertThatThrownBy(() -> RunDirectory.create(run))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("in use");
    }
  }

  @Test
  void aDamagedConfigurationIsNamed() throws IOException {
    Path run = folder.resolve("run");
    try (RunDirectory directory = RunDirectory.create(run)) {
      directory.write(CONFIG);
      byte[] whole = Files.readAllBytes(run.resolve("config.json"));
      for (int length : new int[] {0, 1, 10, whole.length / 2, whole.length - 3}) {
        Files.write(run.resolve("config.json"), Arrays.copyOf(whole, length));
        assertThatThrownBy(directory::config)
            .as("cut to %d bytes", length)
            .isInstanceOf(AccreteException.class)
            .hasMessageContaining("config.json");
      }
    }
  }
}
