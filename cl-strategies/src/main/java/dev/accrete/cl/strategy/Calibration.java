package dev.accrete.cl.strategy;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How sure a discriminant may be: a temperature that its scores are divided by, fitted on scores of
 * images from before they were learned. A few images of every experience, of classes known already,
 * are scored with a discriminant from some time ago, which is replaced whenever the vectors learned
 * have become twice as many; the newest of these scores are kept.
 */
final class Calibration {
  private static final int SAMPLE = 256;
  private static final int PER_EXPERIENCE = 8;

  /** Images of the first experience after all were forgotten: most of them wait for later ones. */
  private static final int AT_FIRST = SAMPLE / 4;

  /** In the place of a number of vectors: the sample was emptied. */
  private static final long EMPTIED = -1;

  private static final int GROWTH = 2;

  private final int classes;
  private final int size;
  private final float[] scores;
  private final long[] labels = new long[SAMPLE];
  private @Nullable Discriminant reference;
  private long vectors;
  private long taken;
  private boolean refilling;

  Calibration(int classes, int size) {
    this.classes = classes;
    this.size = size;
    scores = new float[SAMPLE * classes];
    Arrays.fill(scores, Float.NEGATIVE_INFINITY);
  }

  /** Whether a new discriminant is due after so many vectors. */
  boolean isDue(long total) {
    return total > 0 && total >= GROWTH * vectors;
  }

  /** Scores with this discriminant of {@code total} vectors from now on. */
  void refer(Discriminant discriminant, long total) {
    reference = discriminant;
    refilling = vectors == EMPTIED;
    vectors = total;
  }

  /**
   * Forgets everything: images, and discriminants that others were scored with, are no longer told
   * apart. The next experience then gives more of a new sample than others do.
   */
  void empty() {
    Arrays.fill(scores, Float.NEGATIVE_INFINITY);
    Arrays.fill(labels, 0);
    reference = null;
    vectors = EMPTIED;
    taken = 0;
  }

  /**
   * Joins the newer halves of two samples, or all there is of them; a discriminant of both is due.
   *
   * @param here the class here of each class there; negative for one without an image
   */
  void merge(Calibration other, int[] here) {
    int mine = (int) Math.min(taken, SAMPLE);
    int theirs = (int) Math.min(other.taken, SAMPLE);
    int fromThem = Math.min(theirs, Math.max(SAMPLE / 2, SAMPLE - mine));
    int own = Math.min(mine, SAMPLE - fromThem);
    float[] joined = new float[scores.length];
    long[] joinedLabels = new long[SAMPLE];
    Arrays.fill(joined, Float.NEGATIVE_INFINITY);
    for (int row = 0; row < own; row++) {
      int from = (int) ((taken - own + row) % SAMPLE);
      System.arraycopy(scores, from * classes, joined, row * classes, classes);
      joinedLabels[row] = labels[from];
    }
    for (int row = 0; row < fromThem; row++) {
      int from = (int) ((other.taken - fromThem + row) % SAMPLE);
      for (int c = 0; c < here.length; c++) {
        if (here[c] >= 0) {
          joined[(own + row) * classes + here[c]] = other.scores[from * other.classes + c];
        }
      }
      joinedLabels[own + row] = here[(int) other.labels[from]];
    }
    System.arraycopy(joined, 0, scores, 0, scores.length);
    System.arraycopy(joinedLabels, 0, labels, 0, SAMPLE);
    taken = (long) own + fromThem;
    reference = null;
    vectors = 0;
  }

  /** Which images of an experience are scored before they are learned: known ones, spread out. */
  boolean[] choose(LabelledImages images) {
    boolean[] chosen = new boolean[images.count()];
    Discriminant known = reference;
    if (known == null) {
      return chosen;
    }
    int[] candidates = new int[images.count()];
    int count = 0;
    for (int i = 0; i < images.count(); i++) {
      if (Double.isFinite(known.bias()[images.label(i)])) {
        candidates[count++] = i;
      }
    }
    int wanted = Math.min(count, refilling ? AT_FIRST : PER_EXPERIENCE);
    refilling = false;
    for (int k = 0; k < wanted; k++) {
      chosen[candidates[Math.toIntExact((long) k * count / wanted)]] = true;
    }
    return chosen;
  }

  /** Scores a chosen image. Returns the multiply-accumulates. */
  long take(int label, float[] values, int offset) {
    Discriminant known = reference;
    if (known == null) {
      throw new IllegalStateException("no image can be scored before there is a discriminant");
    }
    int row = (int) (taken++ % SAMPLE);
    System.arraycopy(known.scores(values, offset), 0, scores, row * classes, classes);
    labels[row] = label;
    return (long) classes * size;
  }

  /** The temperature that fits the sample; 1 if there is none. */
  double temperature() {
    return Temperature.fit(scores, classes, labels, (int) Math.min(taken, SAMPLE));
  }

  long bytes() {
    return 4L * scores.length + 8L * (labels.length + (long) classes * (size + 1));
  }

  void save(StateWriter state) {
    state.put("calibration.place", new long[] {vectors, taken, classes});
    state.put("calibration.scores", scores);
    state.put("calibration.labels", labels);
    double[] flat = new double[classes * (size + 1)];
    Discriminant known = reference;
    if (known != null) {
      for (int c = 0; c < classes; c++) {
        flat[c * (size + 1)] = known.bias()[c];
        System.arraycopy(known.weights()[c], 0, flat, c * (size + 1) + 1, size);
      }
    }
    state.put("calibration.reference", ClassMoments.bits(flat));
  }

  /** Takes over a state of as many classes or fewer. */
  void restore(StateReader state) {
    long[] place = state.longs("calibration.place");
    if (place.length != 3 || place[2] > classes) {
      throw ClassMoments.misfit("calibration.place", place.length, 3);
    }
    int saved = (int) place[2];
    float[] savedScores = state.floats("calibration.scores");
    long[] savedLabels = state.longs("calibration.labels");
    if (savedScores.length != SAMPLE * saved || savedLabels.length != SAMPLE) {
      throw ClassMoments.misfit("calibration.scores", savedScores.length, SAMPLE * saved);
    }
    double[] flat = ClassMoments.doubles(state, "calibration.reference", saved * (size + 1));
    Arrays.fill(scores, Float.NEGATIVE_INFINITY);
    for (int row = 0; row < SAMPLE; row++) {
      System.arraycopy(savedScores, row * saved, scores, row * classes, saved);
    }
    System.arraycopy(savedLabels, 0, labels, 0, SAMPLE);
    vectors = place[0];
    taken = place[1];
    reference = vectors <= 0 ? null : reference(flat, saved);
  }

  private Discriminant reference(double[] flat, int saved) {
    double[][] weights = new double[classes][size];
    double[] bias = new double[classes];
    Arrays.fill(bias, Double.NEGATIVE_INFINITY);
    for (int c = 0; c < saved; c++) {
      bias[c] = flat[c * (size + 1)];
      System.arraycopy(flat, c * (size + 1) + 1, weights[c], 0, size);
    }
    return new Discriminant(weights, bias);
  }
}
