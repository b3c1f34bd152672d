package dev.accrete.cl.strategy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.MemoryException;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.nn.LatentBank;
import dev.accrete.nn.Learner;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Latents of earlier experiences with their labels, at most a fixed number of them. A latent and
 * its label are written together and never move apart. Latents live where the learner's backend
 * computes, labels on the host.
 */
final class LatentMemory {
  private static final String LABELS = "replay.labels";
  private static final String VALUES = "replay.values";
  private static final String BYTES = "replay.bytes";
  private static final String RANGES = "replay.ranges";

  private final ReplaySettings.Storage storage;
  private final Optional<LatentBank> bank;
  private final int[] labels;
  private int size;

  /**
   * An empty memory for latents of a shape; the learner frees it.
   *
   * @throws AccreteException if there is not enough memory, or one array cannot hold them
   */
  LatentMemory(Learner learner, ReplaySettings settings, Shape latent) {
    storage = settings.storage();
    bank =
        settings.memory() == 0
            ? Optional.empty()
            : Optional.of(allocate(learner, settings, latent));
    labels = new int[settings.memory()];
  }

  /** A memory that stays empty. */
  static LatentMemory none(Learner learner, Shape latent) {
    return new LatentMemory(learner, ReplaySettings.PUBLISHED.withMemory(0), latent);
  }

  private static LatentBank allocate(Learner learner, ReplaySettings settings, Shape latent) {
    int capacity = settings.memory();
    if (capacity > LatentBank.most(latent)) {
      throw new AccreteException(
          capacity
              + " latents of "
              + latent
              + " are more numbers than one array can hold; set replay.memory to at most "
              + LatentBank.most(latent));
    }
    LatentBank.Storage kind =
        switch (settings.storage()) {
          case FP32 -> LatentBank.Storage.F32;
          case U8 -> LatentBank.Storage.U8;
        };
    try {
      return learner.allocateLatents("replay", latent, capacity, kind);
    } catch (MemoryException e) {
      throw new AccreteException(
          e.getMessage()
              + "; replay.memory ("
              + capacity
              + ") sets how many, and replay.storage (fp32, u8) how",
          e);
    }
  }

  /** Where the latents are; empty if there is room for none. */
  Optional<LatentBank> bank() {
    return bank;
  }

  /** How many latents there are. */
  int size() {
    return size;
  }

  /** How many latents there can be. */
  int capacity() {
    return labels.length;
  }

  /** The class of the latent in a cell. */
  int label(int cell) {
    return labels[cell];
  }

  /** Bytes of all cells, filled or not. */
  long bytes() {
    return bank.map(LatentBank::bytes).orElse(0L) + 4L * labels.length;
  }

  /** How many latents each class has. */
  float[] countByClass(int classes) {
    float[] counts = new float[classes];
    for (int cell = 0; cell < size; cell++) {
      counts[labels[cell]]++;
    }
    return counts;
  }

  /**
   * The cells that {@code count} new latents go to: free ones first, then random ones, each once.
   */
  int[] cellsFor(int count, Rng rng) {
    int free = Math.min(count, capacity() - size);
    int[] cells = new int[count];
    for (int i = 0; i < free; i++) {
      cells[i] = size + i;
    }
    System.arraycopy(rng.permutation(size), 0, cells, free, count - free);
    return cells;
  }

  /**
   * Puts latents into cells; free cells are filled in order.
   *
   * @param classes the label of the latent that goes to each cell
   * @param write puts the latents there
   */
  void write(int[] cells, int[] classes, Consumer<LatentBank> write) {
    int filled = size;
    for (int cell : cells) {
      if (cell > filled) {
        throw new IllegalArgumentException("cell " + cell + " comes after free cell " + filled);
      }
      filled = Math.max(filled, cell + 1);
    }
    if (cells.length == 0) {
      return;
    }
    write.accept(bank.orElseThrow());
    for (int i = 0; i < cells.length; i++) {
      labels[cells[i]] = classes[i];
    }
    size = filled;
  }

  void save(StateWriter state) {
    state.put(LABELS, Arrays.stream(labels, 0, size).asLongStream().toArray());
    switch (storage) {
      case FP32 -> state.put(VALUES, bank.map(b -> b.values(size)).orElse(new float[0]));
      case U8 -> {
        state.put(BYTES, bank.map(b -> b.codes(size)).orElse(new byte[0]));
        state.put(RANGES, bank.map(b -> b.ranges(size)).orElse(new float[0]));
      }
    }
  }

  /**
   * Takes the place of what was saved.
   *
   * @throws AccreteException if it held more latents than this has room for, or others
   */
  void restore(StateReader state) {
    long[] saved = state.longs(LABELS);
    if (saved.length > capacity()) {
      throw new AccreteException(
          "the saved memory holds "
              + saved.length
              + " latents, replay.memory is "
              + capacity()
              + "; resume with the setting of the run that saved it");
    }
    size = saved.length;
    for (int cell = 0; cell < size; cell++) {
      labels[cell] = Math.toIntExact(saved[cell]);
    }
    bank.ifPresent(latents -> restore(state, latents));
  }

  private void restore(StateReader state, LatentBank latents) {
    int length = latents.latent().size();
    switch (storage) {
      case FP32 -> {
        float[] values = state.floats(VALUES);
        requireLength(VALUES, values.length, size * length);
        latents.setValues(values);
      }
      case U8 -> {
        byte[] codes = state.bytes(BYTES);
        float[] ranges = state.floats(RANGES);
        requireLength(BYTES, codes.length, size * length);
        requireLength(RANGES, ranges.length, size * latents.rangeLength());
        latents.setCodes(codes, ranges);
      }
    }
  }

  private void requireLength(String array, int actual, int expected) {
    if (actual != expected) {
      throw new AccreteException(
          "the saved memory has "
              + actual
              + " numbers in '"
              + array
              + "' where "
              + size
              + " latents have "
              + expected
              + "; resume with the replay.layer of the run that saved it");
    }
  }
}
