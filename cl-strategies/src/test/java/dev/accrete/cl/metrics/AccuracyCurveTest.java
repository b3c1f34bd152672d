package dev.accrete.cl.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AccuracyCurveTest {
  private static final Offset<Double> EXACT = Offset.offset(1e-12);

  @Test
  void aCompleteCurveIsAveragedPlainly() {
    AccuracyCurve curve = new AccuracyCurve();
    curve.add(0, 0.1);
    curve.add(1, 0.6);
    curve.add(2, 0.2);

    assertThat(curve.averageAccuracy().orElseThrow()).isEqualTo(0.3, EXACT);
    assertThat(curve.finalAccuracy()).hasValue(0.2);
    assertThat(curve.points()).hasSize(3);
  }

  @Test
  void theWorstFallIsBelowTheBestBefore() {
    AccuracyCurve curve = new AccuracyCurve();
    assertThat(curve.worstFall()).isEmpty();
    curve.add(0, 0.3);
    curve.add(1, 0.5);
    assertThat(curve.worstFall()).hasValue(0);
    curve.add(2, 0.4);
    curve.add(3, 0.2);
    curve.add(4, 0.9);
    curve.add(5, 0.7);
    assertThat(curve.worstFall().orElseThrow()).isEqualTo(0.3, EXACT);
  }

  @Test
  void gapsAreStraightLines() {
    AccuracyCurve curve = new AccuracyCurve();
    curve.add(2, 0.2);
    curve.add(6, 0.6);

    // 0.2, 0.3, 0.4, 0.5, 0.6 over experiences 2..6.
    assertThat(curve.averageAccuracy().orElseThrow()).isEqualTo(0.4, EXACT);
    curve.add(7, 1.0);
    assertThat(curve.averageAccuracy().orElseThrow()).isEqualTo(0.5, EXACT);
  }

  @Test
  void refusesDisorderAndNonsense() {
    AccuracyCurve curve = new AccuracyCurve();
    assertThat(curve.finalAccuracy()).as("nothing was measured").isEmpty();
    assertThat(curve.averageAccuracy()).as("nothing was measured").isEmpty();
    curve.add(3, 0.5);
    assertThatIllegalArgumentException().isThrownBy(() -> curve.add(3, 0.5));
    assertThatIllegalArgumentException().isThrownBy(() -> curve.add(4, Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> curve.add(4, 1.01));
    assertThatIllegalArgumentException().isThrownBy(() -> new AccuracyCurve().add(-1, 0.5));
  }
}
