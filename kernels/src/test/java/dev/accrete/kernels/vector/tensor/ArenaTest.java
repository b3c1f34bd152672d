package dev.accrete.kernels.vector.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArenaTest {
  /** The library has no launcher, and none of its environment variables. */
  @Test
  void shortMemoryAdvisesWhatEveryJvmKnows() {
    assertThat(Arena.outOfMemory("the variables", 3L << 30, new OutOfMemoryError()))
        .hasMessageContainingAll("the variables need 3072 MiB of heap", "-Xmx7g", "mini-batch")
        .hasMessageNotContaining("ACCRETE_");
  }
}
