package dev.accrete.cl.strategy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import java.util.Arrays;

/**
 * Latents of earlier experiences with their labels, at most a fixed number of them. A latent and
 * its label are written together and never move apart.
 */
final class LatentMemory {
  private static final String LABELS = "replay.labels";

  private final LatentStorage storage;
  private final int[] labels;
  private int size;

  /** An empty memory for latents of a shape. */
  LatentMemory(ReplaySettings settings, Shape latent) {
    storage = LatentStorage.of(settings.storage(), settings.capacity(), latent);
    labels = new int[settings.capacity()];
  }

  /** A memory that stays empty. */
  static LatentMemory none(Shape latent) {
    return new LatentMemory(ReplaySettings.PUBLISHED.withCapacity(0), latent);
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

  /** Writes the latent in a cell to {@code to[offset]}. */
  void read(int cell, float[] to, int offset) {
    storage.read(cell, to, offset);
  }

  /** Bytes of all cells, filled or not. */
  long bytes() {
    return storage.bytes() + 4L * labels.length;
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

  /** Puts the latent at {@code latents[offset]} into a cell; free cells are filled in order. */
  void write(int cell, float[] latents, int offset, int label) {
    if (cell > size) {
      throw new IllegalArgumentException("cell " + cell + " comes after free cell " + size);
    }
    storage.write(cell, latents, offset);
    labels[cell] = label;
    size = Math.max(size, cell + 1);
  }

  void save(StateWriter state) {
    state.put(LABELS, Arrays.stream(labels, 0, size).asLongStream().toArray());
    storage.save(state, size);
  }

  /**
   * Takes the place of what was saved.
   *
   * @throws AccreteException if it held more latents than this has room for
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
    storage.restore(state, size);
  }
}
