package dev.accrete.bench.work;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgreementTest {
  private static Measurement measurement(String engine, long parameters, List<List<Double>> proof) {
    return new Measurement(
        engine, List.of(), parameters, 0, List.of(1.0), 1, 1, 1, 0, 0, proof, 0, 0, 0);
  }

  private static void check(List<List<Double>> ours, List<List<Double>> peer) {
    Agreement.check(measurement("ours", 0, ours), measurement("peer", 0, peer));
  }

  @Test
  void roundingIsNoDifference() {
    assertThatCode(() -> check(List.of(List.of(1000.0, 0.0)), List.of(List.of(1000.1, 0.1))))
        .doesNotThrowAnyException();
  }

  @Test
  void anotherNumberIs() {
    assertThatThrownBy(() -> check(List.of(List.of(1.0, 2.0)), List.of(List.of(1.0, 2.1))))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("result 0")
        .hasMessageContaining("2.1");
  }

  /** Each result is judged by its own size: a large one hides no error of a small one. */
  @Test
  void resultsAreJudgedOneByOne() {
    assertThatThrownBy(
            () -> check(List.of(List.of(1e6), List.of(1.0)), List.of(List.of(1e6), List.of(1.5))))
        .hasMessageContaining("result 1");
  }

  @Test
  void whatIsNoNumberNeverAgrees() {
    assertThatThrownBy(() -> check(List.of(List.of(Double.NaN)), List.of(List.of(Double.NaN))))
        .hasMessageContaining("not the same work");
  }

  @Test
  void oneResultMoreIsOtherWork() {
    assertThatThrownBy(() -> check(List.of(List.of(1.0)), List.of(List.of(1.0), List.of(1.0))))
        .hasMessageContaining("1 results");
  }

  @Test
  void otherParametersAreAnotherNetwork() {
    assertThatThrownBy(
            () ->
                Agreement.check(
                    measurement("ours", 5, List.of()), measurement("peer", 6, List.of())))
        .hasMessageContaining("ours trains 5")
        .hasMessageContaining("peer 6");
  }
}
