package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.strategy.Cost;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LedgerRowsTest {
  private static LedgerRow row(int experience, double accuracy, List<Double> groups) {
    return new LedgerRow(
        "naive", experience, 30, 2, 4, accuracy, groups, new Cost(1L << 40, 0.1, 77, 60, 30, 2));
  }

  @Test
  void rowsComeBackExactlyWhateverNumberOfGroupsEachHas() {
    List<LedgerRow> rows =
        List.of(
            row(0, 0.1 + 0.2, List.of(0.25)),
            row(1, Double.NaN, List.of()),
            row(2, 0.5, List.of(0.0, Double.NaN, 1.0)));
    assertThat(LedgerRows.unpack("naive", LedgerRows.pack(rows))).isEqualTo(rows);
    assertThat(LedgerRows.unpack("naive", LedgerRows.pack(List.of()))).isEmpty();
  }
}
