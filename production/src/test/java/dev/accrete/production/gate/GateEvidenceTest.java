package dev.accrete.production.gate;

import static dev.accrete.production.gate.Trials.bounds;
import static dev.accrete.production.gate.Trials.finding;
import static dev.accrete.production.gate.Trials.findings;
import static dev.accrete.production.gate.Trials.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.production.gate.Finding.Kind;
import dev.accrete.production.gate.Finding.Status;
import dev.accrete.production.gate.Scored.Part;
import dev.accrete.production.policy.ChangeRule;
import dev.accrete.production.policy.Metric;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.policy.ValueRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Too few images to judge by, and what may be chance. */
final class GateEvidenceTest {
  @Test
  void tooFewImagesAreReportedAsNotJudged() {
    Trials trials =
        Trials.withChampion()
            .classes(Set.of("cat", "dog"), Set.of("cat", "dog"))
            .add(30, "cat", true, true)
            .add(3, "dog", true, false);
    List<ChangeRule> rules = List.of(ChangeRule.of(Metric.RECALL, "class=*", 0.1));
    Verdict verdict = trials.judge(only(List.of(), rules, List.of(), ""));
    assertThat(verdict.blessed()).isTrue();
    assertThat(findings(verdict, Kind.CHANGE))
        .filteredOn(f -> f.status() == Status.NOT_JUDGED)
        .extracting(Finding::text)
        .containsExactly(
            "change of recall of class=dog: 3 images, must be at least 10 to be judged");
    assertThat(verdict.summary()).contains("not judged  change of recall of class=dog");
    Verdict strict = trials.judge(only(List.of(), rules, List.of(), "too-few: block"));
    assertThat(strict.blessed()).isFalse();
    assertThat(strict.reasons()).extracting(Finding::slice).containsOnly("class=dog");
    assertThat(strict.reasons().getFirst().text()).contains("gate.too-few is block");
  }

  private static final Policy BLOCK = Policy.parse("gate: {too-few: block}", "p");

  @Test
  void aFirstVersionWithNothingToJudgeItByIsBlessedAndItIsSaid() {
    for (Policy policy : List.of(Policy.DEFAULT, BLOCK)) {
      Verdict verdict = Trials.first().judge(policy);
      assertThat(verdict.blessed()).isTrue();
      assertThat(finding(verdict, Kind.IMAGES).status()).isEqualTo(Status.NOT_JUDGED);
      assertThat(verdict.warnings())
          .extracting(Finding::text)
          .containsExactly(
              "nothing could be judged, and this is the first version: no image was held out."
                  + " Ingest more, or raise ingest.regression-share");
    }
  }

  @Test
  void aLaterOneIsBlessedUnlessThePolicyBlocks() {
    Verdict verdict = Trials.withChampion().judge(Policy.DEFAULT);
    assertThat(verdict.blessed()).isTrue();
    assertThat(verdict.warnings()).extracting(Finding::kind).containsExactly(Kind.IMAGES);
    Verdict strict = Trials.withChampion().judge(BLOCK);
    assertThat(strict.blessed()).isFalse();
    assertThat(finding(strict, Kind.IMAGES).text()).startsWith("nothing could be judged: no image");
  }

  @Test
  void allImagesAreJudgedHoweverFewButChanceDoesNotBlock() {
    Verdict half =
        Trials.withChampion()
            .add(2, "cat", true, true)
            .add(2, "dog", true, false)
            .judge(Policy.DEFAULT);
    assertThat(half.blessed()).as(half.summary()).isTrue();
    assertThat(half.summary())
        .contains(
            "warning     negative-flip-rate of all is 0.5, must be at most 0.08 (4 images): not"
                + " proven by 4 images")
        .contains("warning     accuracy of all is 0.5, was 1: worse by 0.5, must be at most 0.02")
        .contains("good        accuracy of all is 0.5, must be at least 0.3 (4 images)")
        .contains("not judged  no more than 4 images held out, fewer than gate.min-images (20)");
    Verdict gross =
        Trials.withChampion()
            .add(1, "cat", true, true)
            .add(5, "dog", true, false)
            .judge(Policy.DEFAULT);
    assertThat(gross.blessed()).isFalse();
    assertThat(gross.reasons()).extracting(Finding::kind).containsExactly(Kind.FLIPS);
    Verdict wrong = Trials.first().add(11, "cat", true, false).judge(Policy.DEFAULT);
    assertThat(wrong.reasons()).extracting(Finding::kind).containsExactly(Kind.VALUE);
  }

