package dev.accrete.production.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Rng;
import dev.accrete.production.gate.Scored.Part;
import dev.accrete.production.policy.Metric;
import dev.accrete.production.policy.Policy;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Metrics and intervals against values computed by hand. */
final class MeasuresTest {
  private static double value(Trials trials, Metric metric) {
    Trial trial = trials.trial();
    return new Measured(trial, Policy.DEFAULT).value(metric, new Slices(trial).all());
  }

  @Test
  void metricsAreThoseOfTheBooks() {
    Trials trials = Trials.withChampion();
    trials.add(1, "cat", answer("dog", 0.6, 0.4), answer("cat", 0.95, 0.95), Part.NEW, Map.of());
    trials.add(1, "cat", answer("cat", 0.9, 0.9), answer("cat", 0.55, 0.55), Part.NEW, Map.of());
    trials.add(1, "cat", answer("cat", 0.9, 0.9), answer("dog", 0.96, 0.04), Part.NEW, Map.of());
    trials.add(1, "dog", answer("dog", 0.9, 0.9), answer("fox", 0.5, 0.25), Part.NEW, Map.of());
    trials.add(1, "dog", answer("cat", 0.9, 0.1), answer("dog", 0.5, 0.5), Part.NEW, Map.of());
    assertThat(value(trials, Metric.ACCURACY)).isEqualTo(3 / 5.0);
    assertThat(value(trials, Metric.BALANCED_ACCURACY)).isEqualTo((2 / 3.0 + 1 / 2.0) / 2);
    assertThat(value(trials, Metric.NEGATIVE_FLIP_RATE)).isEqualTo(2 / 5.0);
    assertThat(value(trials, Metric.POSITIVE_FLIP_RATE)).isEqualTo(2 / 5.0);
    double logLoss =
        -(Math.log(0.95) + Math.log(0.55) + Math.log(0.04) + Math.log(0.25) + Math.log(0.5)) / 5;
    assertThat(value(trials, Metric.LOG_LOSS)).isCloseTo(logLoss, within(1e-12));
    // Bins of 1/15: 0.95 and 0.96 share the last, 0.55 is alone, 0.5 twice in one.
    double error = (Math.abs(1 - 0.95 - 0.96) + (1 - 0.55) + Math.abs(1 - 0.5 - 0.5)) / 5;
    assertThat(value(trials, Metric.CALIBRATION_ERROR)).isCloseTo(error, within(1e-12));
  }

  private static Answer answer(String label, double confidence, double truth) {
    return new Answer(label, confidence, truth);
  }

  @Test
  void aClassThatTheModelDoesNotKnowCostsAsMuchAsItCan() {
    Trials trials = Trials.first();
    trials.add(1, "elk", answer("cat", 1, 0), answer("cat", 1, 0), Part.NEW, Map.of());
    assertThat(value(trials, Metric.LOG_LOSS)).isCloseTo(-Math.log(1e-15), within(1e-9));
    assertThat(value(trials, Metric.CALIBRATION_ERROR)).isEqualTo(1);
  }

  @Test
  void anIntervalIsTheMiddleOfTheNumbers() {
    double[] numbers = new double[101];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = 100 - i;
    }
    assertThat(Interval.middle(numbers, 0.9).low()).isCloseTo(5, within(1e-12));
    assertThat(Interval.middle(numbers, 0.9).high()).isCloseTo(95, within(1e-12));
    assertThat(Interval.middle(new double[] {1, 2}, 0.5)).isEqualTo(new Interval(1.25, 1.75));
    assertThat(Interval.middle(new double[] {3}, 0.95)).isEqualTo(new Interval(3, 3));
    double infinite = Double.POSITIVE_INFINITY;
    assertThat(Interval.middle(new double[] {infinite, infinite}, 0.5))
        .isEqualTo(new Interval(infinite, infinite));
  }

  private static Interval interval(Trials trials, double confidence) {
    Trial trial = trials.trial();
    Measured measured = new Measured(trial, Policy.DEFAULT);
    return measured
        .bootstrap(new Slices(trial).all())
        .interval(Metric.ACCURACY, confidence, (before, after) -> after - before);
  }

  @Test
  void pairedIntervalsFollowTheImagesThatChanged() {
    // 1,000 images, 30 lost and 10 won: the difference -0.02 has the standard error
    // sqrt((0.04 - 0.02^2) / 1000) = 0.0063, whatever the accuracy of both.
    Trials easy =
        Trials.withChampion()
            .add(960, "cat", true, true)
            .add(30, "cat", true, false)
            .add(10, "cat", false, true);
    Trials hard =
        Trials.withChampion()
            .add(480, "cat", true, true)
            .add(480, "cat", false, false)
            .add(30, "cat", true, false)
            .add(10, "cat", false, true);
    for (Trials trials : new Trials[] {easy, hard}) {
      Interval interval = interval(trials, 0.95);
      assertThat(interval.low()).isCloseTo(-0.02 - 1.96 * 0.0063, within(0.002));
      assertThat(interval.high()).isCloseTo(-0.02 + 1.96 * 0.0063, within(0.002));
    }
  }

  @Test
  void intervalsHoldTheTruthAsOftenAsTheySay() {
    Rng rng = Rng.of(5, 6);
    int held = 0;
    int repetitions = 200;
    for (int r = 0; r < repetitions; r++) {
      Trials trials = Trials.withChampion();
      for (int i = 0; i < 150; i++) {
        double u = rng.nextDouble();
        // Right before with probability 0.75 and after with 0.7: 0.15 lost, 0.1 won.
        boolean before = u < 0.75;
        boolean after = u < 0.6 || u >= 0.9;
        trials.add(1, "cat", before, after);
      }
      Interval interval = interval(trials, 0.9);
      held += interval.low() <= -0.05 && -0.05 <= interval.high() ? 1 : 0;
    }
    assertThat((double) held / repetitions).isBetween(0.85, 0.95);
  }

  @Test
  void otherRulesDoNotChangeAnInterval() {
    Trials trials =
        Trials.withChampion()
            .classes(Set.of("cat", "dog"), Set.of("cat", "dog"))
            .add(50, "cat", true, true)
            .add(9, "cat", true, false)
            .add(41, "dog", false, true);
    Verdict few = trials.judge("gate: {changes: [{metric: accuracy, max-loss: 0}]}");
    Verdict many = trials.judge(Policy.DEFAULT);
    assertThat(few.slices().getFirst().metrics().get("accuracy"))
        .isEqualTo(many.slices().getFirst().metrics().get("accuracy"));
  }
}
