package dev.accrete.bench.own;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.bench.work.OpWorkload;
import dev.accrete.bench.work.OpWorkload.Pass;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpEngineTest {
  /** {@code verify} compares with the reference backend. */
  @ParameterizedTest
  @CsvSource({
    "3, 16, 3, 2, 1, false",
    "20, 20, 3, 1, 20, true",
    "16, 24, 1, 1, 1, true",
    "8, 12, 5, 1, 1, true",
    "17, 17, 0, 1, 1, true"
  })
  void isRightBothWays(
      int channels, int filters, int kernel, int stride, int groups, boolean inputGradient) {
    for (Pass pass : Pass.values()) {
      OpWorkload workload =
          new OpWorkload(
              pass, 3, channels, 10, filters, kernel, stride, groups, inputGradient, 2, "vector");
      try (OpEngine engine = OpEngine.create(workload)) {
        engine.run();
        engine.verify();
        List<List<Double>> proof = engine.proof();
        int gradients = kernel == 0 ? 3 : inputGradient ? 2 : 1;
        assertThat(proof).hasSize(pass == Pass.FORWARD ? 1 : gradients);
        assertThat(proof).allSatisfy(samples -> assertThat(samples).hasSize(8));
        assertThat(engine.macs()).matches(macs -> kernel == 0 ? macs == 0 : macs > 0);
      }
    }
  }
}
