package dev.accrete.bench.own;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.bench.work.InferenceWorkload;
import java.util.List;
import org.junit.jupiter.api.Test;

class InferenceEngineTest {
  @Test
  void provesItselfByTheLastImage() {
    InferenceWorkload workload = new InferenceWorkload(0.25, 16, 2, 1, "reference");
    try (InferenceEngine engine = InferenceEngine.create(workload)) {
      engine.run();
      engine.verify();
      List<Double> last = engine.proof().getFirst();
      assertThat(last).hasSize(50);
      assertThat(last.getFirst()).isEqualTo(engine.logits()[50]);
      assertThat(engine.macs()).isPositive();
    }
  }
}
