package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.nn.LatentBank.Storage;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Latents in banks, between banks, and back on the host. */
class LatentBankTest {
  private static final Shape LATENT = Shape.of(9, 2, 3);
  private static final int LENGTH = 54;

  /** More than one run of a copy moves. */
  private static final int MANY = 75;

  private final Network network = Mlp.of(3, Shape.of(3, 2, 2), 2);

  static List<String> backends() {
    return TestBackends.available();
  }

  private void with(String name, Consumer<Learner> body) {
    try (Backend backend = Backends.create(name, new BackendOptions(2));
        Learner learner = new Learner(backend, network, Preprocessing.imageNet())) {
      body.accept(learner);
    }
  }

  private static float[] values(int latents) {
    Rng rng = Rng.of(3, 0);
    float[] values = new float[latents * LENGTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = rng.nextFloat() - 0.3f;
    }
    return values;
  }

  private static float[] read(LatentBank bank, int cell) {
    float[] latent = new float[LENGTH];
    bank.read(cell, latent, 0);
    return latent;
  }

  @ParameterizedTest
  @MethodSource("backends")
  void copiesGoWhereTheyAreSent(String name) {
    with(
        name,
        learner -> {
          LatentBank from = learner.allocateLatents("from", LATENT, MANY, Storage.F32);
          LatentBank to = learner.allocateLatents("to", LATENT, MANY + 5, Storage.F32);
          float[] values = values(MANY);
          from.setValues(values);
          int[] rows = Rng.of(4, 0).permutation(MANY);
          int[] cells = Arrays.copyOf(Rng.of(5, 0).permutation(MANY + 5), MANY);
          try (LatentCopy copy = learner.compileLatentCopy(from, to)) {
            copy.run(rows, cells);
          }
          float[] stored = to.values(MANY + 5);
          for (int i = 0; i < MANY; i++) {
            assertThat(Arrays.copyOfRange(stored, cells[i] * LENGTH, (cells[i] + 1) * LENGTH))
                .isEqualTo(Arrays.copyOfRange(values, rows[i] * LENGTH, (rows[i] + 1) * LENGTH));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("backends")
  void codesComeBackAsTheyWere(String name) {
    with(
        name,
        learner -> {
          LatentBank from = learner.allocateLatents("from", LATENT, 4, Storage.F32);
          from.setValues(values(4));
          LatentBank bank = learner.allocateLatents("bank", LATENT, 4, Storage.U8);
          try (LatentCopy copy = learner.compileLatentCopy(from, bank)) {
            copy.run(new int[] {0, 1, 2, 3}, new int[] {3, 2, 1, 0});
          }
          LatentBank restored = learner.allocateLatents("restored", LATENT, 5, Storage.U8);
          restored.setCodes(bank.codes(3), bank.ranges(3));
          LatentBank written = learner.allocateLatents("written", LATENT, 3, Storage.U8);
          for (int cell = 0; cell < 3; cell++) {
            float[] decoded = read(bank, cell);
            float[] exact = read(from, 3 - cell);
            for (int i = 0; i < LENGTH; i++) {
              assertThat(Math.abs(decoded[i] - exact[i])).isLessThan(1f / 255);
            }
            assertThat(read(restored, cell)).isEqualTo(decoded);
            written.write(cell, exact, 0);
          }
          assertThat(written.codes(3)).isEqualTo(bank.codes(3));
          assertThat(written.ranges(3)).isEqualTo(bank.ranges(3));
          assertThat(bank.bytes()).isEqualTo(4 * (LENGTH + 8 * 9));
          assertThat(from.bytes()).isEqualTo(4 * 4 * LENGTH);
        });
  }

  @ParameterizedTest
  @MethodSource("backends")
  void misuseIsNamed(String name) {
    with(
        name,
        learner -> {
          LatentBank bank = learner.allocateLatents("bank", LATENT, 4, Storage.F32);
          LatentBank other = learner.allocateLatents("other", LATENT, 2, Storage.U8);
          try (LatentCopy copy = learner.compileLatentCopy(bank, other)) {
            assertThatThrownBy(() -> copy.run(new int[] {0, 1}, new int[] {1, 1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cell 1");
            assertThatThrownBy(() -> copy.run(new int[] {4}, new int[] {1}))
                .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> copy.run(new int[] {0}, new int[] {2}))
                .isInstanceOf(IndexOutOfBoundsException.class);
          }
          assertThatThrownBy(() -> bank.codes(1))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("kept as F32");
          assertThatThrownBy(() -> bank.write(4, new float[LENGTH], 0))
              .isInstanceOf(IndexOutOfBoundsException.class);
          int tooMany = LatentBank.most(LATENT) + 1;
          assertThatThrownBy(() -> learner.allocateLatents("huge", LATENT, tooMany, Storage.U8))
              .isInstanceOf(AccreteException.class)
              .hasMessageContaining("keep at most " + (tooMany - 1));
          TrainingSpec spec = TrainingSpec.builder(network, 2).build();
          assertThatThrownBy(
                  () -> learner.compileLatentTraining(network.cutBelowHead(), spec, List.of(bank)))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("9x2x3");
        });
  }

  @ParameterizedTest
  @MethodSource("backends")
  void closedBanksAreForgotten(String name) {
    with(
        name,
        learner -> {
          LatentBank bank = learner.allocateLatents("bank", LATENT, 4, Storage.F32);
          bank.close();
          // The name is free again.
          LatentBank again = learner.allocateLatents("bank", LATENT, 4, Storage.F32);
          assertThat(again.values(4)).containsOnly(0);
          IntStream.range(0, 2).forEach(i -> again.close());
        });
  }
}
