package dev.accrete.bench.regression;

import dev.accrete.bench.work.Machine;
import java.util.List;

/**
 * What {@code bench regression} writes.
 *
 * @param schema the version of this layout
 * @param machine where it was
 * @param baseline the build that the other was compared with
 * @param candidate the build that was judged
 * @param cases one per workload
 */
public record RegressionReport(
    int schema, Machine machine, String baseline, String candidate, List<Case> cases) {
  public RegressionReport {
    cases = List.copyOf(cases);
  }

  /**
   * One workload, or case of the GPU suite. Ratios are candidate over baseline: above 1 the
   * candidate is slower.
   *
   * @param low the lower end of the 95% interval of the median ratio
   * @param high its upper end
   * @param deviation the median absolute deviation of the ratios
   * @param repeated whether the first half of the rounds was ambiguous
   * @param rounds what each round saw
   */
  public record Case(
      String name,
      Verdict verdict,
      double baselineMs,
      double candidateMs,
      double ratio,
      double low,
      double high,
      double deviation,
      boolean repeated,
      List<Comparison.Round> rounds) {
    public Case {
      rounds = List.copyOf(rounds);
    }

    /** What a comparison found. */
    public static Case of(String name, Comparison.Result result) {
      Judgement judgement = result.judgement();
      return new Case(
          name,
          judgement.verdict(),
          result.baselineMs(),
          result.candidateMs(),
          judgement.ratio(),
          judgement.low(),
          judgement.high(),
          judgement.deviation(),
          result.repeated(),
          result.rounds());
    }
  }

  /** Whether a case became slower. */
  boolean isRegression() {
    return cases.stream().anyMatch(one -> one.verdict() == Verdict.SLOWER);
  }
}
