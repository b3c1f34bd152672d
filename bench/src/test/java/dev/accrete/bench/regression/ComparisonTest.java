package dev.accrete.bench.regression;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Iterator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static Comparison.Source rounds(double baseline, double... candidate) {
    Iterator<Double> next =
        DoubleStream.iterate(0, i -> i + 1)
            .map(i -> candidate[(int) i % candidate.length])
            .iterator();
    return () -> new Comparison.Round(baseline, next.next());
  }

  private static Comparison.Result compare(Comparison.Source source, int count)
      throws IOException, InterruptedException {
    return new Comparison(source, round -> {}).run(count);
  }

  @Test
  void findsNoDifferenceWhereThereIsNone() throws IOException, InterruptedException {
    Comparison.Result result = compare(rounds(10, 10), 6);
    assertThat(result.judgement().verdict()).isEqualTo(Verdict.SAME);
    assertThat(result.rounds()).hasSize(6);
    assertThat(result.repeated()).isFalse();
  }

  @Test
  void findsASlowdown() throws IOException, InterruptedException {
    Comparison.Result result = compare(rounds(10, 10.5, 10.6), 8);
    assertThat(result.judgement().verdict()).isEqualTo(Verdict.SLOWER);
    assertThat(result.rounds()).hasSize(8);
    assertThat(result.candidateMs()).isGreaterThan(result.baselineMs());
  }

  @Test
  void measuresOnceMoreWhereItCannotTell() throws IOException, InterruptedException {
    Comparison.Result result = compare(rounds(10, 8, 12, 11, 9, 10, 13), 6);
    assertThat(result.repeated()).isTrue();
    assertThat(result.rounds()).hasSize(12);
    assertThat(result.judgement().verdict()).isEqualTo(Verdict.AMBIGUOUS);
  }
}
