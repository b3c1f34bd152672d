package dev.accrete.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import org.junit.jupiter.api.Test;

class OpCasesTest {
  @Test
  void namesEveryBenchmarkShapeOfEverySpec() {
    long shapes = OpSpecs.all().stream().mapToLong(spec -> spec.benchmarks().size()).sum();
    assertThat(OpCases.names()).doesNotHaveDuplicates().hasSize((int) shapes);
    assertThat(OpCases.names()).contains("Relu:32x64x64x64");
  }

  @Test
  void findsACaseByItsName() {
    for (String name : OpCases.names()) {
      OpSpec.Case one = OpCases.get(name);
      assertThat(name).startsWith(one.op().name());
    }
  }

  @Test
  void namesWhatThereIsWhenAskedForAnother() {
    assertThatThrownBy(() -> OpCases.get("Relu:1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Relu:1")
        .hasMessageContaining("Relu:32x64x64x64");
  }
}
