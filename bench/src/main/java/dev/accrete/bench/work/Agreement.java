package dev.accrete.bench.work;

import dev.accrete.core.AccreteException;
import java.util.List;
import java.util.Locale;

/** Whether two engines did the same work. */
public final class Agreement {
  /** Engines add in different orders; a wrong stride or padding is off by far more. */
  private static final double TOLERANCE = 1e-3;

  private Agreement() {}

  /**
   * Compares what both say they trained, and the numbers both computed, each relative to the
   * largest of its result.
   *
   * @throws AccreteException if they differ
   */
  public static void check(Measurement ours, Measurement peer) {
    if (ours.parameters() > 0 && peer.parameters() > 0 && ours.parameters() != peer.parameters()) {
      throw new AccreteException(
          String.format(
              Locale.ROOT,
              "not the same network: %s trains %d parameters, %s %d",
              ours.engine(),
              ours.parameters(),
              peer.engine(),
              peer.parameters()));
    }
    if (ours.proof().isEmpty() || peer.proof().isEmpty()) {
      return;
    }
    if (ours.proof().size() != peer.proof().size()) {
      throw new AccreteException(
          String.format(
              Locale.ROOT,
              "not the same work: %s has %d results, %s %d",
              ours.engine(),
              ours.proof().size(),
              peer.engine(),
              peer.proof().size()));
    }
    for (int i = 0; i < ours.proof().size(); i++) {
      check(i, ours, peer);
    }
  }

  private static void check(int result, Measurement ours, Measurement peer) {
    List<Double> a = ours.proof().get(result);
    List<Double> b = peer.proof().get(result);
    double largest = a.stream().mapToDouble(Math::abs).max().orElse(0);
    boolean same = a.size() == b.size();
    for (int i = 0; same && i < a.size(); i++) {
      same = Math.abs(a.get(i) - b.get(i)) <= TOLERANCE * largest;
    }
    if (!same) {
      throw new AccreteException(
          "not the same work: result "
              + result
              + " of "
              + ours.engine()
              + " holds "
              + a
              + ", of "
              + peer.engine()
              + " "
              + b);
    }
  }
}
