package dev.accrete.production.gate;

import static dev.accrete.production.gate.Trials.bounds;
import static dev.accrete.production.gate.Trials.changes;
import static dev.accrete.production.gate.Trials.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.AccreteException;
import dev.accrete.production.gate.Finding.Kind;
import dev.accrete.production.gate.Finding.Status;
import dev.accrete.production.gate.Scored.Part;
import dev.accrete.production.policy.ChangeRule;
import dev.accrete.production.policy.Direction;
import dev.accrete.production.policy.Metric;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.policy.RecallFloor;
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

/** Every rule of the gate. */
final class GateTest {
  private static List<Finding> of(Verdict verdict, Kind kind) {
    return verdict.findings().stream().filter(f -> f.kind() == kind).toList();
  }

  private static Finding one(Verdict verdict, Kind kind) {
    assertThat(of(verdict, kind)).hasSize(1);
    return of(verdict, kind).getFirst();
  }

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
    assertThat(one(verdict, Kind.VALUE).candidate()).hasValue(right / 100.0);
    assertThat(one(verdict, Kind.VALUE).limit()).hasValue(0.8);
  }

  @ParameterizedTest
  @CsvSource({"METRIC,true", "LOWER,true", "HIGHER,false"})
  void aValueHasTheDirectionOfItsMetricUnlessTold(Direction direction, boolean blessed) {
    Verdict verdict =
        Trials.first()
            .add(50, "cat", true, true)
            .judge(bounds(new ValueRule(Metric.LOG_LOSS, "all", 0.2, direction)));
    assertThat(one(verdict, Kind.VALUE).candidate().orElseThrow())
        .isCloseTo(-Math.log(0.9), within(1e-12));
    assertThat(verdict.blessed()).isEqualTo(blessed);
  }

  @Test
  void aLossCountsOnlyBeyondItsLimit() {
    // 0.90 - 0.88 is more than 0.02 in binary: a limit that is reached is not passed.
    Trials trials =
        Trials.withChampion()
            .add(88, "cat", true, true)
            .add(2, "cat", true, false)
            .add(10, "cat", false, false);
    assertThat(0.90 - 0.88).isGreaterThan(0.02);
    assertThat(trials.judge(changes(ChangeRule.of(Metric.ACCURACY, "all", 0.02))).blessed())
        .isTrue();
    Verdict verdict = trials.judge(changes(ChangeRule.of(Metric.ACCURACY, "all", 0.019)));
    assertThat(verdict.blessed()).isFalse();
    Finding change = one(verdict, Kind.CHANGE);
    assertThat(change.loss().orElseThrow()).isCloseTo(0.02, within(1e-12));
    assertThat(change.champion()).hasValue(0.9);
    assertThat(change.candidate()).hasValue(0.88);
    assertThat(change.text())
        .contains("accuracy of all is 0.88, was 0.9: worse by 0.02 (loss 0 to 0.05 at 95%")
        .contains("must be at most 0.019 (100 images)");
  }

  @Test
  void aLossMayBeCountedAsAShareOfTheChampionsValue() {
    Trials trials =
        Trials.withChampion()
            .add(40, "cat", true, true)
            .add(10, "cat", true, false)
            .add(50, "cat", false, false);
    assertThat(trials.judge(changes(ChangeRule.of(Metric.ACCURACY, "all", 0.15))).blessed())
        .isTrue();
    Verdict verdict = trials.judge(changes(ChangeRule.relative(Metric.ACCURACY, "all", 0.15)));
    assertThat(verdict.blessed()).isFalse();
    assertThat(one(verdict, Kind.CHANGE).loss().orElseThrow()).isCloseTo(0.2, within(1e-12));
    assertThat(one(verdict, Kind.CHANGE).text()).contains("worse by 0.2 of that");
  }

  @Test
  void aShareOfNothingIsInfiniteOrNone() {
    Trials worse = Trials.withChampion();
    Answer sure = new Answer("cat", 1, 1);
    worse.add(20, "cat", sure, new Answer("cat", 0.9, 0.9), Part.REGRESSION, Map.of());
    Policy policy = changes(ChangeRule.relative(Metric.LOG_LOSS, "all", 1000));
    Verdict verdict = worse.judge(policy);
    assertThat(verdict.blessed()).isFalse();
    assertThat(one(verdict, Kind.CHANGE).loss()).hasValue(Double.POSITIVE_INFINITY);
    assertThat(Verdict.ofJson(verdict.toJson())).isEqualTo(verdict);
    Trials same = Trials.withChampion().add(20, "cat", sure, sure, Part.NEW, Map.of());
    assertThat(one(same.judge(policy), Kind.CHANGE).loss()).hasValue(0);
  }

  @Test
  void anImprovementMayBeDemanded() {
    Trials trials =
        Trials.withChampion()
            .add(90, "cat", true, true)
            .add(4, "cat", false, true)
            .add(6, "cat", false, false);
    assertThat(trials.judge(changes(ChangeRule.of(Metric.ACCURACY, "all", -0.04))).blessed())
        .isTrue();
    Verdict verdict = trials.judge(changes(ChangeRule.of(Metric.ACCURACY, "all", -0.05)));
    assertThat(verdict.blessed()).isFalse();
    assertThat(one(verdict, Kind.CHANGE).text()).contains("must be better by at least 0.05");
  }

  @ParameterizedTest
  @CsvSource({"METRIC,true", "HIGHER,true", "LOWER,false", "SAME,false"})
  void aChangeHasADirection(Direction direction, boolean blessed) {
    Verdict verdict =
        Trials.withChampion()
            .add(80, "cat", true, true)
            .add(20, "cat", false, true)
            .judge(
                changes(
                    new ChangeRule(
                        Metric.ACCURACY,
                        "all",
                        0.1,
                        ChangeRule.Kind.ABSOLUTE,
                        direction,
                        ChangeRule.By.GATE)));
    assertThat(verdict.blessed()).isEqualTo(blessed);
    assertThat(verdict.reasons()).hasSize(blessed ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource({"point,false", "loss-proven,true", "safety-proven,false"})
  void thePolicySaysWhetherThePointOrABoundDecides(String by, boolean blessed) {
    // 3 of 100 lost: the interval is about 0 to 0.07, the limit 0.02.
    Trials trials = Trials.withChampion().add(97, "cat", true, true).add(3, "cat", true, false);
    List<ChangeRule> rule = List.of(ChangeRule.of(Metric.ACCURACY, "all", 0.02));
    Verdict verdict = trials.judge(only(List.of(), rule, List.of(), "decide-by: " + by));
    assertThat(verdict.blessed()).isEqualTo(blessed);
    ChangeRule own =
        new ChangeRule(
            Metric.ACCURACY,
            "all",
            0.02,
            ChangeRule.Kind.ABSOLUTE,
            Direction.METRIC,
            ChangeRule.By.LOSS_PROVEN);
    assertThat(trials.judge(only(List.of(), List.of(own), List.of(), "decide-by: " + by)).blessed())
        .isTrue();
  }

  @Test
  void aProvenLossAndADoubtfulSafetyBlock() {
    List<ChangeRule> rule = List.of(ChangeRule.of(Metric.ACCURACY, "all", 0.02));
    Trials lost = Trials.withChampion().add(80, "cat", true, true).add(20, "cat", true, false);
    assertThat(lost.judge(only(List.of(), rule, List.of(), "decide-by: loss-proven")).blessed())
        .isFalse();
    Trials doubtful =
        Trials.withChampion()
            .add(90, "cat", true, true)
            .add(5, "cat", true, false)
            .add(5, "cat", false, true);
    assertThat(doubtful.judge(changes(rule.getFirst())).blessed()).isTrue();
    Verdict verdict = doubtful.judge(only(List.of(), rule, List.of(), "decide-by: safety-proven"));
    assertThat(verdict.blessed()).isFalse();
    assertThat(verdict.reasons().getFirst().text())
        .contains("no worse")
        .contains("the high end decides");
  }

  @Test
  void withoutAChampionChangesAreIgnoredAndItIsSaid() {
    Verdict verdict = Trials.first().add(50, "cat", true, true).judge(Policy.DEFAULT);
    assertThat(verdict.blessed()).isTrue();
    assertThat(verdict.champion()).isEmpty();
    assertThat(of(verdict, Kind.CHANGE))
        .hasSize(Policy.DEFAULT.changes().size())
        .allMatch(f -> f.status() == Status.IGNORED)
        .allMatch(f -> f.text().contains("there is no champion to compare with"));
    assertThat(verdict.summary()).contains("the first version");
    Verdict bad = Trials.first().add(50, "cat", true, false).judge(Policy.DEFAULT);
    assertThat(bad.reasons()).extracting(Finding::kind).containsOnly(Kind.VALUE, Kind.RECALL);
  }

  @Test
  void everyClassHasItsRecallFloor() {
    Trials trials =
        Trials.withChampion()
            .add(20, "cat", true, true)
            .add(9, "dog", true, true)
            .add(11, "dog", false, false);
    Policy policy =
        only(List.of(), List.of(), List.of(new RecallFloor("dog", 0.5)), "recall-floor: 0.4");
    Verdict verdict = trials.judge(policy);
    assertThat(verdict.reasons()).hasSize(1);
    assertThat(verdict.reasons().getFirst().text())
        .isEqualTo("recall of class=dog is 0.45, must be at least 0.5 (20 images)");
    assertThat(trials.judge(only(List.of(), List.of(), List.of(), "recall-floor: 0.4")).blessed())
        .isTrue();
  }

  @Test
  void imagesThatWereRightAndAreWrongAreLimited() {
    Trials trials =
        Trials.withChampion()
            .add(90, "cat", true, true)
            .add(6, "cat", true, false)
            .add(4, "cat", false, true);
    Verdict verdict =
        trials.judge(only(List.of(), List.of(), List.of(), "max-negative-flip-rate: 0.05"));
    assertThat(verdict.reasons().getFirst().text())
        .isEqualTo("negative-flip-rate of all is 0.06, must be at most 0.05 (100 images)");
    assertThat(verdict.flips().negative()).isEqualTo(6);
    assertThat(verdict.flips().positive()).isEqualTo(4);
    assertThat(
            trials
                .judge(only(List.of(), List.of(), List.of(), "max-negative-flip-rate: 0.06"))
                .blessed())
        .isTrue();
  }

  @Test
  void flipsMayBeJudgedBySlice() {
    Policy policy = bounds(ValueRule.of(Metric.NEGATIVE_FLIP_RATE, "class=*", 0.1));
    Verdict verdict =
        Trials.withChampion()
            .add(20, "cat", true, true)
            .add(15, "dog", true, true)
            .add(5, "dog", true, false)
            .judge(policy);
    assertThat(verdict.reasons()).extracting(Finding::slice).containsExactly("class=dog");
    Verdict first = Trials.first().add(20, "cat", true, true).judge(policy);
    assertThat(one(first, Kind.VALUE).status()).isEqualTo(Status.IGNORED);
  }

  @Test
  void aNewClassIsJudgedByValueOnly() {
    Trials trials =
        Trials.withChampion()
            .add(40, "cat", true, true)
            .add(20, "fox", false, true, Part.NEW, Map.of())
            .add(10, "fox", false, false, Part.NEW, Map.of());
    Policy policy =
        only(
            List.of(ValueRule.of(Metric.RECALL, "class=fox", 0.7)),
            List.of(
                ChangeRule.of(Metric.RECALL, "class=*", 0.1),
                ChangeRule.of(Metric.ACCURACY, "all", 0)),
            List.of(),
            "");
    Verdict verdict = trials.judge(policy);
    assertThat(verdict.reasons()).extracting(Finding::slice).containsExactly("class=fox");
    assertThat(verdict.reasons().getFirst().kind()).isEqualTo(Kind.VALUE);
    assertThat(of(verdict, Kind.CHANGE))
        .anyMatch(
            f ->
                f.slice().equals("class=fox")
                    && f.status() == Status.IGNORED
                    && f.text().contains("the champion does not know these classes"))
        .anyMatch(f -> f.slice().equals("all") && f.images() == 40);
    assertThat(one(verdict, Kind.CLASSES).text()).contains("judged by value alone: fox");
    assertThat(verdict.images()).isEqualTo(new Verdict.Images(40, 30, 40));
  }

  @Test
  void classesThatWereLostBlockUnlessErased() {
    Trials trials =
        Trials.withChampion()
            .classes(Set.of("cat", "dog", "fox"), Set.of("cat", "elk"))
            .add(40, "cat", true, true);
    Verdict verdict = trials.judge(bounds());
    assertThat(verdict.blessed()).isFalse();
    assertThat(one(verdict, Kind.CLASSES).text())
        .contains("does not know 2 of the champion's 3 classes")
        .contains("dog, fox");
    assertThat(trials.erased("dog").judge(bounds()).reasons().getFirst().text())
        .contains("does not know 1 of the champion's 3 classes")
        .endsWith("fox");
  }

  @Test
  void aSliceThatMatchesNothingIsAnErrorThatNamesAll() {
    Trials trials =
        Trials.withChampion()
            .add(20, "cat", true, true, Part.NEW, Map.of("subject", "1", "day", "a"))
            .add(20, "dog", true, true, Part.NEW, Map.of("subject", "2", "day", "b"));
    Policy policy =
        only(
            List.of(
                ValueRule.of(Metric.ACCURACY, "class=cta", 0.1),
                ValueRule.of(Metric.ACCURACY, "camera=7", 0.1),
                ValueRule.of(Metric.ACCURACY, "camera=*", 0.1)),
            List.of(ChangeRule.of(Metric.ACCURACY, "subject=1,day=b", 0.1)),
            List.of(new RecallFloor("gnu", 0.5)),
            "");
    assertThatThrownBy(() -> trials.judge(policy))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("slice class=cta: no image has class=cta; did you mean class=cat?")
        .hasMessageContaining(
            "slice camera=7: no image has a camera, only class, day, set, subject")
        .hasMessageContaining("slice camera=*: no image has a camera")
        .hasMessageContaining("slice subject=1,day=b: images have each of these, but none has all")
        .hasMessageContaining("gate.recall-floors, slice class=gnu");
  }

  @Test
  void aSliceOfSeveralFeaturesIsFoundInAnyOrder() {
    Trials trials =
        Trials.withChampion()
            .add(12, "cat", true, false, Part.NEW, Map.of("subject", "1", "day", "a"))
            .add(20, "cat", true, true, Part.NEW, Map.of("subject", "1", "day", "b"))
            .add(20, "dog", true, true, Part.NEW, Map.of("subject", "2", "day", "a"));
    for (String slice : List.of("subject=1,day=a", "day=a,subject=1", "day=a,class=cat")) {
      Verdict verdict = trials.judge(bounds(ValueRule.of(Metric.ACCURACY, slice, 0.5)));
      assertThat(one(verdict, Kind.VALUE).slice()).isEqualTo(slice);
      assertThat(one(verdict, Kind.VALUE).images()).isEqualTo(12);
      assertThat(verdict.blessed()).isFalse();
    }
    Verdict each = trials.judge(bounds(ValueRule.of(Metric.ACCURACY, "day=*,subject=*", 0.5)));
    assertThat(of(each, Kind.VALUE))
        .extracting(Finding::slice)
        .containsExactly("day=a,subject=1", "day=a,subject=2", "day=b,subject=1");
  }

  @Test
  void theSpecificRuleTakesThePlaceOfTheGeneralOne() {
    Trials trials =
        Trials.withChampion()
            .add(80, "cat", true, true)
            .add(20, "cat", true, false)
            .add(95, "dog", true, true)
            .add(5, "dog", true, false);
    ChangeRule each = ChangeRule.of(Metric.RECALL, "class=*", 0.1);
    ChangeRule cat = ChangeRule.of(Metric.RECALL, "class=cat", 0.3);
    assertThat(trials.judge(changes(each)).reasons())
        .extracting(Finding::slice)
        .containsExactly("class=cat");
    for (Policy policy : List.of(changes(each, cat), changes(cat, each))) {
      Verdict verdict = trials.judge(policy);
      assertThat(verdict.blessed()).isTrue();
      assertThat(of(verdict, Kind.CHANGE))
          .extracting(Finding::slice)
          .containsExactlyInAnyOrder("class=cat", "class=dog");
    }
    Policy other = changes(each, ChangeRule.of(Metric.ACCURACY, "class=cat", 0.3));
    assertThat(trials.judge(other).blessed()).as("a rule of another metric").isFalse();
  }

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
    assertThat(of(verdict, Kind.CHANGE))
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
      assertThat(one(verdict, Kind.IMAGES).status()).isEqualTo(Status.NOT_JUDGED);
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
    assertThat(one(strict, Kind.IMAGES).text()).startsWith("nothing could be judged: no image");
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
    Finding change = one(verdict, Kind.CHANGE);
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
    assertThat(one(verdict, Kind.FLIPS).text())
        .endsWith(": the champion knows one class alone and is never wrong about it");
    assertThat(of(verdict, Kind.CHANGE)).allMatch(f -> f.status() == Status.IGNORED);
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
  void aPolicyWithoutRulesStillJudges() {
    Policy bare = Policy.parse("gate: {values: [], changes: [], recall-floors: []}", "p");
    Trials good = Trials.withChampion().add(30, "cat", true, true);
    assertThat(good.judge(bare).blessed()).isTrue();
    assertThat(of(good.judge(bare), Kind.FLIPS)).hasSize(1);
    assertThat(Trials.withChampion().add(30, "cat", true, false).judge(bare).reasons())
        .extracting(Finding::kind)
        .containsOnly(Kind.RECALL, Kind.FLIPS);
  }

  @Test
  void anEmptyPartIsNotJudgedRatherThanMissing() {
    Policy policy = bounds(ValueRule.of(Metric.ACCURACY, "set=regression", 0.5));
    Verdict verdict = Trials.first().add(30, "cat", true, true, Part.NEW, Map.of()).judge(policy);
    assertThat(one(verdict, Kind.VALUE).status()).isEqualTo(Status.NOT_JUDGED);
    assertThat(one(verdict, Kind.VALUE).text()).contains("accuracy of set=regression: 0 images");
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
  void tablesHaveARowForEverySliceWorthOne() {
    Trials trials = Trials.withChampion();
    for (int subject = 0; subject < 60; subject++) {
      trials.add(
          1,
          "cat",
          true,
          true,
          Part.NEW,
          Map.of("subject", "s" + subject, "day", subject % 2 == 0 ? "a" : "b"));
    }
    Verdict verdict =
        trials.add(12, "fox", false, true).judge(changes(ChangeRule.of(Metric.ACCURACY, "all", 0)));
    assertThat(verdict.slices())
        .extracting(SliceScores::slice)
        .containsExactly(
            "all", "set=new", "set=regression", "class=cat", "class=fox", "day=a", "day=b");
    assertThat(verdict.unlisted()).containsExactly("subject (60 values)");
    SliceScores fox = verdict.slices().get(4);
    assertThat(fox.images()).isEqualTo(12);
    assertThat(fox.compared()).isZero();
    assertThat(fox.score(Metric.RECALL).orElseThrow().before()).isEmpty();
    Score all = verdict.slices().getFirst().score(Metric.ACCURACY).orElseThrow();
    assertThat(all.value()).isEqualTo(1);
    assertThat(all.difference()).contains(new Interval(0, 0));
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
