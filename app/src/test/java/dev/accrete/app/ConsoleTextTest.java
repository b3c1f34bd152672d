package dev.accrete.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ConsoleTextTest {
  @Test
  void timesReadAsPeopleWriteThem() {
    assertThat(LineBar.clock(4.4)).isEqualTo("4 s");
    assertThat(LineBar.clock(59.6)).isEqualTo("1 min 00 s");
    assertThat(LineBar.clock(200)).isEqualTo("3 min 20 s");
    assertThat(LineBar.clock(7500)).isEqualTo("2 h 05 min");
  }

  @Test
  void columnsAreAligned() {
    assertThat(SummaryTable.aligned(List.of(List.of("a", "long"), List.of("bcd", "1"))))
        .isEqualTo("a    long\nbcd     1\n");
  }
}
