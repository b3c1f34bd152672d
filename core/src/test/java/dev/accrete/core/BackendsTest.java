package dev.accrete.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendsTest {
  @Test
  void anUnknownNameIsNamed() {
    assertThatThrownBy(() -> Backends.create("abacus", BackendOptions.defaults()))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("no backend named 'abacus'")
        .hasMessageContaining("'auto'");
  }

  @Test
  void defaultsHaveAThreadForEveryProcessor() {
    assertThat(BackendOptions.defaults().withThreads(3).threads()).isEqualTo(3);
    assertThat(BackendOptions.defaults().threads())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
    int most = BackendOptions.mostThreads();
    assertThat(most).isGreaterThanOrEqualTo(64);
    assertThat(new BackendOptions(most).threads()).isEqualTo(most);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 100_000, Integer.MAX_VALUE})
  void threadsThatCannotBeAreNamedWithTheBounds(int threads) {
    assertThatThrownBy(() -> new BackendOptions(threads))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("threads is " + threads + ", must be 1 to ")
        .hasMessageContaining(String.valueOf(BackendOptions.mostThreads()))
        .hasMessageNotContaining("\n");
  }
}
