package dev.accrete.production.gate;

import dev.accrete.production.policy.Metric;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.policy.Rule;
import dev.accrete.production.policy.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.stream.Stream;

/** The metrics of every slice worth a row. */
final class Tables {
  /** Beyond, a feature other than the class has no row for each of its values. */
  private static final int MOST_VALUES = 50;

  private final Map<String, Slice> listed = new LinkedHashMap<>();
  private final List<String> unlisted = new ArrayList<>();
  private final Measured measured;
  private final double confidence;

  Tables(Slices slices, Measured measured, Policy policy) {
    this.measured = measured;
    confidence = policy.gate().confidence();
    add(List.of(slices.all()));
    add(slices.of(Selector.parse("set=*")));
    add(slices.of(Selector.parse("class=*")));
    Stream.of(policy.values(), policy.changes())
        .flatMap(List::stream)
        .map(Rule::selector)
        .forEach(selector -> add(slices.of(selector)));
    slices
        .values()
        .forEach(
            (feature, values) -> {
              if (!feature.equals(Scored.CLASS) && !feature.equals(Scored.SET)) {
                others(slices, feature, values);
              }
            });
  }

  private void others(Slices slices, String feature, SortedSet<String> values) {
    if (values.size() > MOST_VALUES) {
      unlisted.add(feature + " (" + values.size() + " values)");
    } else {
      add(slices.of(new Selector(Map.of(feature, Selector.EACH))));
    }
  }

  private void add(List<Slice> slices) {
    for (Slice slice : slices) {
      if (slice.size() > 0) {
        listed.putIfAbsent(slice.name(), slice);
      }
    }
  }

  List<SliceScores> scores() {
    return listed.values().stream().map(this::scores).toList();
  }

  List<String> unlisted() {
    return List.copyOf(unlisted);
  }

  private SliceScores scores(Slice slice) {
    Slice compared = measured.both() ? slice.comparable(measured.columns()) : slice;
    boolean comparable = measured.both() && compared.size() > 0;
    Map<String, Score> scores = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      if (metric.comparesTwo()) {
        if (comparable) {
          double value = measured.value(metric, compared);
          scores.put(metric.spelled(), alone(value));
        }
      } else if (metric != Metric.RECALL) {
        scores.put(metric.spelled(), score(metric, slice, compared, comparable));
      }
    }
    return new SliceScores(
        slice.name(), slice.values(), slice.size(), comparable ? compared.size() : 0, scores);
  }

  private Score score(Metric metric, Slice slice, Slice compared, boolean comparable) {
    double value = measured.value(metric, slice);
    if (!comparable) {
      return alone(value);
    }
    Optional<Interval> difference =
        measured.drawn(compared).contains(metric)
            ? Optional.of(
                measured
                    .bootstrap(compared)
                    .interval(metric, confidence, (before, after) -> after - before))
            : Optional.empty();
    return new Score(
        value,
        OptionalDouble.of(measured.before(metric, compared)),
        OptionalDouble.of(measured.value(metric, compared)),
        difference);
  }

  private static Score alone(double value) {
    return new Score(value, OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty());
  }
}
