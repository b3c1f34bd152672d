package dev.accrete.bench.regression;

import dev.accrete.bench.work.Statistics;
import dev.accrete.core.Rng;
import java.util.Arrays;
import java.util.List;

/**
 * What the ratios of alternated measurements, candidate over baseline, say.
 *
 * <p>The candidate is slower only if the bootstrap interval of the median ratio (Efron 1979,
 * percentiles) lies above 1 and the median exceeds 1 by more than the margin, which is 3% or, where
 * the machine is noisier, three median absolute deviations. Faster is the mirror image. It is the
 * same if the whole interval lies within 3% of 1. Anything else is ambiguous.
 *
 * @param ratio the median ratio
 * @param low the 2.5th percentile of resampled medians
 * @param high the 97.5th
 * @param deviation the median absolute deviation of the ratios
 * @param rounds how many ratios there were
 */
public record Judgement(
    Verdict verdict, double ratio, double low, double high, double deviation, int rounds) {
  /** The least difference that counts. */
  public static final double MARGIN = 0.03;

  /** The fewest rounds that are judged: below, an interval of 95% does not exist. */
  public static final int FEWEST_ROUNDS = 6;

  private static final int RESAMPLES = 10_000;
  private static final double TAIL = 0.025;
  private static final int DEVIATIONS = 3;

  /**
   * Judges ratios; the same ratios always get the same judgement.
   *
   * @throws IllegalArgumentException if there are fewer than {@value #FEWEST_ROUNDS}, or one is not
   *     positive
   */
  public static Judgement of(List<Double> ratios) {
    if (ratios.size() < FEWEST_ROUNDS || !ratios.stream().allMatch(r -> r > 0 && r < 1e9)) {
      throw new IllegalArgumentException(
          "a judgement needs at least " + FEWEST_ROUNDS + " positive ratios, got " + ratios);
    }
    double median = Statistics.median(ratios);
    double deviation =
        Statistics.median(ratios.stream().map(ratio -> Math.abs(ratio - median)).toList());
    double[] medians = resampledMedians(ratios);
    double low = medians[(int) (TAIL * RESAMPLES)];
    double high = medians[(int) ((1 - TAIL) * RESAMPLES) - 1];
    double margin = Math.max(MARGIN, DEVIATIONS * deviation);
    Verdict verdict;
    if (low > 1 && median - 1 > margin) {
      verdict = Verdict.SLOWER;
    } else if (high < 1 && 1 - median > margin) {
      verdict = Verdict.FASTER;
    } else if (low > 1 - MARGIN && high < 1 + MARGIN) {
      verdict = Verdict.SAME;
    } else {
      verdict = Verdict.AMBIGUOUS;
    }
    return new Judgement(verdict, median, low, high, deviation, ratios.size());
  }

  private static double[] resampledMedians(List<Double> ratios) {
    Rng rng = Rng.of(0, 0);
    double[] medians = new double[RESAMPLES];
    double[] sample = new double[ratios.size()];
    for (int i = 0; i < RESAMPLES; i++) {
      for (int j = 0; j < sample.length; j++) {
        sample[j] = ratios.get(rng.nextInt(sample.length));
      }
      medians[i] = Statistics.median(sample);
    }
    Arrays.sort(medians);
    return medians;
  }
}
