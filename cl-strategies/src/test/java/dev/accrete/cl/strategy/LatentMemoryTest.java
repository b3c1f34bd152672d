package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Preprocessing;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LatentMemoryTest {
  private static final Shape LATENT = Shape.of(3, 2, 5);
  private static final int LENGTH = 30;
  private static final float[] SCALES = {1, 10, 100};

  private final Learner learner =
      new Learner(TinyStream.backend(), TinyStream.network(2), Preprocessing.centred(3));

  private LatentMemory memory(ReplaySettings.Storage storage, int capacity) {
    ReplaySettings settings = ReplaySettings.PUBLISHED.withMemory(capacity).withStorage(storage);
    return new LatentMemory(learner, settings, LATENT);
  }

  private static void write(LatentMemory memory, int cell, float[] latent, int label) {
    memory.write(new int[] {cell}, new int[] {label}, bank -> bank.write(cell, latent, 0));
  }

  private static void read(LatentMemory memory, int cell, float[] to, int offset) {
    memory.bank().orElseThrow().read(cell, to, offset);
  }

  /** Channel c of latent {@code seed} has values of the order of 10^c, of either sign. */
  private static float[] latent(int seed) {
    Rng rng = Rng.of(seed, 0);
    float[] latent = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      latent[i] = (rng.nextFloat() - 0.3f) * SCALES[i / 10];
    }
    return latent;
  }

  @Test
  void fillsFreeCellsFirstThenReplacesEachAtMostOnce() {
    LatentMemory memory = memory(ReplaySettings.Storage.FP32, 10);
    int[] first = memory.cellsFor(7, Rng.of(1, 1));
    assertThat(first).containsExactly(0, 1, 2, 3, 4, 5, 6);
    for (int cell : first) {
      write(memory, cell, latent(cell), cell);
    }
    int[] next = memory.cellsFor(6, Rng.of(1, 2));
    assertThat(Arrays.copyOf(next, 3)).containsExactly(7, 8, 9);
    assertThat(next).doesNotHaveDuplicates();
    assertThat(Arrays.stream(next).skip(3)).allMatch(cell -> cell < 7);
    for (int cell : next) {
      write(memory, cell, latent(100 + cell), 20 + cell);
    }
    assertThat(memory.size()).isEqualTo(10);
    float[] read = new float[LENGTH + 2];
    for (int cell = 0; cell < 10; cell++) {
      read(memory, cell, read, 2);
      boolean replaced = memory.label(cell) >= 20;
      assertThat(memory.label(cell) % 20).isEqualTo(cell);
      assertThat(Arrays.copyOfRange(read, 2, read.length))
          .isEqualTo(latent(replaced ? 100 + cell : cell));
    }
  }

  @Test
  void bytesAreHalfAStepOfTheirChannelOffAtMost() {
    LatentMemory memory = memory(ReplaySettings.Storage.U8, 4);
    for (int cell = 0; cell < 4; cell++) {
      write(memory, cell, latent(cell), cell);
    }
    float[] read = new float[LENGTH];
    for (int cell = 0; cell < 4; cell++) {
      read(memory, cell, read, 0);
      float[] exact = latent(cell);
      for (int c = 0; c < 3; c++) {
        float[] channel = Arrays.copyOfRange(exact, 10 * c, 10 * c + 10);
        double range = max(channel) + max(negated(channel));
        for (int i = 0; i < 10; i++) {
          assertThat((double) read[10 * c + i]).isCloseTo(channel[i], within(range / 255 * 0.501));
        }
      }
    }
  }

  @Test
  void constantChannelsAreExact() {
    LatentMemory memory = memory(ReplaySettings.Storage.U8, 1);
    float[] constant = new float[LENGTH];
    Arrays.fill(constant, 0, 10, 2.5f);
    write(memory, 0, constant, 1);
    float[] read = latent(1);
    read(memory, 0, read, 0);
    assertThat(read).isEqualTo(constant);
  }

  @Test
  void bytesTakeAThirdOfThePlace() {
    long floats = memory(ReplaySettings.Storage.FP32, 100).bytes();
    long bytes = memory(ReplaySettings.Storage.U8, 100).bytes();
    assertThat(floats).isEqualTo(100 * (4 * LENGTH + 4));
    assertThat(bytes).isEqualTo(100 * (LENGTH + 8 * 3 + 4));
  }

  @ParameterizedTest
  @EnumSource
  void comesBackFromACheckpoint(ReplaySettings.Storage storage) {
    LatentMemory memory = memory(storage, 6);
    IntStream.range(0, 4).forEach(cell -> write(memory, cell, latent(cell), 3 * cell));
    MapState state = new MapState();
    memory.save(state);
    LatentMemory restored = memory(storage, 6);
    restored.restore(state);
    assertThat(restored.size()).isEqualTo(4);
    float[] expected = new float[LENGTH];
    float[] actual = new float[LENGTH];
    for (int cell = 0; cell < 4; cell++) {
      read(memory, cell, expected, 0);
      read(restored, cell, actual, 0);
      assertThat(actual).isEqualTo(expected);
      assertThat(restored.label(cell)).isEqualTo(3 * cell);
    }
    LatentMemory small = memory(storage, 3);
    assertThatThrownBy(() -> small.restore(state))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("4 latents")
        .hasMessageContaining("replay.memory");
  }

  @Test
  void tooLargeAMemoryIsRefused() {
    ReplaySettings huge = ReplaySettings.PUBLISHED.withMemory(100_000);
    assertThatThrownBy(() -> new LatentMemory(learner, huge, Shape.of(512, 8, 8)))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("replay.memory")
        .hasMessageContaining("65535");
  }

  private static double max(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).max().orElseThrow();
  }

  private static float[] negated(float[] values) {
    float[] negated = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      negated[i] = -values[i];
    }
    return negated;
  }
}
