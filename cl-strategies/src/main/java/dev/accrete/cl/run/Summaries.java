package dev.accrete.cl.run;

import dev.accrete.cl.metrics.MeasuredAccounting;
import dev.accrete.cl.metrics.RetrainSchedule;
import dev.accrete.cl.metrics.SeedAccounting;
import dev.accrete.cl.strategy.Strategies;
import dev.accrete.cl.run.Summary.Measured;
import dev.accrete.cl.run.Summary.Result;
import dev.accrete.cl.run.Summary.Retraining;
import dev.accrete.cl.run.Summary.Savings;
import dev.accrete.cl.run.Summary.Seed;
import dev.accrete.cl.run.Summary.StreamSaving;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Makes the summary of a finished run out of its ledgers. */
final class Summaries {
  private final RunConfig config;
  private final RunInputs inputs;
  private final int[] sizes;
  private final RetrainSchedule rule;
  private final Optional<Ledger> retraining;

  private Summaries(RunConfig config, RunInputs inputs, List<Ledger> ledgers) {
    this.config = config;
    this.inputs = inputs;
    this.sizes = inputs.scenario().sizes();
    this.rule = new RetrainSchedule(sizes.length);
    this.retraining =
        ledgers.stream().filter(l -> l.strategy().equals(Strategies.CUMULATIVE)).findFirst();
  }

  static Summary of(RunConfig config, RunInputs inputs, List<Ledger> ledgers) {
    return new Summaries(config, inputs, ledgers).build(ledgers);
  }

  private Summary build(List<Ledger> ledgers) {
    Map<String, Result> results = new LinkedHashMap<>();
    ledgers.forEach(ledger -> results.put(ledger.strategy(), result(ledger)));
    return new Summary(
        Summary.SCHEMA,
        config.scenario(),
        config.run(),
        sizes.length,
        config.data(),
        config.model(),
        inputs.weights(),
        config.imageSize(),
        config.seed(),
        inputs.backend().name(),
        inputs.backend().description(),
        ProcessMemory.peakBytes(),
        retraining.map(this::retraining),
        results);
  }

  private Retraining retraining(Ledger ledger) {
    List<LedgerRow> trained = trained(ledger);
    return new Retraining(
        trained.size() < sizes.length,
        trained.stream().map(row -> row.experience() + 1).toList(),
        trained.stream().map(row -> row.cost().epochs()).toList(),
        trained.stream().map(row -> rule.epochs(row.experience())).toList());
  }

  private Result result(Ledger ledger) {
    List<LedgerRow> rows = ledger.rows();
    Map<String, Double> groups = new LinkedHashMap<>();
    List<Double> last = rows.getLast().groupAccuracy();
    for (int g = 0; g < last.size(); g++) {
      if (!last.get(g).isNaN()) {
        groups.put(inputs.scenario().groups().get(g), last.get(g));
      }
    }
    return new Result(
        ledger.curve().finalAccuracy(),
        ledger.curve().averageAccuracy(),
        ledger.forgetting().average(),
        groups,
        ledger.macs(),
        ledger.seconds(),
        ledger.peakBytes(),
        ledger.stateDigest(),
        ledger.strategy().equals(Strategies.CUMULATIVE)
            ? Optional.empty()
            : Optional.of(savings(rows)));
  }

  private Savings savings(List<LedgerRow> rows) {
    SeedAccounting seed =
        SeedAccounting.of(
            sizes,
            series(rows, row -> row.cost().epochs()),
            series(rows, row -> row.cost().imagesHeld()));
    return new Savings(
        new Seed(seed.compute(), seed.memory()), retraining.map(rival -> measured(rows, rival)));
  }

  private Measured measured(List<LedgerRow> rows, Ledger rival) {
    double[] work = rule.work(sizes);
    return new Measured(
        saving(
            MeasuredAccounting.compute(
                series(rows, row -> row.cost().macs()),
                work,
                underRule(rival, row -> row.cost().macs()))),
        saving(
            MeasuredAccounting.compute(
                series(rows, row -> row.cost().seconds()),
                work,
                underRule(rival, row -> row.cost().seconds()))),
        saving(
            MeasuredAccounting.memory(
                series(rows, row -> row.cost().peakBytes()),
                rule.imagesHeld(sizes),
                sampled(rival, row -> row.cost().peakBytes()))));
  }

  // Epochs may have been capped to fit a budget; the cost of a pass does not depend on their number.
  private SortedMap<Integer, Double> underRule(Ledger rival, ToDoubleFunction<LedgerRow> cost) {
    double[] work = rule.work(sizes);
    return sampled(
        rival,
        row -> cost.applyAsDouble(row) * work[row.experience()] / row.cost().imagesSeen());
  }

  private static SortedMap<Integer, Double> sampled(
      Ledger rival, ToDoubleFunction<LedgerRow> value) {
    SortedMap<Integer, Double> at = new TreeMap<>();
    trained(rival).forEach(row -> at.put(row.experience(), value.applyAsDouble(row)));
    return at;
  }

  private static List<LedgerRow> trained(Ledger ledger) {
    return ledger.rows().stream().filter(row -> row.cost().epochs() > 0).toList();
  }

  private static double[] series(List<LedgerRow> rows, ToDoubleFunction<LedgerRow> value) {
    return rows.stream().mapToDouble(value).toArray();
  }

  private static StreamSaving saving(MeasuredAccounting accounting) {
    return new StreamSaving(
        accounting.saving().average(), accounting.saving().last(), accounting.stream());
  }
}
