package dev.accrete.bench.step;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwnEngineTest {
  @Test
  void learnsItsOneMiniBatch() {
    StepWorkload workload = new StepWorkload(0.25, 16, 4, 1, "reference", 1, 0, 1);
    try (OwnEngine engine = OwnEngine.create(workload)) {
      float first = engine.step();
      engine.step();
      engine.step();
      assertThat(engine.step()).isLessThan(first).isFinite();
      assertThat(engine.macs()).isPositive();
      assertThat(engine.parameters()).isPositive();
    }
  }
}
