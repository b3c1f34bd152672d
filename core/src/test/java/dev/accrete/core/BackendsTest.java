package dev.accrete.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BackendsTest {
  @Test
  void anUnknownNameIsNamed() {
    assertThatThrownBy(() -> Backends.create("abacus", BackendOptions.defaults()))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("no backend named 'abacus'")
        .hasMessageContaining("'auto'");
  }

  @Test
  void optionsNeedAThread() {
    assertThatThrownBy(() -> new BackendOptions(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("threads is 0");
    assertThat(BackendOptions.defaults().withThreads(3).threads()).isEqualTo(3);
    assertThat(BackendOptions.defaults().threads()).isPositive();
  }
}
