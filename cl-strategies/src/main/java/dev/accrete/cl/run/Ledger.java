package dev.accrete.cl.run;

import dev.accrete.cl.metrics.AccuracyCurve;
import dev.accrete.cl.metrics.ConfusionMatrix;
import dev.accrete.cl.metrics.Evaluation;
import dev.accrete.cl.metrics.Forgetting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** What is known of one strategy's way along the stream so far. */
public final class Ledger {
  private final String strategy;
  private final List<LedgerRow> rows = new ArrayList<>();
  private final Forgetting forgetting;
  private Optional<ConfusionMatrix> confusion = Optional.empty();
  private String stateDigest = "";

  /** Of a strategy that has learned nothing yet. */
  Ledger(String strategy) {
    this.strategy = strategy;
    this.forgetting = new Forgetting();
  }

  /** Continues from stored parts. */
  Ledger(
      String strategy,
      List<LedgerRow> rows,
      Forgetting forgetting,
      Optional<ConfusionMatrix> confusion,
      String stateDigest) {
    this.strategy = strategy;
    this.rows.addAll(rows);
    this.forgetting = forgetting;
    this.confusion = confusion;
    this.stateDigest = stateDigest;
  }

  /** Adds the next experience. */
  void add(LedgerRow row, Optional<Evaluation> evaluation, int[] classesSeen) {
    rows.add(row);
    evaluation.ifPresent(
        test -> {
          confusion = Optional.of(test.confusion());
          forgetting.add(test.confusion(), classesSeen);
        });
  }

  /** Remembers the digest of the state saved last. */
  void stateDigest(String digest) {
    stateDigest = digest;
  }

  /** The name of the strategy. */
  public String strategy() {
    return strategy;
  }

  /** One row for each experience learned, in stream order. */
  public List<LedgerRow> rows() {
    return Collections.unmodifiableList(rows);
  }

  /** How many experiences were learned; the index of the next one. */
  public int next() {
    return rows.size();
  }

  /** Forgetting over all tests so far. */
  public Forgetting forgetting() {
    return forgetting;
  }

  /** The answers of the last test. */
  public Optional<ConfusionMatrix> confusion() {
    return confusion;
  }

  /**
   * SHA-256 of everything the strategy saved after the last experience, in hexadecimal: two runs
   * that ended in the same bits have the same one.
   */
  public String stateDigest() {
    return stateDigest;
  }

  /** The accuracies measured so far. */
  public AccuracyCurve curve() {
    AccuracyCurve curve = new AccuracyCurve();
    rows.stream()
        .filter(LedgerRow::isEvaluated)
        .forEach(row -> curve.add(row.experience(), row.accuracy()));
    return curve;
  }

  /** Multiply-accumulates of all experiences so far. */
  public long macs() {
    return rows.stream().mapToLong(row -> row.cost().macs()).sum();
  }

  /** Training seconds of all experiences so far. */
  public double seconds() {
    return rows.stream().mapToDouble(row -> row.cost().seconds()).sum();
  }

  /** The highest peak so far. */
  public long peakBytes() {
    return rows.stream().mapToLong(row -> row.cost().peakBytes()).max().orElse(0);
  }
}
