package dev.accrete.cl.run;

import dev.accrete.cl.metrics.MeasuredAccounting;
import dev.accrete.cl.metrics.SeedAccounting;
import dev.accrete.cl.run.Summary.Measured;
import dev.accrete.cl.run.Summary.Result;
import dev.accrete.cl.run.Summary.Retraining;
import dev.accrete.cl.run.Summary.Savings;
import dev.accrete.cl.run.Summary.Seed;
import dev.accrete.cl.run.Summary.Skipped;
import dev.accrete.cl.run.Summary.StreamSaving;
import dev.accrete.cl.strategy.Strategies;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Makes the summary of a finished run out of its ledgers. */
final class Summaries {
  private final RunConfig config;
  private final RunInputs inputs;
  private final int[] sizes;
  private final Optional<RetrainCosts> retraining;

  private Summaries(RunConfig config, RunInputs inputs, List<Ledger> ledgers) {
    this.config = config;
    this.inputs = inputs;
    this.sizes = inputs.scenario().sizes();
    this.retraining = RetrainCosts.of(ledgers, sizes);
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
        skipped(),
        ProcessMemory.peakBytes(),
        retraining.map(this::retraining),
        results);
  }

  private Optional<Skipped> skipped() {
    Skipped skipped = new Skipped(inputs.trainSkipped(), inputs.testSkipped());
    return Optional.of(skipped).filter(s -> s.train() + s.test() > 0);
  }

  private Retraining retraining(RetrainCosts costs) {
    List<LedgerRow> trained = costs.trained();
    return new Retraining(
        trained.size() < sizes.length,
        trained.stream().map(row -> row.experience() + 1).toList(),
        trained.stream().map(row -> row.cost().epochs()).toList(),
        trained.stream().map(costs::ruleEpochs).toList());
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
        ledger.curve().worstFall(),
        groups,
        ledger.macs(),
        ledger.seconds(),
        ledger.peakBytes(),
        ledger.stateDigest(),
        Strategies.provider(ledger.strategy()).isRetraining()
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
        new Seed(seed.compute(), seed.memory()),
        retraining.map(
            costs ->
                new Measured(
                    saving(costs.macs(rows)),
                    saving(costs.seconds(rows)),
                    saving(costs.bytes(rows)))));
  }

  private static double[] series(List<LedgerRow> rows, ToDoubleFunction<LedgerRow> value) {
    return rows.stream().mapToDouble(value).toArray();
  }

  private static StreamSaving saving(MeasuredAccounting accounting) {
    return new StreamSaving(
        accounting.saving().average(), accounting.saving().last(), accounting.stream());
  }
}
