package dev.accrete.bench.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.Rng;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgementTest {
  /** Ratios as two noisy timings give them; {@code factor} is what is to be found. */
  private static List<Double> ratios(int rounds, double factor, double noise, long seed) {
    Rng rng = Rng.of(seed, 0);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      double baseline = 1 + noise * Math.abs(rng.nextGaussian());
      double candidate = factor * (1 + noise * Math.abs(rng.nextGaussian()));
      ratios.add(candidate / baseline);
    }
    return ratios;
  }

  @Test
  void equalBuildsAreHardlyEverCalledSlower() {
    for (double noise : new double[] {0.003, 0.02, 0.1}) {
      int alarms = 0;
      for (long seed = 0; seed < 100; seed++) {
        alarms += Judgement.of(ratios(10, 1, noise, seed)).verdict() == Verdict.SLOWER ? 1 : 0;
      }
      // Ten rounds in noise of 10% may all lean to one side; below the margin they cannot matter.
      assertThat(alarms)
          .as("false alarms at noise %s", noise)
          .isLessThanOrEqualTo(noise < 0.1 ? 0 : 3);
    }
  }

  @Test
  void fivePercentAreFoundOnAQuietMachine() {
    for (long seed = 0; seed < 100; seed++) {
      assertThat(Judgement.of(ratios(10, 1.05, 0.005, seed)).verdict()).isEqualTo(Verdict.SLOWER);
      assertThat(Judgement.of(ratios(10, 1 / 1.05, 0.005, seed)).verdict())
          .isEqualTo(Verdict.FASTER);
    }
  }

  @Test
  void fivePercentInNoiseAreDoubtedNotDenied() {
    int doubted = 0;
    for (long seed = 0; seed < 100; seed++) {
      Verdict verdict = Judgement.of(ratios(10, 1.05, 0.1, seed)).verdict();
      assertThat(verdict).isNotEqualTo(Verdict.SAME);
      doubted += verdict == Verdict.AMBIGUOUS ? 1 : 0;
    }
    assertThat(doubted).isGreaterThan(60);
  }

  @Test
  void twoPercentAreWithinTheMargin() {
    List<Double> ratios = Collections.nCopies(10, 1.02);
    Judgement judgement = Judgement.of(ratios);
    assertThat(judgement.verdict()).isEqualTo(Verdict.SAME);
    assertThat(judgement.low()).isEqualTo(1.02);
    assertThat(judgement.high()).isEqualTo(1.02);
  }

  @Test
  void aFewStraysDoNotMoveTheVerdict() {
    List<Double> ratios = new ArrayList<>(Collections.nCopies(10, 1.0));
    ratios.addAll(List.of(3.0, 2.5));
    assertThat(Judgement.of(ratios).verdict()).isEqualTo(Verdict.SAME);
  }

  @Test
  void tooFewOrSenselessRatiosAreRefused() {
    assertThatThrownBy(() -> Judgement.of(Collections.nCopies(5, 1.0)))
        .hasMessageContaining("at least 6");
    assertThatThrownBy(() -> Judgement.of(Collections.nCopies(8, Double.NaN)))
        .hasMessageContaining("positive");
  }
}
