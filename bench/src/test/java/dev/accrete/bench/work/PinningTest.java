package dev.accrete.bench.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PinningTest {
  @ParameterizedTest
  @CsvSource({"\t0-3, 3", "\t0, 0", "\t'0-3,8', 8", "\t'0,2,4-15', 15"})
  void takesTheLastProcessor(String list, String last) {
    assertThat(Pinning.last(list)).isEqualTo(last);
  }

  @Test
  void severalThreadsAreFree() throws IOException {
    assertThat(Pinning.prefix(2)).isEmpty();
  }
}
