package dev.accrete.production.gate;

/** Chances of counts. */
final class Binomial {
  private Binomial() {}

  /**
   * How likely at most {@code successes} of {@code trials} are.
   *
   * @param share of successes; a share that no count can have makes every count impossible
   */
  static double atMost(int successes, int trials, double share) {
    if (share <= 0 || share >= 1) {
      return share == 0 || (share == 1 && successes == trials) ? 1 : 0;
    }
    double odds = Math.log(share) - Math.log1p(-share);
    double term = trials * Math.log1p(-share);
    double sum = 0;
    for (int k = 0; k <= successes; k++) {
      sum += Math.exp(term);
      term += Math.log((double) (trials - k) / (k + 1)) + odds;
    }
    return Math.min(1, sum);
  }
}
