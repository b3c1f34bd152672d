package dev.accrete.bench.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EtaTest {
  @Test
  void goesByThePaceSoFar() {
    Eta eta = new Eta(100);
    assertThat(eta.left(Duration.ZERO)).isEqualTo(Duration.ofSeconds(100));
    eta.finish(25);
    // Twice as slow as expected.
    assertThat(eta.left(Duration.ofSeconds(50))).isEqualTo(Duration.ofSeconds(150));
    eta.finish(75);
    assertThat(eta.left(Duration.ofSeconds(200))).isZero();
  }

  @Test
  void speaksInSecondsThenMinutes() {
    assertThat(Eta.words(Duration.ofSeconds(40))).isEqualTo("40 s");
    assertThat(Eta.words(Duration.ofSeconds(700))).isEqualTo("12 min");
  }
}
