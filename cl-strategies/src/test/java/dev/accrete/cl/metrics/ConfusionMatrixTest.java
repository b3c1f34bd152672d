package dev.accrete.cl.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.accrete.cl.metrics.ConfusionMatrix.Cell;
import dev.accrete.cl.scenario.CoreOptions;
import dev.accrete.cl.scenario.Scenario;
import dev.accrete.cl.scenario.Scenarios;
import dev.accrete.core.Rng;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.data.Offset;

class ConfusionMatrixTest {
  private static final Offset<Double> EXACT = Offset.offset(1e-12);

  @Example
  void countsByHand() {
    ConfusionMatrix matrix = ConfusionMatrix.of(3, new int[] {0, 0, 0, 1}, new int[] {0, 0, 2, 0});

    assertThat(matrix.accuracy()).isEqualTo(0.5);
    assertThat(matrix.accuracy(0)).isEqualTo(2 / 3.0, EXACT);
    assertThat(matrix.accuracy(1)).isZero();
    assertThat(matrix.accuracy(2)).isNaN();
    assertThat(matrix.support(0)).isEqualTo(3);
    assertThat(matrix.total()).isEqualTo(4);
    assertThat(matrix.cells())
        .containsExactly(new Cell(0, 0, 2), new Cell(0, 2, 1), new Cell(1, 0, 1));
    assertThat(matrix.count(2, 2)).isZero();
  }

  @Example
  void itsStateFollowsTheAnswersAndNotTheClasses() {
    int classes = 1_000_000;
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    matrix.add(999_999, 0, 3);
    matrix.add(5, 5);
    assertThat(matrix.state()).containsExactly(classes, 5, 5, 1, 999_999, 0, 3);
    ConfusionMatrix again = ConfusionMatrix.ofState(matrix.state());
    assertThat(again.state()).isEqualTo(matrix.state());
    assertThat(again.accuracy()).isEqualTo(0.25);
    assertThat(again.classes()).isEqualTo(classes);
    assertThatIllegalArgumentException().isThrownBy(() -> ConfusionMatrix.ofState(new long[] {}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConfusionMatrix.ofState(new long[] {3, 1, 1}));
  }

  @Property(tries = 50)
  void accuracyIsTheSupportWeightedMeanOfTheClasses(
      @ForAll @IntRange(min = 1, max = 9) int classes,
      @ForAll @IntRange(min = 1, max = 200) int answers,
      @ForAll @LongRange long seed) {
    Rng rng = Rng.of(seed, 0);
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    int right = 0;
    for (int i = 0; i < answers; i++) {
      int label = rng.nextInt(classes);
      int predicted = rng.nextInt(classes);
      matrix.add(label, predicted);
      right += label == predicted ? 1 : 0;
    }
    double weighted = 0;
    for (int c = 0; c < classes; c++) {
      weighted += matrix.support(c) == 0 ? 0 : matrix.accuracy(c) * matrix.support(c);
    }
    assertThat(matrix.accuracy()).isEqualTo((double) right / answers, EXACT);
    assertThat(weighted / answers).isEqualTo(matrix.accuracy(), EXACT);
  }

  @Example
  void refusesWhatIsNoAnswer() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    assertThatIllegalStateException().isThrownBy(matrix::accuracy).withMessageContaining("empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> matrix.add(3, 0))
        .withMessageContaining("label is 3")
        .withMessageContaining("0..2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> matrix.add(0, -1))
        .withMessageContaining("prediction is -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConfusionMatrix.of(3, new int[2], new int[3]));
    assertThatIllegalArgumentException().isThrownBy(() -> new ConfusionMatrix(0));
  }

  @Example
  void evaluationScoresEachSession() {
    Scenario scenario = Scenarios.parse("nicv2-79").overCore50(CoreOptions.DEMO, 0);
    int[] labels = new int[scenario.test().length];
    int[] predicted = new int[labels.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 50;
      // Right in session 3, wrong in session 7, right every other time in session 10.
      boolean right =
          scenario.testGroups()[i] == 0 || (scenario.testGroups()[i] == 2 && i % 2 == 0);
      predicted[i] = right ? labels[i] : (labels[i] + 1) % 50;
    }
    Evaluation evaluation = Evaluation.of(scenario, labels, predicted);

    assertThat(evaluation.groupAccuracy().get(0)).isEqualTo(1);
    assertThat(evaluation.groupAccuracy().get(1)).isZero();
    assertThat(evaluation.groupAccuracy().get(2)).isEqualTo(0.5, Offset.offset(0.01));
    assertThat(evaluation.accuracy()).isEqualTo(0.5, Offset.offset(0.01));
    assertThat(evaluation.confusion().total()).isEqualTo(labels.length);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Evaluation.of(scenario, new int[3], new int[3]))
        .withMessageContaining("3 labels");
  }
}
