package dev.accrete.production.gate;

import dev.accrete.production.policy.ChangeRule;
import dev.accrete.production.policy.Direction;
import dev.accrete.production.policy.Metric;

/**
 * How much worse a value is than another one.
 *
 * @param better which way is better
 * @param relative whether it is counted as a share of the champion's value
 */
record Loss(Direction better, boolean relative) {
  static Loss of(ChangeRule rule) {
    return new Loss(rule.better(), rule.kind() == ChangeRule.Kind.RELATIVE);
  }

  /** Above 0 if the candidate is worse; infinite shares of a champion's 0 are so. */
  double of(double champion, double candidate) {
    double loss = signed(champion, candidate);
    return better == Direction.SAME ? Math.abs(loss) : loss;
  }

  private double signed(double champion, double candidate) {
    double loss = better == Direction.HIGHER ? champion - candidate : candidate - champion;
    if (!relative || loss == 0) {
      return loss;
    }
    return loss / Math.abs(champion);
  }

  /** Where the loss lies. */
  Interval interval(Bootstrap bootstrap, Metric metric, double confidence) {
    Interval signed = bootstrap.interval(metric, confidence, this::signed);
    if (better != Direction.SAME) {
      return signed;
    }
    double low = Math.abs(signed.low());
    double high = Math.abs(signed.high());
    boolean around = signed.low() <= 0 && signed.high() >= 0;
    return new Interval(around ? 0 : Math.min(low, high), Math.max(low, high));
  }
}
