package dev.accrete.bench.regression;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private final List<String> order = new ArrayList<>();

  private Comparison.Timer timer(String name, double... millis) {
    Iterator<Double> next =
        DoubleStream.iterate(0, i -> i + 1).map(i -> millis[(int) i % millis.length]).iterator();
    return () -> {
      order.add(name);
      return next.next();
    };
  }

  @Test
  void alternatesWhoComesFirst() throws IOException, InterruptedException {
    Comparison.Result result = new Comparison(timer("a", 10), timer("b", 10), round -> {}).run(6);
    assertThat(order).startsWith("a", "b", "b", "a", "a", "b").hasSize(12);
    assertThat(result.judgement().verdict()).isEqualTo(Verdict.SAME);
    assertThat(result.repeated()).isFalse();
  }

  @Test
  void findsASlowdown() throws IOException, InterruptedException {
    Comparison.Result result =
        new Comparison(timer("a", 10, 10.1), timer("b", 10.5, 10.6), round -> {}).run(8);
    assertThat(result.judgement().verdict()).isEqualTo(Verdict.SLOWER);
    assertThat(result.rounds()).hasSize(8);
    assertThat(result.candidateMs()).isGreaterThan(result.baselineMs());
  }

  @Test
  void measuresOnceMoreWhereItCannotTell() throws IOException, InterruptedException {
    Comparison.Result result =
        new Comparison(timer("a", 10), timer("b", 8, 12, 11, 9, 10, 13), round -> {}).run(6);
    assertThat(result.repeated()).isTrue();
    assertThat(result.rounds()).hasSize(12);
    assertThat(result.judgement().verdict()).isEqualTo(Verdict.AMBIGUOUS);
  }
}
