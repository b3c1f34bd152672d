package dev.accrete.core.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the functions are by definition; backends are compared with it by their specs. */
class PointFunctionTest {
  private static final double STEP = 1e-5;

  @ParameterizedTest
  @EnumSource(PointFunction.class)
  void gradientsAreTheSlopesOfTheFunctions(PointFunction function) {
    for (int i = -60; i < 60; i++) {
      double x = (i + 0.5) / 8;
      double slope = (function.value(x + STEP) - function.value(x - STEP)) / (2 * STEP);
      double v = function.gradientOfResult() ? function.value(x) : x;
      assertThat(function.gradient(v, -3)).as("at %s", x).isCloseTo(-3 * slope, within(1e-8));
    }
  }

  @ParameterizedTest
  @EnumSource(PointFunction.class)
  void nanStaysAndFarAwayNothingBecomesNaN(PointFunction function) {
    assertThat(function.value(Double.NaN)).isNaN();
    for (double x : new double[] {-Float.MAX_VALUE, -1000, 0, 1000, Float.MAX_VALUE}) {
      double y = function.value(x);
      assertThat(y).as("at %s", x).isNotNaN();
      assertThat(function.gradient(function.gradientOfResult() ? y : x, 1)).isBetween(-0.2, 1.6);
    }
  }

  @Test
  void geluIsTheFormWithTanh() {
    double x = 1.5;
    double u = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    assertThat(PointFunction.GELU.value(x))
        .isCloseTo(x / 2 * (1 + Math.tanh(u)), within(1e-15))
        // x times the normal distribution's share below 1.5.
        .isCloseTo(x * 0.9331927987, within(5e-4));
  }

  @Test
  void opsAreNamedByTheirFunction() {
    assertThat(Pointwise.RELU.name()).isEqualTo("Relu");
    assertThat(PointwiseGrad.RELU.name()).isEqualTo("ReluGrad");
    assertThat(new Pointwise(PointFunction.HARD_SWISH).name()).isEqualTo("HardSwish");
  }
}
