package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.strategy.Cost;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BatchesCsvTest {
  private static final List<String> GROUPS = List.of("session 3", "session 10");

  private static LedgerRow row(int experience, double seconds, double accuracy) {
    return new LedgerRow(
        "ar1-star",
        experience,
        300,
        1,
        11,
        accuracy,
        Double.isNaN(accuracy) ? List.of() : List.of(accuracy, Double.NaN),
        new Cost(123_456_789_012L, seconds, 987_654, 1200, 300, 4));
  }

  @Test
  void theLayoutIsFixed() {
    assertThat(BatchesCsv.text(GROUPS, List.of(row(0, 1.5, 0.25), row(1, 2, Double.NaN))))
        .isEqualTo(
            """
            strategy,experience,images,classes,classesSeen,accuracy,accuracy_session_3,\
            accuracy_session_10,macs,seconds,peakBytes,imagePasses,imagesHeld,epochs
            ar1-star,1,300,1,11,0.250000,0.250000,,123456789012,1.5000,987654,1200,300,4
            ar1-star,2,300,1,11,,,,123456789012,2.0000,987654,1200,300,4
            """);
  }

  @Test
  void withoutTimingOnlyTheSecondsAreGone() {
    String slow = BatchesCsv.text(GROUPS, List.of(row(0, 99, 0.25)));
    String quick = BatchesCsv.text(GROUPS, List.of(row(0, 1, 0.25)));
    assertThat(slow).isNotEqualTo(quick);
    assertThat(BatchesCsv.withoutTiming(slow))
        .isEqualTo(BatchesCsv.withoutTiming(quick))
        .contains(",123456789012,987654,1200,300,4\n")
        .doesNotContain("seconds");
    assertThat(BatchesCsv.withoutTiming(BatchesCsv.text(GROUPS, List.of(row(0, 1, 0.26)))))
        .isNotEqualTo(BatchesCsv.withoutTiming(quick));
  }

  @Test
  void anEmptyRunHasAHeader() {
    assertThat(BatchesCsv.text(GROUPS, List.of())).isEqualTo(BatchesCsv.header(GROUPS) + "\n");
  }
}
