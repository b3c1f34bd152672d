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
import java.util.Set;
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
  void namesOfWeightsStayAndFilesAreMadeAbsolute() {
    assertThat(CONFIG.with(Map.of("weights", "none")).weights()).isEqualTo("none");
    assertThat(CONFIG.with(Map.of("weights", "some.bin")).weights())
        .isEqualTo(Path.of("some.bin").toAbsolutePath().toString());
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
    "model, magic, cannot build model 'magic' at 128 pixels: there is no such model",
    "model, mobilenet-v1:x, cannot build model 'mobilenet-v1:x' at 128 pixels",
    "imageSize, 1025, --image-size is 1025",
    "strategies, [null], the setting 'strategies' holds null",
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

  @ParameterizedTest
  @CsvSource({
    "scenario, nicv2-80, no official schedule of 80",
    "run, 77, run is 77",
    "first, 392, the stream has only 391",
    "cumulativeAt, [1], '--cumulative-at is for strategies with a setting cumulative.at'"
  })
  void whatANewRunCannotUseIsToldBeforeAFolderIsMade(String name, String value, String message)
      throws IOException {
    Object parsed = value.matches("[-\\d\\[].*") ? Json.MAPPER.readTree(value) : value;
    RunConfig config = RunConfig.defaults().with(Map.of(name, parsed));
    assertThatThrownBy(() -> config.requireUsable(Set.of(name)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatHasNoEffectIsRefusedWhenItIsNamed() {
    Map<String, Object> changes =
        Map.of("data", "images:x", "strategies", List.of("cumulative"), "framesEvery", 2);
    RunConfig config = RunConfig.defaults().with(changes);
    config.requireUsable(Set.of("data"));
    assertThatThrownBy(() -> config.requireUsable(Set.of("framesEvery")))
        .hasMessageContaining("--frames-every 2 is for data with frames");
    RunConfig sampled = config.with(Map.of("cumulativeAt", List.of(7)));
    sampled.requireUsable(Set.of("cumulativeAt"));
    sampled.requireWithin(7);
    assertThatThrownBy(() -> sampled.requireWithin(6)).hasMessageContaining("--cumulative-at is 7");
    RunConfig twice = sampled.with(Map.of("hyper", Map.of("cumulative:cumulative.at", "3")));
    assertThatThrownBy(() -> twice.requireUsable(Set.of("cumulativeAt")))
        .hasMessageContaining("say the same");
  }

  @Test
  void aResumeWithOtherStrategiesSaysWhichTheRunHas() {
    try (RunDirectory directory = RunDirectory.create(folder.resolve("run"))) {
      directory.write(CONFIG.with(Map.of("hyper", Map.of("naive:mini-batch", "8"))));
      assertThatThrownBy(() -> directory.config(Map.of("strategies", List.of("slda"))))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("has strategies = naive,slda")
          .hasMessageContaining("--strategy slda");
      assertThat(directory.config(Map.of("strategies", List.of("naive", "slda"))).hyper())
          .containsKey("naive:mini-batch");
    }
  }

  @Test
  void aPluginThatMovedIsNamedAndFoundWhereTheCommandLineSays() throws IOException {
    Path first = plugin("first");
    try (RunDirectory directory = RunDirectory.create(folder.resolve("run"))) {
      directory.write(CONFIG.with(Map.of("plugins", List.of(first.toString()))));
      Path moved = folder.resolve("moved");
      Files.move(first, moved);
      assertThatThrownBy(directory::config)
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("uses the plug-in " + first)
          .hasMessageContaining("--plugins")
          .message()
          .doesNotContain("config.json");
      assertThat(directory.config(Map.of("plugins", List.of(moved.toString()))).plugins())
          .containsExactly(moved.toString());
    }
  }

  private Path plugin(String name) throws IOException {
    Path plugin = folder.resolve(name);
    Files.createDirectories(plugin.resolve("META-INF/services"));
    return plugin;
  }

  @Test
  void aSettingThatIsMissingIsNamed() throws IOException {
    Path run = folder.resolve("run");
    try (RunDirectory directory = RunDirectory.create(run)) {
      directory.write(CONFIG);
      Path file = run.resolve("config.json");
      String whole = Files.readString(file);
      for (String without : new String[] {"\"strategies\" : null,", ""}) {
        Files.writeString(file, whole.replaceFirst("(?s)\"strategies\" : \\[.*?\\],", without));
        assertThatThrownBy(directory::config)
            .isInstanceOf(AccreteException.class)
            .hasMessageContaining("the setting 'strategies' is missing");
      }
    }
  }

  @Test
  void aStartThatFailedLeavesNoFolder() {
    RunDirectory.create(folder.resolve("runs/one")).close();
    assertThat(folder).isEmptyDirectory();
    assertThatThrownBy(() -> RunDirectory.read(folder.resolve("nowhere")))
        .hasMessageContaining("check --out")
        .message()
        .doesNotContain("--resume");
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
