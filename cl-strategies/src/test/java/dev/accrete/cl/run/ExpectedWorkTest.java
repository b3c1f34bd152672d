package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.strategy.Cost;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExpectedWorkTest {
  @TempDir private Path folder;

  @Test
  void itIsWhatTheRunThenTakes() {
    List<Ledger> ledgers = TinyRun.run(folder, TinyRun.config(), RunObserver.NONE);
    int[] sizes = TinyRun.experiences().stream().mapToInt(e -> e.size()).toArray();
    for (Ledger ledger : ledgers) {
      long[] expected =
          ExpectedWork.of(
              ledger.strategy(),
              RunLoop.settings(ledger.strategy(), TinyRun.config(), sizes.length),
              sizes);
      assertThat(ledger.rows())
          .extracting(LedgerRow::cost)
          .extracting(Cost::imagesSeen)
          .extracting(passes -> (long) Math.max(1, passes))
          .as(ledger.strategy())
          .containsExactly(Arrays.stream(expected).boxed().toArray(Long[]::new));
    }
  }
}
