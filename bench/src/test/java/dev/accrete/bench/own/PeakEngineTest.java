package dev.accrete.bench.own;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeakEngineTest {
  @Test
  void doesWhatItCounts() {
    try (PeakEngine one = new PeakEngine(1);
        PeakEngine two = new PeakEngine(2)) {
      one.run();
      one.verify();
      assertThat(two.macs()).isEqualTo(2 * one.macs()).isPositive();
    }
  }
}
