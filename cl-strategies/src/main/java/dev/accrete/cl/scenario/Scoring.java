package dev.accrete.cl.scenario;

/** How often each test image counts in an accuracy. */
public enum Scoring {
  /** Each image counts once. */
  ONCE,

  /**
   * As the published scores were computed: the list is filled up to whole mini-batches of 100 by
   * counting its first images twice. The 2,249 images of the published test set become 2,300, the
   * first 51 of them counted twice.
   */
  PUBLISHED;

  private static final int MINI_BATCH = 100;

  /** How many answers are scored when the test set has {@code images} images. */
  public int scored(int images) {
    return switch (this) {
      case ONCE -> images;
      case PUBLISHED -> Math.ceilDiv(images, MINI_BATCH) * MINI_BATCH;
    };
  }

  /**
   * The positions to score, in order, in a test list of {@code images} images: {@code 0, 1, ...},
   * followed under {@link #PUBLISHED} by the first ones again.
   */
  public int[] positions(int images) {
    int[] positions = new int[images == 0 ? 0 : scored(images)];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = i % images;
    }
    return positions;
  }
}
