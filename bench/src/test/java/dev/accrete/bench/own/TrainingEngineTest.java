package dev.accrete.bench.own;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.bench.work.TrainingWorkload;
import org.junit.jupiter.api.Test;

class TrainingEngineTest {
  @Test
  void learnsItsOneMiniBatch() {
    TrainingWorkload workload = new TrainingWorkload(0.25, 16, 4, 1, "reference");
    try (TrainingEngine engine = TrainingEngine.create(workload)) {
      double first = engine.run();
      engine.run();
      engine.run();
      assertThat(engine.run()).isLessThan(first).isFinite();
      assertThat(engine.macs()).isPositive();
      assertThat(engine.parameters()).isPositive();
    }
  }
}
