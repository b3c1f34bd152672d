package dev.accrete.cl.strategy;

import dev.accrete.core.Rng;

/**
 * The mini-batches of one experience: every epoch goes once through all images in a random order of
 * its own, which depends on the seed, the experience and the epoch, and on nothing else; so all
 * strategies see the same order, and a resumed run needs no generator state.
 *
 * <p>An epoch takes {@code ceil(images / size)} steps. Rows of its last mini-batch that no image is
 * left for repeat the first images of the epoch's order, as the authors' code does: rows left empty
 * would enter the moments of the normalizations. Where an experience has fewer images than a whole
 * mini-batch, filling it up would repeat every image many times and multiply the work for nothing;
 * the mini-batch then shrinks to the next multiple of {@value #STEP} images, and only the rows up
 * to there repeat.
 *
 * <p>With a memory to replay, every mini-batch holds new and replayed rows in proportion to images
 * and memory (Pellegrini et al. 2020); an epoch still goes once through all new images, and walks
 * round the memory in a random order of its own.
 */
final class MiniBatches {
  private static final int STEP = 16;

  /** Keeps these streams of random numbers apart from all others under the same seed. */
  private static final long ORDER = 0x4D42L << 48;

  private static final long FLIPS = 0x464CL << 48;
  private static final long REPLAY = 0x5250L << 48;
  private static final int EPOCH_BITS = 16;

  private final long seed;
  private final int experience;
  private final int images;
  private final int replayed;
  private final int size;
  private final int newRows;

  /** The mini-batches of {@code images} images, of {@code miniBatch} rows if there are enough. */
  MiniBatches(long seed, int experience, int images, int miniBatch) {
    this(seed, experience, images, 0, miniBatch);
  }

  /** The same, with {@code replayed} memories to mix in. */
  MiniBatches(long seed, int experience, int images, int replayed, int miniBatch) {
    this.seed = seed;
    this.experience = experience;
    this.images = images;
    this.replayed = replayed;
    int all = images + replayed;
    size = all >= miniBatch ? miniBatch : Math.min(miniBatch, Math.ceilDiv(all, STEP) * STEP);
    newRows = replayed == 0 ? size : newRows(size, images, replayed);
  }

  /** In proportion, but at least one new row and one replayed. */
  private static int newRows(int size, int images, int replayed) {
    long proportional = Math.round((double) size * images / (images + replayed));
    return Math.clamp(proportional, 1, Math.max(1, size - 1));
  }

  /** Rows of a mini-batch. */
  int size() {
    return size;
  }

  /** Mini-batches of an epoch. */
  int steps() {
    return Math.ceilDiv(images, newRows);
  }

  /** New images up to and with mini-batch {@code step}, repeated rows not counted. */
  int through(int step) {
    return (int) Math.min(images, (step + 1L) * newRows);
  }

  /** The order of the images in one epoch: positions {@code 0..images - 1}. */
  int[] order(int epoch) {
    return Rng.of(seed, stream(ORDER, epoch)).permutation(images);
  }

  /** The order of the memory in one epoch: cells {@code 0..replayed - 1}. */
  int[] replayOrder(int epoch) {
    return Rng.of(seed, stream(REPLAY, epoch)).permutation(replayed);
  }

  /** Fills {@code rows} with the positions in mini-batch {@code step} of an epoch of this order. */
  void rows(int[] order, int step, int[] rows) {
    rows(order, new int[0], step, rows);
  }

  /**
   * The same with replay: first the positions of new images, then cells of the memory, each as
   * {@code images + cell}.
   */
  void rows(int[] order, int[] replayOrder, int step, int[] rows) {
    for (int i = 0; i < newRows; i++) {
      rows[i] = order[(step * newRows + i) % images];
    }
    int old = size - newRows;
    for (int i = 0; i < old; i++) {
      rows[newRows + i] = images + replayOrder[(int) (((long) step * old + i) % replayed)];
    }
  }

  /** The generator of one epoch's augmentation. */
  Rng flips(int epoch) {
    return Rng.of(seed, stream(FLIPS, epoch));
  }

  private long stream(long domain, int epoch) {
    return domain | ((long) experience << EPOCH_BITS) | epoch;
  }
}
