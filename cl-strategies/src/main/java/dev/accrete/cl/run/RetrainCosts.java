package dev.accrete.cl.run;

import dev.accrete.cl.metrics.MeasuredAccounting;
import dev.accrete.cl.metrics.RetrainSchedule;
import dev.accrete.cl.strategy.Strategies;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What re-training costs at every experience under the rule of 4 to 50 epochs: measured where
 * {@code cumulative} trained, interpolated elsewhere by {@link MeasuredAccounting}.
 */
public final class RetrainCosts {
  private final List<LedgerRow> trained;
  private final int[] sizes;
  private final RetrainSchedule rule;

  private RetrainCosts(List<LedgerRow> trained, int[] sizes) {
    this.trained = trained;
    this.sizes = sizes;
    this.rule = new RetrainSchedule(sizes.length);
  }

  /**
   * From the ledger of {@code cumulative}, if there is one.
   *
   * @param sizes images of each experience of the stream
   */
  public static Optional<RetrainCosts> of(List<Ledger> ledgers, int[] sizes) {
    return ledgers.stream()
        .filter(ledger -> Strategies.provider(ledger.strategy()).isRetraining())
        .map(ledger -> ledger.rows().stream().filter(row -> row.cost().epochs() > 0).toList())
        .filter(rows -> !rows.isEmpty())
        .findFirst()
        .map(rows -> new RetrainCosts(rows, sizes));
  }

  /** The rows of the experiences at which it trained. */
  public List<LedgerRow> trained() {
    return trained;
  }

  /** Epochs that the rule asks for at the experience of a row. */
  public int ruleEpochs(LedgerRow row) {
    return rule.epochs(row.experience());
  }

  /** Multiply-accumulates of {@code rows} against those of re-training. */
  public MeasuredAccounting macs(List<LedgerRow> rows) {
    return compute(rows, row -> row.cost().macs());
  }

  /** Seconds of {@code rows} against those of re-training. */
  public MeasuredAccounting seconds(List<LedgerRow> rows) {
    return compute(rows, row -> row.cost().seconds());
  }

  /** Peak bytes of {@code rows} against those of re-training. */
  public MeasuredAccounting bytes(List<LedgerRow> rows) {
    return MeasuredAccounting.memory(
        series(rows, row -> row.cost().peakBytes()),
        rule.imagesHeld(sizes),
        sampled(row -> row.cost().peakBytes()));
  }

  // Epochs may have been capped to fit a budget; the cost of a pass does not depend on their
  // number.
  private MeasuredAccounting compute(List<LedgerRow> rows, ToDoubleFunction<LedgerRow> cost) {
    double[] work = rule.work(sizes);
    return MeasuredAccounting.compute(
        series(rows, cost),
        work,
        sampled(row -> cost.applyAsDouble(row) * work[row.experience()] / row.cost().imagesSeen()));
  }

  private SortedMap<Integer, Double> sampled(ToDoubleFunction<LedgerRow> value) {
    SortedMap<Integer, Double> at = new TreeMap<>();
    trained.forEach(row -> at.put(row.experience(), value.applyAsDouble(row)));
    return at;
  }

  private static double[] series(List<LedgerRow> rows, ToDoubleFunction<LedgerRow> value) {
    return rows.stream().mapToDouble(value).toArray();
  }
}
