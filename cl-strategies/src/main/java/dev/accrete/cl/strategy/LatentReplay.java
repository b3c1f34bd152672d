package dev.accrete.cl.strategy;

import dev.accrete.core.Rng;
import dev.accrete.nn.Cut;
import dev.accrete.nn.LatentBank;
import dev.accrete.nn.LatentCopy;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Network;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A memory of latents that later experiences train on again (Pellegrini et al. 2020).
 *
 * <p>After experience i of n images, {@code min(capacity / i, n)} of its latents (i counts from 1)
 * take free places of the memory, then those of random others. Once more experiences have come than
 * there are places, the share of a new one is none, as published: a line says so when that begins.
 */
public final class LatentReplay implements Part {
  /** Keeps this stream of random numbers apart from all others under the same seed. */
  private static final long MEMORY = 0x4D45L << 48;

  private static final Logger LOG = LoggerFactory.getLogger(LatentReplay.class);

  private final ReplaySettings settings;
  private final Cut cut;
  private final long seed;
  private @Nullable LatentMemory memory;

  /** A memory of latents of {@code network}. */
  public LatentReplay(ReplaySettings settings, Network network, long seed) {
    this.settings = settings;
    this.seed = seed;
    cut = settings.cut(network);
  }

  /** Where latents are taken. */
  public Cut cut() {
    return cut;
  }

  @Override
  public void attach(Learner learner) {
    memory = new LatentMemory(learner, settings, cut.latent());
  }

  /** What is kept. */
  LatentMemory memory() {
    return Objects.requireNonNull(memory, "attach comes first");
  }

  /** Keeps latents of the first experience, whose training has changed the layers below as well. */
  void remember(int index, LabelledImages images, Work work, LatentExtractor source) {
    int[] chosen = chosen(index, images.count());
    int[] cells = memory().cellsFor(chosen.length, cellOrder(index));
    memory()
        .write(
            cells,
            labels(images, chosen),
            bank -> work.addMacs(source.extract(images.set(), chosen, bank, cells)));
  }

  /** Keeps latents that were made for the training. */
  void remember(int index, LabelledImages images, LatentBank latents, Learner learner) {
    int[] chosen = chosen(index, images.count());
    int[] cells = memory().cellsFor(chosen.length, cellOrder(index));
    memory()
        .write(
            cells,
            labels(images, chosen),
            bank -> {
              try (LatentCopy copy = learner.compileLatentCopy(latents, bank)) {
                copy.run(chosen, cells);
              }
            });
  }

  private static int[] labels(LabelledImages images, int[] positions) {
    return IntStream.of(positions).map(images::label).toArray();
  }

  /** The positions of the images whose latents are kept. */
  private int[] chosen(int index, int images) {
    int capacity = memory().capacity();
    if (index == capacity && capacity > 0) {
      LOG.info(
          "replay.memory is {}: from experience {} on, nothing new is remembered; raise it for a"
              + " longer stream",
          capacity,
          index + 1);
    }
    int[] order = Rng.of(seed, MEMORY | (long) index << 1).permutation(images);
    return Arrays.copyOf(order, Math.min(capacity / (index + 1), images));
  }

  private Rng cellOrder(int index) {
    return Rng.of(seed, MEMORY | (long) index << 1 | 1);
  }

  @Override
  public void save(StateWriter state) {
    memory().save(state);
  }

  @Override
  public void restore(StateReader state) {
    memory().restore(state);
  }
}
