package dev.accrete.production.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyTest {
  private static Policy parse(String text) {
    return Policy.parse(text, "policy.yaml");
  }

  @Test
  void theDefaultFileIsTheDefaultAndExplainsEveryKey() {
    String yaml = Policy.DEFAULT.toYaml();
    assertThat(parse(yaml)).isEqualTo(Policy.DEFAULT);
    List<String> lines = yaml.lines().toList();
    for (PolicyForm.Section<?> section : PolicyForm.SECTIONS) {
      assertThat(lines).contains(section.name() + ":");
    }
    for (String name : PolicyForm.names()) {
      String key = "  " + name.substring(name.indexOf('.') + 1) + ":";
      int at = lines.indexOf(lines.stream().filter(l -> l.startsWith(key)).findFirst().orElse(""));
      assertThat(at).as(name).isPositive();
      assertThat(lines.get(at - 1)).as("comment above " + name).startsWith("  #");
    }
    assertThat(lines).allMatch(line -> line.length() <= 100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "# nothing\n", "gate:\n", "ingest: {}\n", "\ufeffgate: {}\n", "---\n"})
  void whatIsNotSaidIsTheDefault(String text) {
    assertThat(parse(text)).isEqualTo(Policy.DEFAULT);
  }

  @Test
  void aListTakesThePlaceOfTheDefaultOne() {
    Policy policy =
        parse(
            """
            gate:
              changes: []
              values:
                - metric: log-loss
                  limit: 2.5
                - {metric: accuracy, slice: "day=2026-01-31,subject=7", limit: 0.5, direction: lower}
              recall-floors: [{class: cat, floor: 0.9}]
            """);
    assertThat(policy.changes()).isEmpty();
    assertThat(policy.values())
        .containsExactly(
            ValueRule.of(Metric.LOG_LOSS, "all", 2.5),
            new ValueRule(Metric.ACCURACY, "day=2026-01-31,subject=7", 0.5, Direction.LOWER));
    assertThat(policy.recallFloor("cat")).isEqualTo(0.9);
    assertThat(policy.recallFloor("dog")).isEqualTo(Policy.DEFAULT.gate().recallFloor());
    assertThat(policy.ingest()).isEqualTo(IngestPolicy.DEFAULT);
  }

  static List<List<String>> mistakes() {
    return List.of(
        List.of(
            "ingest:\n  regression-share: 0.9\n",
            "policy.yaml line 2: ingest.regression-share is '0.9', must be at least 0 and at most"
                + " 0.5"),
        List.of(
            "ingest:\n  regression-share: many\n",
            "policy.yaml line 2: ingest.regression-share is 'many', must be at least 0 and at most"
                + " 0.5"),
        List.of(
            "gate:\n  recall-floor: .nan\n",
            "policy.yaml line 2: gate.recall-floor is '.nan', must be at least 0 and at most 1"),
        List.of("serve:\n  shadow: maybe\n", "policy.yaml line 2: serve.shadow is 'maybe'"),
        List.of("notify:\n  when:\n", "policy.yaml line 2: notify.when is nothing, must be one of"),
        List.of(
            "notify:\n  command: [mail, -s, a day, me]\n",
            "policy.yaml line 2: notify.command is a list, must be one text, such as command:"
                + " \"mail -s 'a day' me\""),
        List.of("notify:\n  webhook: {}\n", "notify.webhook is keys with values, must be one text"),
        List.of("notify:\n  when: []\n", "notify.when is a list, must be one of always, problems"),
        List.of(
            "gate:\n\n  min-imges: 3\n",
            "policy.yaml line 3: there is no key gate.min-imges; did you mean gate.min-images"),
        List.of(
            "gate:\n  regression-share: 0.2\n",
            "there is no key gate.regression-share; did you mean ingest.regression-share?"),
        List.of("gates:\n  min-images: 3\n", "no section gates; did you mean gate?"),
        List.of(
            "gate:\n  min-images: 3\n  min-images: 4\n",
            "policy.yaml line 3: this is no sound YAML (Duplicate field 'min-images')"),
        List.of("gate: {a: 1\n", "policy.yaml line 2: this is no sound YAML"),
        List.of("gate: 7\n", "policy.yaml line 1: gate is '7', must be keys with values"),
        List.of("- 7\n", "policy.yaml line 1: this is a list, must be sections with keys"),
        List.of("gate: {}\n---\ngate: {}\n", "a second document begins here"),
        List.of(
            "gate:\n  confidence: &c 0.9\n  recall-floor: *c\n",
            "policy.yaml line 3: aliases (*name) are not read"),
        List.of("gate:\n  values: {}\n", "gate.values is keys with values, must be a list"),
        List.of("gate:\n  values: [0.3]\n", "gate.values[1] is '0.3', must be keys with values"),
        List.of("gate:\n  values:\n    - metric: accuracy\n", "gate.values[1] lacks limit"),
        List.of(
            "gate:\n  values: [{metric: acuracy, limit: 1}]\n",
            "gate.values[1].metric is 'acuracy', must be one of accuracy, balanced-accuracy"),
        List.of(
            "gate:\n  values: [{metrics: accuracy, limit: 1}]\n",
            "there is no key metrics in gate.values[1]; it has metric, slice, limit, direction"),
        List.of(
            "gate:\n  values:\n    - metric: accuracy\n      limit: 1\n      slice: cats\n",
            "policy.yaml line 5: gate.values[1].slice 'cats' must be all, or feature=value"),
        List.of(
            "gate:\n  changes: [{metric: negative-flip-rate, max-loss: 1}]\n",
            "gate.changes[1].metric is 'negative-flip-rate', must be one of accuracy"),
        List.of(
            "gate:\n  values: [{metric: accuracy, limit: 1}, {metric: accuracy, limit: 0.5}]\n",
            "policy.yaml: gate.values has two rules for accuracy of all"),
        List.of(
            "gate:\n  values: [{metric: recall, limit: 1}]\n",
            "policy.yaml: gate.values: recall of all has no class"),
        List.of(
            "gate:\n  recall-floors: [{class: a, floor: 1}, {class: a, floor: 0}]\n",
            "gate.recall-floors names class 'a' twice"),
        List.of(
            "ingest: {latents-refuse: 0.2}\n",
            "policy.yaml: ingest.latents-warn is 0.4, must not be above ingest.latents-refuse"
                + " (0.2)"),
        List.of(
            "ingest: {duplicate-distance: 40}\n",
            "policy.yaml: ingest.duplicate-distance is 40, must be at least 0 and at most 31, or"
                + " off"),
        List.of(
            "notify: {webhook: 'ftp://example.org'}\n",
            "policy.yaml: notify.webhook is 'ftp://example.org', must be a URL of http or https"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsOneLineThatNamesFileKeyValueAndRange(List<String> textAndMessage) {
    assertThatThrownBy(() -> parse(textAndMessage.getFirst()))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining(textAndMessage.getLast())
        .hasMessageStartingWith("policy.yaml")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void severalContradictionsAreNamedTogether() {
    assertThatThrownBy(() -> parse("ingest: {latents-refuse: 0.2, class-mix-refuse: 0.1}\n"))
        .hasMessageContaining("latents-warn")
        .hasMessageContaining("class-mix-warn");
  }

  @Test
  void valuesThatConstrainEachOtherAreAppliedTogether() {
    Policy policy = parse("ingest: {latents-refuse: 0.2, latents-warn: 0.1}\n");
    assertThat(policy.ingest().latentsRefuse()).isEqualTo(0.2);
  }

  @Test
  void aProgramIsCheckedToo() {
    assertThatThrownBy(
            () ->
                new Policy(
                    Policy.DEFAULT.ingest(),
                    Policy.DEFAULT.gate(),
                    List.of(),
                    List.of(),
                    List.of(new RecallFloor("cat", 1.5)),
                    Policy.DEFAULT.retention(),
                    Policy.DEFAULT.retrain(),
                    Policy.DEFAULT.serve(),
                    Policy.DEFAULT.notification(),
                    new CostPolicy(0.1, "EUR")))
        .hasMessageContaining("gate.recall-floors[1].floor is 1.5, must be at least 0");
  }

  @Test
  void filesAreReadAndWritten(@TempDir Path folder) throws IOException {
    Path file = folder.resolve(Policy.FILE);
    assertThatThrownBy(() -> Policy.read(file)).hasMessageContaining("there is no policy " + file);
    Policy.DEFAULT.write(file);
    assertThat(Policy.read(file)).isEqualTo(Policy.DEFAULT);
    Files.write(file, "notify: {command: caf\u00e9}".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Policy.read(file)).hasMessageContaining("no text in UTF-8");
    Files.writeString(file, "#".repeat(2 << 20));
    assertThatThrownBy(() -> Policy.read(file)).hasMessageContaining("a policy has at most");
  }

  @Test
  void whatIsUnsetIsEmpty() {
    Policy none = Policy.DEFAULT;
    assertThat(none.retrain().every()).isEmpty();
    assertThat(none.notification().webhookUri()).isEmpty();
    assertThat(none.notification().commandLine()).isEmpty();
    assertThat(none.serve().tokens(Path.of("a/policy.yaml"))).isEmpty();
    Policy some =
        parse(
            """
            ingest: {duplicate-distance: off}
            retrain: {every-days: 30}
            notify: {webhook: "https://example.org/hook", command: "mail -s 'a b' me"}
            serve: {tokens-file: tokens.yaml, max-requests-per-second: 5}
            """);
    assertThat(some.ingest().nearDuplicates()).isEmpty();
    assertThat(none.ingest().nearDuplicates()).hasValue(4);
    assertThat(some.retrain().every()).hasValue(30);
    assertThat(some.notification().webhookUri()).contains(URI.create("https://example.org/hook"));
    assertThat(some.notification().commandLine()).contains("mail -s 'a b' me");
    assertThat(some.serve().tokens(Path.of("/a/policy.yaml"))).contains(Path.of("/a/tokens.yaml"));
    assertThat(some.serve().requestsPerSecond()).hasValue(5);
    assertThat(parse(some.toYaml())).isEqualTo(some);
  }

  @Test
  void anHourOfAProcessorHasItsPrice() {
    assertThat(new CostPolicy(0.06, "EUR").price(1800)).isEqualTo(0.03);
  }

  @Property(tries = 200)
  void whateverIsWrittenIsReadBack(
      @ForAll @NotBlank String text,
      @ForAll @DoubleRange(min = -10, max = 10) double limit,
      @ForAll @IntRange(min = 2, max = 1_000_000) int kept,
      @ForAll Direction direction) {
    String word = text.strip();
    if (word.isBlank()) {
      return;
    }
    Policy old = Policy.DEFAULT;
    Policy policy =
        new Policy(
            old.ingest(),
            old.gate(),
            List.of(
                new ValueRule(
                    Metric.LOG_LOSS,
                    new Selector(java.util.Map.of("class", word)).toString(),
                    limit,
                    direction == Direction.SAME ? Direction.METRIC : direction)),
            List.of(
                new ChangeRule(
                    Metric.ACCURACY,
                    "all",
                    limit,
                    ChangeRule.Kind.RELATIVE,
                    direction,
                    ChangeRule.By.SAFETY_PROVEN)),
            List.of(new RecallFloor(word, 0.5)),
            new RetentionPolicy(kept, Integer.MAX_VALUE),
            old.retrain(),
            old.serve(),
            new NotifyPolicy("none", word, NotifyPolicy.When.ALWAYS, 7),
            new CostPolicy(0.125, word));
    assertThat(parse(policy.toYaml())).isEqualTo(policy);
  }

  @ParameterizedTest
  @CsvSource({"kitten,sitting,3", "ab,ba,1", "'',abc,3", "abc,abc,0", "flaw,lawn,2"})
  void editsAreCounted(String from, String to, int edits) {
    assertThat(Nearest.edits(from, to)).isEqualTo(edits);
    assertThat(Nearest.edits(to, from)).isEqualTo(edits);
  }
}
