package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MiniBatchesTest {
  @Property(tries = 300)
  void anEpochShowsEveryImageAndRepeatsOnlyToFillTheLastMiniBatch(
      @ForAll @IntRange(min = 1, max = 700) int images,
      @ForAll @IntRange(min = 1, max = 200) int miniBatch) {
    MiniBatches batches = new MiniBatches(5, 3, images, miniBatch);
    int[] order = batches.order(1);
    int[] shown = new int[batches.steps() * batches.size()];
    int[] rows = new int[batches.size()];
    for (int step = 0; step < batches.steps(); step++) {
      batches.rows(order, step, rows);
      System.arraycopy(rows, 0, shown, step * rows.length, rows.length);
    }
    assertThat(batches.size()).isLessThanOrEqualTo(miniBatch);
    assertThat(batches.steps()).isEqualTo(Math.ceilDiv(images, batches.size()));
    int[] head = Arrays.copyOf(shown, images);
    assertThat(head).isEqualTo(order);
    assertThat(Arrays.stream(head).sorted().toArray())
        .isEqualTo(IntStream.range(0, images).toArray());
    for (int i = images; i < shown.length; i++) {
      assertThat(shown[i]).isEqualTo(order[i % images]);
    }
    assertThat(batches.through(batches.steps() - 1)).isEqualTo(images);
  }

  @Test
  void theFirstBatchOfNicv2TakesTheAuthorsStepsAndFillsTheLast() {
    MiniBatches batches = new MiniBatches(0, 0, 2999, 128);
    assertThat(batches.steps()).isEqualTo(24);
    int[] order = batches.order(0);
    int[] rows = new int[128];
    batches.rows(order, 23, rows);
    assertThat(rows[54]).isEqualTo(order[2998]);
    assertThat(rows[55]).isEqualTo(order[0]);
    assertThat(rows[127]).isEqualTo(order[72]);
  }

  @Property(tries = 300)
  void replayKeepsEveryNewImageAndWalksRoundTheMemory(
      @ForAll @IntRange(min = 1, max = 700) int images,
      @ForAll @IntRange(min = 1, max = 700) int replayed,
      @ForAll @IntRange(min = 2, max = 200) int miniBatch) {
    MiniBatches batches = new MiniBatches(5, 3, images, replayed, miniBatch);
    int[] order = batches.order(2);
    int[] replayOrder = batches.replayOrder(2);
    assertThat(Arrays.stream(replayOrder).sorted().toArray())
        .isEqualTo(IntStream.range(0, replayed).toArray());
    int[] rows = new int[batches.size()];
    int[] shown = new int[images + replayed];
    for (int step = 0; step < batches.steps(); step++) {
      batches.rows(order, replayOrder, step, rows);
      Arrays.stream(rows).forEach(row -> shown[row]++);
      assertThat(rows[0]).isLessThan(images);
      assertThat(rows[rows.length - 1]).isGreaterThanOrEqualTo(images);
    }
    for (int i = 0; i < images; i++) {
      assertThat(shown[i]).isPositive();
    }
    int[] memory = Arrays.copyOfRange(shown, images, shown.length);
    int most = Arrays.stream(memory).max().orElseThrow();
    assertThat(Arrays.stream(memory).min().orElseThrow()).isGreaterThanOrEqualTo(most - 1);
    assertThat(batches.through(batches.steps() - 1)).isEqualTo(images);
  }

  @Test
  void oneNicv2BatchMixesAsPublished() {
    MiniBatches batches = new MiniBatches(0, 200, 300, 1500, 128);
    int[] rows = new int[128];
    batches.rows(batches.order(0), batches.replayOrder(0), 0, rows);
    assertThat(Arrays.stream(rows).filter(row -> row < 300).count()).isEqualTo(21);
    assertThat(batches.steps()).isEqualTo(15);
  }

  @Test
  void fewImagesMakeASmallerMiniBatch() {
    assertThat(new MiniBatches(0, 1, 60, 128).size()).isEqualTo(64);
    assertThat(new MiniBatches(0, 1, 1, 128).size()).isEqualTo(16);
    assertThat(new MiniBatches(0, 1, 127, 128).size()).isEqualTo(128);
    assertThat(new MiniBatches(0, 1, 1, 4).size()).isEqualTo(4);
  }

  @Test
  void theOrderDependsOnSeedExperienceAndEpochAlone() {
    int[] order = new MiniBatches(1, 2, 100, 32).order(3);
    assertThat(new MiniBatches(1, 2, 100, 16).order(3)).isEqualTo(order);
    assertThat(new MiniBatches(9, 2, 100, 32).order(3)).isNotEqualTo(order);
    assertThat(new MiniBatches(1, 1, 100, 32).order(3)).isNotEqualTo(order);
    assertThat(new MiniBatches(1, 2, 100, 32).order(0)).isNotEqualTo(order);
  }
}
