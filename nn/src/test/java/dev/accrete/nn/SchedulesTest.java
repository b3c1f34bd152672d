package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SchedulesTest {
  @Test
  void cosineRisesLinearlyAndFallsToZero() {
    LearningRate rate = LearningRate.cosine(0.4f, 10, 110);
    assertThat(rate.at(0)).isEqualTo(0.04f, within(1e-7f));
    assertThat(rate.at(4)).isEqualTo(0.2f, within(1e-7f));
    assertThat(rate.at(9)).isEqualTo(0.4f, within(1e-7f));
    assertThat(rate.at(10)).isEqualTo(0.4f, within(1e-7f));
    assertThat(rate.at(60)).isEqualTo(0.2f, within(1e-7f));
    assertThat(rate.at(110)).isZero();
    assertThat(rate.at(500)).isZero();
    for (int step = 10; step < 110; step++) {
      assertThat(rate.at(step + 1)).isLessThan(rate.at(step));
    }
  }

  @Test
  void cosineWorksWithoutWarmUp() {
    assertThat(LearningRate.cosine(1, 0, 2).at(0)).isEqualTo(1f);
    assertThat(LearningRate.cosine(1, 0, 2).at(1)).isEqualTo(0.5f, within(1e-7f));
  }

  @Test
  void constantStays() {
    assertThat(LearningRate.constant(0.3f).at(1_000_000)).isEqualTo(0.3f);
  }

  @Test
  void refusesImpossibleSchedules() {
    assertThatThrownBy(() -> LearningRate.cosine(0.1f, 5, 5)).hasMessageContaining("warm-up 5");
    assertThatThrownBy(() -> LearningRate.cosine(0, 0, 5)).hasMessageContaining("peak 0");
  }
}
