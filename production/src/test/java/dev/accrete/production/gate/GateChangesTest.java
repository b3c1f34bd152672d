package dev.accrete.production.gate;

import static dev.accrete.production.gate.Trials.bounds;
import static dev.accrete.production.gate.Trials.changes;
import static dev.accrete.production.gate.Trials.finding;
import static dev.accrete.production.gate.Trials.findings;
import static dev.accrete.production.gate.Trials.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.production.gate.Finding.Kind;
import dev.accrete.production.gate.Finding.Status;
import dev.accrete.production.gate.Scored.Part;
import dev.accrete.production.policy.ChangeRule;
import dev.accrete.production.policy.Direction;
import dev.accrete.production.policy.Metric;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.policy.ValueRule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a candidate may lose against the champion. */
final class GateChangesTest {
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
    Finding change = finding(verdict, Kind.CHANGE);
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
    assertThat(finding(verdict, Kind.CHANGE).loss().orElseThrow()).isCloseTo(0.2, within(1e-12));
    assertThat(finding(verdict, Kind.CHANGE).text()).contains("worse by 0.2 of that");
  }

  @Test
  void aShareOfNothingIsInfiniteOrNone() {
    Trials worse = Trials.withChampion();
    Answer sure = new Answer("cat", 1, 1);
    worse.add(20, "cat", sure, new Answer("cat", 0.9, 0.9), Part.REGRESSION, Map.of());
    Policy policy = changes(ChangeRule.relative(Metric.LOG_LOSS, "all", 1000));
    Verdict verdict = worse.judge(policy);
    assertThat(verdict.blessed()).isFalse();
    assertThat(finding(verdict, Kind.CHANGE).loss()).hasValue(Double.POSITIVE_INFINITY);
    assertThat(Verdict.ofJson(verdict.toJson())).isEqualTo(verdict);
    Trials same = Trials.withChampion().add(20, "cat", sure, sure, Part.NEW, Map.of());
    assertThat(finding(same.judge(policy), Kind.CHANGE).loss()).hasValue(0);
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
    assertThat(finding(verdict, Kind.CHANGE).text()).contains("must be better by at least 0.05");
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
    assertThat(findings(verdict, Kind.CHANGE))
        .hasSize(Policy.DEFAULT.changes().size())
        .allMatch(f -> f.status() == Status.IGNORED)
        .allMatch(f -> f.text().contains("there is no champion to compare with"));
    assertThat(verdict.summary()).contains("the first version");
    Verdict bad = Trials.first().add(50, "cat", true, false).judge(Policy.DEFAULT);
    assertThat(bad.reasons()).extracting(Finding::kind).containsOnly(Kind.VALUE, Kind.RECALL);
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
    assertThat(finding(first, Kind.VALUE).status()).isEqualTo(Status.IGNORED);
  }
}