  @Test
  void whatMayBeChanceIsAWarningByDefault() {
    // 2 of 95 images, as on a small store's clean day.
    Trials trials =
        Trials.withChampion()
            .add(35, "cat", true, true)
            .add(6, "cat", true, false)
            .add(4, "cat", false, true)
            .add(10, "cat", false, false)
            .add(10, "dog", true, true)
            .add(30, "dog", false, false);
    Policy policy = Policy.parse("gate: {changes: [{metric: accuracy, max-loss: 0.02}]}", "p");
    Verdict verdict = trials.judge(policy);
    assertThat(verdict.blessed()).as(verdict.summary()).isTrue();
    Finding change = finding(verdict, Kind.CHANGE);
    assertThat(change.status()).isEqualTo(Status.WARNED);
    assertThat(verdict.warnings()).contains(change);
    assertThat(change.loss().orElseThrow()).isCloseTo(2 / 95.0, within(1e-12));
    assertThat(change.text())
        .contains("worse by 0.0211 (loss -", "must be at most 0.02 (95 images)")
        .endsWith(": not proven by 95 images");
    assertThat(Verdict.ofJson(verdict.toJson())).isEqualTo(verdict);
    Policy point =
        Policy.parse(
            "gate: {decide-by: point, changes: [{metric: accuracy, max-loss: 0.02}]}", "p");
    assertThat(trials.judge(point).blessed()).isFalse();
  }

  @Test
  void whoKnowsOneClassAloneIsNothingToCompareWith() {
    Verdict verdict =
        Trials.withChampion()
            .classes(Set.of("cat"), Set.of("cat", "dog"))
            .add(50, "cat", true, true)
            .add(10, "cat", true, false)
            .add(50, "dog", false, true)
            .judge(Policy.DEFAULT);
    assertThat(verdict.blessed()).as(verdict.summary()).isTrue();
    assertThat(finding(verdict, Kind.FLIPS).text())
        .endsWith(": the champion knows one class alone and is never wrong about it");
    assertThat(findings(verdict, Kind.CHANGE)).allMatch(f -> f.status() == Status.IGNORED);
    assertThat(verdict.summary())
        .startsWith(
            "v2 is BLESSED, judged on 110 images, compared with version v1 on the 60 of them whose"
                + " class that knows\n");
  }

  @Test
  void aClassThatNoImageIsThereForIsNamed() {
    Trials trials =
        Trials.withChampion()
            .classes(Set.of("cat", "dog", "elk"), Set.of("cat", "dog", "elk", "banana"))
            .add(40, "cat", true, true)
            .add(40, "dog", true, true);
    Verdict verdict = trials.judge(Policy.DEFAULT);
    assertThat(verdict.blessed()).isTrue();
    assertThat(verdict.warnings())
        .extracting(Finding::text)
        .containsExactly(
            "recall of banana: no image was held out", "recall of elk: no image was held out");
    assertThat(verdict.warnings()).extracting(Finding::slice).contains("class=banana");
    assertThat(trials.judge(BLOCK).blessed()).isFalse();
    Set<String> many = new java.util.TreeSet<>(Set.of("cat", "dog", "elk"));
    for (int k = 10; k < 40; k++) {
      many.add("class" + k);
    }
    assertThat(trials.classes(Set.of("cat", "dog"), many).judge(Policy.DEFAULT).warnings())
        .extracting(Finding::text)
        .containsExactly(
            "recall of 31 classes: no image was held out: class10, class11, class12, class13,"
                + " class14, class15, class16, class17, class18, class19, class20, class21,"
                + " class22, class23, class24, class25, class26, class27, class28, class29 and 11"
                + " more");
  }

  @ParameterizedTest
  @CsvSource({
    "0,1,0.3,0.7",
    "1,2,0.5,0.75",
    "3,3,0.2,1",
    "5,10,0.5,0.623046875",
    "3,3,1,1",
    "2,3,1,0",
    "0,3,0,1",
    "3,3,1.5,0",
    "3,3,-0.1,0"
  })
  void chancesAreCounted(int most, int trials, double share, double chance) {
    assertThat(Binomial.atMost(most, trials, share)).isCloseTo(chance, within(1e-12));
  }

  @Test
  void anEmptyPartIsNotJudgedRatherThanMissing() {
    Policy policy = bounds(ValueRule.of(Metric.ACCURACY, "set=regression", 0.5));
    Verdict verdict = Trials.first().add(30, "cat", true, true, Part.NEW, Map.of()).judge(policy);
    assertThat(finding(verdict, Kind.VALUE).status()).isEqualTo(Status.NOT_JUDGED);
    assertThat(finding(verdict, Kind.VALUE).text())
        .contains("accuracy of set=regression: 0 images");
  }
}
