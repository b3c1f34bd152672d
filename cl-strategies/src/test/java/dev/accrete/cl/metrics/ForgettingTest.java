package dev.accrete.cl.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ForgettingTest {
  private static final Offset<Double> EXACT = Offset.offset(1e-12);

  /** Ten images a class, of which the given numbers are answered right. */
  private static ConfusionMatrix right(int... counts) {
    ConfusionMatrix matrix = new ConfusionMatrix(counts.length);
    for (int c = 0; c < counts.length; c++) {
      for (int i = 0; i < 10; i++) {
        matrix.add(c, i < counts[c] ? c : (c + 1) % counts.length);
      }
    }
    return matrix;
  }

  @Test
  void bestEarlierMinusFinal() {
    Forgetting forgetting = new Forgetting();
    forgetting.add(right(9, 5, 0), new int[] {0});
    forgetting.add(right(6, 8, 0), new int[] {0, 1});
    assertThat(forgetting.of(0).orElseThrow()).isEqualTo(0.3, EXACT);
    assertThat(forgetting.of(1)).isEmpty(); // seen, but not evaluated twice since
    forgetting.add(right(2, 9, 7), new int[] {0, 1, 2});

    assertThat(forgetting.of(0).orElseThrow()).isEqualTo(0.7, EXACT);
    assertThat(forgetting.of(1).orElseThrow()).isEqualTo(-0.1, EXACT); // later experiences helped
    assertThat(forgetting.of(2)).isEmpty();
    assertThat(forgetting.average().orElseThrow()).isEqualTo(0.3, EXACT);
  }

  @Test
  void accuracyBeforeAClassWasSeenDoesNotCount() {
    Forgetting forgetting = new Forgetting();
    forgetting.add(right(10, 10), new int[] {0});
    forgetting.add(right(10, 4), new int[] {0, 1});
    forgetting.add(right(10, 4), new int[] {0, 1});

    assertThat(forgetting.of(1)).hasValue(0);
  }

  @Test
  void nothingIsKnownBeforeTheSecondEvaluation() {
    Forgetting forgetting = new Forgetting();
    assertThat(forgetting.average()).isEmpty();
    forgetting.add(right(10, 4), new int[] {0, 1});
    assertThat(forgetting.average()).isEmpty();
  }

  @Test
  void classesWithoutTestImagesAreLeftOut() {
    ConfusionMatrix matrix = ConfusionMatrix.of(2, new int[] {0}, new int[] {0});
    Forgetting forgetting = new Forgetting();
    forgetting.add(matrix, new int[] {0, 1});
    forgetting.add(matrix, new int[] {0, 1});

    assertThat(forgetting.of(1)).isEmpty();
    assertThat(forgetting.average()).hasValue(0);
  }

  @Test
  void goesOnFromItsState() {
    Forgetting whole = new Forgetting();
    whole.add(right(9, 5), new int[] {0, 1});
    whole.add(right(3, 7), new int[] {0, 1});
    Forgetting resumed = Forgetting.ofState(whole.state());
    whole.add(right(5, 6), new int[] {0, 1});
    resumed.add(right(5, 6), new int[] {0, 1});

    assertThat(resumed.state()).isEqualTo(whole.state());
    assertThat(resumed.average().orElseThrow())
        .isEqualTo(0.25, EXACT); // (0.9 - 0.5 + 0.7 - 0.6) / 2
  }

  @Test
  void classesMayAppearAtAnyTime() {
    Forgetting growing = new Forgetting();
    growing.add(right(9, 5), new int[] {0, 1});
    growing.add(right(6, 7, 8), new int[] {0, 1, 2});
    growing.add(right(5, 8, 4, 9), new int[] {0, 1, 2, 3});
    Forgetting fullSize = new Forgetting();
    fullSize.add(right(9, 5, 0, 0), new int[] {0, 1});
    fullSize.add(right(6, 7, 8, 0), new int[] {0, 1, 2});
    fullSize.add(right(5, 8, 4, 9), new int[] {0, 1, 2, 3});

    assertThat(growing.state()).isEqualTo(fullSize.state());
    assertThat(growing.average()).isEqualTo(fullSize.average());
    assertThat(growing.average().orElseThrow()).isEqualTo((0.4 - 0.1 + 0.4) / 3, EXACT);
  }

  @Test
  void itsStateFollowsTheClassesEvaluated() {
    Forgetting forgetting = new Forgetting();
    ConfusionMatrix matrix = new ConfusionMatrix(1_000_000);
    matrix.add(700_000, 700_000);
    forgetting.add(matrix, new int[] {3, 700_000});
    assertThat(forgetting.state()).containsExactly(700_000, Double.NaN, 1);
  }

  @Test
  void whatIsNoClassOrNoStateIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Forgetting().add(right(1, 2), new int[] {2}));
    assertThatIllegalArgumentException().isThrownBy(() -> Forgetting.ofState(new double[4]));
  }
}
