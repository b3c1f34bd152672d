package dev.accrete.production.gate;

import dev.accrete.production.gate.Columns.Answers;
import dev.accrete.production.policy.ChangeRule;
import dev.accrete.production.policy.GatePolicy;
import dev.accrete.production.policy.Metric;
import dev.accrete.production.policy.Policy;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values of metrics and their samples, each computed once. */
final class Measured {
  private final Columns columns;
  private final Measures measures;
  private final GatePolicy gate;
  private final List<ChangeRule> rules;
  private final Map<String, Bootstrap> bootstraps = new HashMap<>();

  Measured(Trial trial, Policy policy) {
    columns = Columns.of(trial);
    measures = new Measures(columns);
    gate = policy.gate();
    rules = policy.changes();
  }

  Columns columns() {
    return columns;
  }

  /** Whether there is a champion. */
  boolean both() {
    return columns.champion().isPresent();
  }

  /**
   * The candidate's value.
   *
   * @param slice not empty; only comparable images if the metric compares two
   */
  double value(Metric metric, Slice slice) {
    return value(metric, columns.candidate(), slice);
  }

  /**
   * The champion's value.
   *
   * @param slice not empty, of comparable images only
   */
  double before(Metric metric, Slice slice) {
    return value(metric, columns.champion().orElseThrow(), slice);
  }

  private double value(Metric metric, Answers answers, Slice slice) {
    int[] once = new int[slice.size()];
    Arrays.fill(once, 1);
    return measures.value(metric, answers, slice.members(), once);
  }

  /** What is drawn of a slice for intervals: accuracy, and what has a rule for such slices. */
  Set<Metric> drawn(Slice slice) {
    Set<Metric> drawn = EnumSet.of(Metric.ACCURACY);
    rules.stream()
        .filter(rule -> rule.selector().covers(slice.values()))
        .forEach(rule -> drawn.add(rule.metric().measured()));
    return drawn;
  }

  /**
   * The samples of a slice.
   *
   * @param slice comparable images only, not empty
   */
  Bootstrap bootstrap(Slice slice) {
    return bootstraps.computeIfAbsent(
        slice.name(),
        name -> new Bootstrap(columns, slice, drawn(slice), gate.bootstrapReplicates()));
  }
}
