package dev.accrete.production.gate;

import static dev.accrete.production.gate.Trials.bounds;
import static dev.accrete.production.gate.Trials.finding;
import static dev.accrete.production.gate.Trials.findings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.AccreteException;
import dev.accrete.production.gate.Finding.Kind;
import dev.accrete.production.gate.Scored.Part;
import dev.accrete.production.policy.Direction;
import dev.accrete.production.policy.Metric;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.policy.ValueRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the gate says, and values that a candidate must reach. */
final class GateTest {
  @Test
  void theDefaultPolicyBlessesWhatIsGoodAndSaysEveryValue() {
    Verdict verdict =
        Trials.withChampion()
            .add(95, "cat", true, true)
            .add(5, "cat", false, true)
            .add(97, "dog", true, true)
            .add(3, "dog", false, false)
            .judge(Policy.DEFAULT);
    assertThat(verdict.blessed()).isTrue();
    assertThat(verdict.reasons()).isEmpty();
    assertThat(verdict.images()).isEqualTo(new Verdict.Images(200, 0, 200));
    assertThat(verdict.summary())
        .startsWith("v2 is BLESSED, compared with version v1 on 200 images\n")
        .contains("accuracy of all is 0.985, must be at least 0.3 (200 images)")
        .contains("recall of class=dog is 0.97, must be at least 0.2 (100 images)")
        .contains("accuracy of all is 0.985, was 0.96: better by 0.025 (loss ")
        .contains("negative-flip-rate of all is 0, must be at most 0.08");
  }

  @Test
  void everyReasonIsGivenNotTheFirstAlone() {
    Verdict verdict =
        Trials.withChampion()
            .add(50, "cat", true, false)
            .add(50, "dog", true, false)
            .judge(Policy.DEFAULT);
    assertThat(verdict.blessed()).isFalse();
    assertThat(verdict.reasons())
        .extracting(Finding::kind)
        .contains(Kind.VALUE, Kind.RECALL, Kind.CHANGE, Kind.FLIPS);
    assertThat(verdict.reasons()).extracting(Finding::text).allMatch(text -> text.contains("must"));
    assertThat(verdict.findings().subList(0, verdict.reasons().size())).allMatch(Finding::failed);
    assertThat(verdict.summary()).contains("NOT BLESSED").contains("FAILED      accuracy of all");
  }

  @ParameterizedTest
  @CsvSource({"v1,other", "v2,digest-1"})
  void aModelIsNotComparedWithItself(String candidate, String digest) {
    assertThatThrownBy(
            () ->
                new Trial(
                    new Contender(candidate, digest, Set.of("cat")),
                    Optional.of(new Contender("v1", "digest-1", Set.of("cat"))),
                    List.of(),
                    Set.of()))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("a model compared with itself would always pass");
  }

  @ParameterizedTest
  @CsvSource({"80,true", "79,false"})
  void aValueMustReachItsBound(int right, boolean blessed) {
    Verdict verdict =
        Trials.first()
            .add(right, "cat", true, true)
            .add(100 - right, "cat", true, false)
            .judge(bounds(ValueRule.of(Metric.ACCURACY, "all", 0.8)));
    assertThat(verdict.blessed()).isEqualTo(blessed);
    assertThat(finding(verdict, Kind.VALUE).candidate()).hasValue(right / 100.0);
    assertThat(finding(verdict, Kind.VALUE).limit()).hasValue(0.8);
  }

  @ParameterizedTest
  @CsvSource({"METRIC,true", "LOWER,true", "HIGHER,false"})
  void aValueHasTheDirectionOfItsMetricUnlessTold(Direction direction, boolean blessed) {
    Verdict verdict =
        Trials.first()
            .add(50, "cat", true, true)
            .judge(bounds(new ValueRule(Metric.LOG_LOSS, "all", 0.2, direction)));
    assertThat(finding(verdict, Kind.VALUE).candidate().orElseThrow())
        .isCloseTo(-Math.log(0.9), within(1e-12));
    assertThat(verdict.blessed()).isEqualTo(blessed);
  }

  @Test
  void aPolicyWithoutRulesStillJudges() {
    Policy bare = Policy.parse("gate: {values: [], changes: [], recall-floors: []}", "p");
    Trials good = Trials.withChampion().add(30, "cat", true, true);
    assertThat(good.judge(bare).blessed()).isTrue();
    assertThat(findings(good.judge(bare), Kind.FLIPS)).hasSize(1);
    assertThat(Trials.withChampion().add(30, "cat", true, false).judge(bare).reasons())
        .extracting(Finding::kind)
        .containsOnly(Kind.RECALL, Kind.FLIPS);
  }

  @Test
  void theOrderOfImagesDoesNotMatterAndJsonKeepsAll() {
    Trials trials =
        Trials.withChampion()
            .add(30, "cat", true, true, Part.NEW, Map.of("subject", "1"))
            .add(7, "cat", true, false)
            .add(13, "dog", false, true)
            .add(25, "dog", true, true);
    Verdict verdict = trials.judge(Policy.DEFAULT);
    List<Scored> shuffled = new ArrayList<>(trials.images());
    Collections.reverse(shuffled);
    Trial other =
        new Trial(trials.trial().candidate(), trials.trial().champion(), shuffled, Set.of());
    assertThat(Gate.judge(other, Policy.DEFAULT).toJson()).isEqualTo(verdict.toJson());
    assertThat(Verdict.ofJson(verdict.toJson())).isEqualTo(verdict);
    assertThat(verdict.toJson()).contains("\"outcome\":\"NOT_BLESSED\"").doesNotContain("NaN");
    assertThatThrownBy(() -> Verdict.ofJson("{}")).hasMessageContaining("this is no verdict");
    assertThatThrownBy(
            () -> Verdict.ofJson(verdict.toJson().replace(Verdict.FORMAT, "accrete-verdict-9")))
        .hasMessageContaining("accrete-verdict-9");
  }

  @Test
  void whatIsAddedLaterCanStillBlock() {
    Verdict verdict = Trials.first().add(50, "cat", true, true).judge(Policy.DEFAULT);
    Verdict slow =
        verdict.with(
            List.of(Finding.of(Kind.PROCESS, false, "latency-ms", 30, 20, "too slow by far")));
    assertThat(verdict.blessed()).isTrue();
    assertThat(slow.blessed()).isFalse();
    assertThat(slow.findings().getFirst().text()).isEqualTo("too slow by far");
  }

  @Test
  void badTrialsAreRefused() {
    assertThatThrownBy(() -> new Answer("cat", Double.NaN, 0.5))
        .hasMessageContaining("confidence is NaN, must be from 0 to 1");
    Scored image = Trials.first().add(1, "cat", true, true).images().getFirst();
    Contender candidate = new Contender("v1", "d", Set.of("cat"));
    assertThatThrownBy(
            () -> new Trial(candidate, Optional.empty(), List.of(image, image), Set.of()))
        .hasMessageContaining("is there twice");
    Optional<Contender> champion = Optional.of(new Contender("v0", "e", Set.of("cat")));
    assertThatThrownBy(() -> new Trial(candidate, champion, List.of(image), Set.of()))
        .hasMessageContaining("has no answer of the champion");
    assertThatThrownBy(
            () ->
                new Scored(
                    "1",
                    "cat",
                    Part.NEW,
                    Map.of("class", "x"),
                    image.candidate(),
                    Optional.empty()))
        .hasMessageContaining("has a feature 'class'");
  }
}
