package dev.accrete.bench.own;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.bench.work.UpdateWorkload;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateEngineTest {
  @ParameterizedTest
  @CsvSource({UpdateWorkload.AR1_STAR + ", 0", UpdateWorkload.AR1_FREE + ", 40"})
  void updatesAgainAndAgain(String strategy, int latents) {
    UpdateWorkload workload = new UpdateWorkload(strategy, 0.25, 16, 20, latents, 1, "vector");
    try (UpdateEngine engine = UpdateEngine.create(workload)) {
      assertThat(engine.run()).isZero();
      engine.verify();
      long macs = engine.macs();
      engine.run();
      engine.verify();
      assertThat(engine.macs()).isEqualTo(macs).isPositive();
      assertThat(engine.bytes()).isPositive();
    }
  }
}
