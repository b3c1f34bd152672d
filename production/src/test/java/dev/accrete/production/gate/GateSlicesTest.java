package dev.accrete.production.gate;

import static dev.accrete.production.gate.Trials.bounds;
import static dev.accrete.production.gate.Trials.changes;
import static dev.accrete.production.gate.Trials.finding;
import static dev.accrete.production.gate.Trials.findings;
import static dev.accrete.production.gate.Trials.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.production.gate.Finding.Kind;
import dev.accrete.production.gate.Finding.Status;
import dev.accrete.production.gate.Scored.Part;
import dev.accrete.production.policy.ChangeRule;
import dev.accrete.production.policy.Metric;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.policy.RecallFloor;
import dev.accrete.production.policy.ValueRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Parts of the images that are judged by themselves. */
final class GateSlicesTest {
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
    assertThat(findings(verdict, Kind.CHANGE))
        .anyMatch(
            f ->
                f.slice().equals("class=fox")
                    && f.status() == Status.IGNORED
                    && f.text().contains("the champion does not know these classes"))
        .anyMatch(f -> f.slice().equals("all") && f.images() == 40);
    assertThat(finding(verdict, Kind.CLASSES).text()).contains("judged by value alone: fox");
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
    assertThat(finding(verdict, Kind.CLASSES).text())
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
      assertThat(finding(verdict, Kind.VALUE).slice()).isEqualTo(slice);
      assertThat(finding(verdict, Kind.VALUE).images()).isEqualTo(12);
      assertThat(verdict.blessed()).isFalse();
    }
    Verdict each = trials.judge(bounds(ValueRule.of(Metric.ACCURACY, "day=*,subject=*", 0.5)));
    assertThat(findings(each, Kind.VALUE))
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
      assertThat(findings(verdict, Kind.CHANGE))
          .extracting(Finding::slice)
          .containsExactlyInAnyOrder("class=cat", "class=dog");
    }
    Policy other = changes(each, ChangeRule.of(Metric.ACCURACY, "class=cat", 0.3));
    assertThat(trials.judge(other).blessed()).as("a rule of another metric").isFalse();
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
}
