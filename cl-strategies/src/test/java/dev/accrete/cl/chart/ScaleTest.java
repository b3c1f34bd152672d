package dev.accrete.cl.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ScaleTest {
  @Test
  void linearAxesEndInRoundNumbers() {
    Scale scale = Scale.fromZero(DoubleStream.of(0.1, 0.63));
    assertThat(scale.low()).isZero();
    assertThat(scale.high()).isCloseTo(0.8, within(1e-12));
    assertThat(scale.ticks()).hasSize(5);
    assertThat(scale.at(0.4)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void logarithmicAxesEndInPowersOfTen() {
    Scale scale = Scale.decades(DoubleStream.of(0, 30, 40_000));
    assertThat(scale.low()).isEqualTo(10);
    assertThat(scale.high()).isEqualTo(100_000);
    assertThat(scale.at(1000)).isCloseTo(0.5, within(1e-12));
  }

  @Property(tries = 200)
  void everyValueLiesOnTheAxis(
      @ForAll @DoubleRange(min = -6, max = 15) double exponentA,
      @ForAll @DoubleRange(min = -6, max = 15) double exponentB) {
    double a = Math.pow(10, exponentA);
    double b = Math.pow(10, exponentB);
    for (Scale scale :
        new Scale[] {Scale.fromZero(DoubleStream.of(a, b)), Scale.decades(DoubleStream.of(a, b))}) {
      assertThat(scale.at(a)).isBetween(-1e-9, 1 + 1e-9);
      assertThat(scale.at(b)).isBetween(-1e-9, 1 + 1e-9);
      assertThat(scale.ticks().size()).isBetween(2, 30);
    }
  }

  @Property(tries = 100)
  void experiencesStartAtOne(@ForAll @IntRange(min = 1, max = 5000) int last) {
    Scale scale = Scale.numbers(last);
    assertThat(scale.ticks().getFirst()).isEqualTo(1);
    assertThat(scale.ticks()).isSorted().doesNotHaveDuplicates();
    assertThat(scale.ticks().size()).isBetween(1, 8);
  }

  @Test
  void emptyChartsHaveAxesToo() {
    assertThat(Scale.fromZero(DoubleStream.empty()).ticks()).isNotEmpty();
    assertThat(Scale.decades(DoubleStream.empty()).ticks()).isNotEmpty();
  }
}
