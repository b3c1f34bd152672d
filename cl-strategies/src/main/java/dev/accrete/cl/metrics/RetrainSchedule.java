package dev.accrete.cl.metrics;

/**
 * The rule of re-train &amp; re-deploy: at experience {@code t} of {@code T} a fresh model learns
 * all images so far, for a number of epochs that rises linearly over the stream.
 *
 * @param experiences length T of the stream
 * @param firstEpochs epochs at the first experience
 * @param lastEpochs epochs at the last experience
 */
public record RetrainSchedule(int experiences, int firstEpochs, int lastEpochs) {
  /** Published epochs at the first experience, and of the continual strategies at every one. */
  public static final int FIRST_EPOCHS = 4;

  /** Published epochs at the last experience (the authors' estimate of what all data need). */
  public static final int LAST_EPOCHS = 50;

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if the stream is empty
   */
  public RetrainSchedule {
    if (experiences < 1) {
      throw new IllegalArgumentException("a stream of " + experiences + " experiences is empty");
    }
  }

  /** The published rule, from {@value #FIRST_EPOCHS} to {@value #LAST_EPOCHS} epochs. */
  public RetrainSchedule(int experiences) {
    this(experiences, FIRST_EPOCHS, LAST_EPOCHS);
  }

  /** The rule before rounding; {@code t} counts from 0. */
  public double exactEpochs(int t) {
    if (t < 0 || t >= experiences) {
      throw new IndexOutOfBoundsException("experience " + t + " is not in 0.." + (experiences - 1));
    }
    return experiences == 1
        ? firstEpochs
        : firstEpochs + (lastEpochs - firstEpochs) * (double) t / (experiences - 1);
  }

  /** The epochs to run at experience {@code t}, counted from 0: the rule, rounded. */
  public int epochs(int t) {
    return (int) Math.round(exactEpochs(t));
  }

  /** Images re-trained on at each experience: the running sum of {@code sizes}. */
  public double[] imagesHeld(int[] sizes) {
    if (sizes.length != experiences) {
      throw new IllegalArgumentException(
          sizes.length + " sizes for a stream of " + experiences + " experiences");
    }
    double[] held = new double[experiences];
    double sum = 0;
    for (int t = 0; t < experiences; t++) {
      sum += sizes[t];
      held[t] = sum;
    }
    return held;
  }

  /** Image presentations of a re-training at each experience: rounded epochs times images held. */
  public double[] work(int[] sizes) {
    double[] work = imagesHeld(sizes);
    for (int t = 0; t < experiences; t++) {
      work[t] *= epochs(t);
    }
    return work;
  }
}
