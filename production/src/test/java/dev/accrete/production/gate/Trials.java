package dev.accrete.production.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.production.gate.Scored.Part;
import dev.accrete.production.policy.ChangeRule;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.policy.RecallFloor;
import dev.accrete.production.policy.ValueRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Trials made by hand. */
final class Trials {
  private final List<Scored> images = new ArrayList<>();
  private final boolean champion;
  private Set<String> championClasses = Set.of("cat", "dog");
  private Set<String> candidateClasses = Set.of("cat", "dog", "fox");
  private Set<String> erased = Set.of();

  private Trials(boolean champion) {
    this.champion = champion;
  }

  static Trials withChampion() {
    return new Trials(true);
  }

  static Trials first() {
    return new Trials(false);
  }

  Trials classes(Set<String> ofChampion, Set<String> ofCandidate) {
    championClasses = ofChampion;
    candidateClasses = ofCandidate;
    return this;
  }

  Trials erased(String name) {
    erased = Set.of(name);
    return this;
  }

  /** Images of the regression set: right or wrong before and after. */
  Trials add(int count, String truth, boolean before, boolean after) {
    return add(count, truth, before, after, Part.REGRESSION, Map.of());
  }

  Trials add(
      int count,
      String truth,
      boolean before,
      boolean after,
      Part part,
      Map<String, String> features) {
    return add(count, truth, answer(truth, before), answer(truth, after), part, features);
  }

  Trials add(
      int count,
      String truth,
      Answer before,
      Answer after,
      Part part,
      Map<String, String> features) {
    for (int i = 0; i < count; i++) {
      images.add(
          new Scored(
              String.format(Locale.ROOT, "%06d", images.size()),
              truth,
              part,
              features,
              after,
              champion ? Optional.of(before) : Optional.empty()));
    }
    return this;
  }

  static Answer answer(String truth, boolean right) {
    String wrong = truth.equals("cat") ? "dog" : "cat";
    return right ? new Answer(truth, 0.9, 0.9) : new Answer(wrong, 0.7, 0.2);
  }

  List<Scored> images() {
    return images;
  }

  Trial trial() {
    return new Trial(
        new Contender("v2", "digest-2", candidateClasses),
        champion ? Optional.of(new Contender("v1", "digest-1", championClasses)) : Optional.empty(),
        images,
        erased);
  }

  Verdict judge(Policy policy) {
    return Gate.judge(trial(), policy);
  }

  Verdict judge(String yaml) {
    return judge(Policy.parse(yaml, "policy.yaml"));
  }

  /**
   * A policy of these rules and no others; bounds that the gate itself has are out of the way.
   *
   * @param gate one more key and its value, or nothing
   */
  static Policy only(
      List<ValueRule> values, List<ChangeRule> changes, List<RecallFloor> floors, String gate) {
    StringBuilder yaml = new StringBuilder("gate:\n");
    for (String quiet :
        List.of(
            "recall-floor: 0", "max-negative-flip-rate: 1", "min-images: 10", "decide-by: point")) {
      String key = quiet.substring(0, quiet.indexOf(':'));
      yaml.append(gate.startsWith(key) ? "" : "  " + quiet + "\n");
    }
    yaml.append("  ").append(gate).append('\n');
    Policy quiet = Policy.parse(yaml.toString(), "policy.yaml");
    return new Policy(
        quiet.ingest(),
        quiet.gate(),
        values,
        changes,
        floors,
        quiet.retention(),
        quiet.retrain(),
        quiet.serve(),
        quiet.notification(),
        quiet.cost());
  }

  static Policy bounds(ValueRule... rules) {
    return only(List.of(rules), List.of(), List.of(), "");
  }

  static Policy changes(ChangeRule... rules) {
    return only(List.of(), List.of(rules), List.of(), "");
  }

  /** What a verdict found of one kind. */
  static List<Finding> findings(Verdict verdict, Finding.Kind kind) {
    return verdict.findings().stream().filter(f -> f.kind() == kind).toList();
  }

  /** The only finding of its kind. */
  static Finding finding(Verdict verdict, Finding.Kind kind) {
    assertThat(findings(verdict, kind)).hasSize(1);
    return findings(verdict, kind).getFirst();
  }
}
