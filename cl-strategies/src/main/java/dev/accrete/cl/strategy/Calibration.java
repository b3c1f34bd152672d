package dev.accrete.cl.strategy;

import dev.accrete.core.AccreteException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How sure a discriminant may be: a temperature that its scores are divided by, fitted on scores of
 * images from before they were learned. A few images of every experience, of classes known already,
 * are scored with a discriminant from some time ago, the reference. It is replaced when the vectors
 * learned have become twice as many; scores of the one before count until the new one has given
 * enough, for early discriminants are sure of much that later ones doubt. Where one is due and an
 * experience brings new classes alone, as the first does, some of its images wait until the rest
 * was learned.
 */
final class Calibration {
  private static final int SAMPLE = 256;
  private static final int PER_EXPERIENCE = 8;

  /** So many scores of a reference do without those of the one before. */
  private static final int ENOUGH = 64;

  /** Of fewer scores one would say too much. */
  private static final int LEAST = 16;

  private static final int GROWTH = 2;

  /** Of new classes, this part of the images waits. */
  private static final int WAITING = 4;

  /** Numbers that tell where everything is, in a saved state. */
  private static final int PLACE = 5;

  /** As many as states had that did not tell which scores are whose: theirs do not count. */
  private static final int OLDER = 3;

  private final int classes;
  private final int size;
  private final float[] scores;
  private final long[] labels = new long[SAMPLE];
  private @Nullable Discriminant reference;

  /** What the reference was made of. */
  private long vectors;

  private long taken;

  /** Where the scores of the reference begin, and those of the one before. */
  private long current;

  private long previous;

  Calibration(int classes, int size) {
    this.classes = classes;
    this.size = size;
    scores = new float[SAMPLE * classes];
    Arrays.fill(scores, Float.NEGATIVE_INFINITY);
  }

  /** Whether a new discriminant is due after so many vectors. */
  boolean isDue(long total) {
    return total >= GROWTH * vectors;
  }

  /** Scores with this discriminant of {@code total} vectors from now on. */
  void refer(Discriminant discriminant, long total) {
    reference = discriminant;
    vectors = total;
    // One that scored next to nothing leaves those before it in their place.
    if (taken - current >= LEAST) {
      previous = current;
    }
    current = taken;
  }

  /**
   * Forgets everything: images, and discriminants that others were scored with, are no longer told
   * apart.
   */
  void empty() {
    Arrays.fill(scores, Float.NEGATIVE_INFINITY);
    Arrays.fill(labels, 0);
    reference = null;
    vectors = 0;
    taken = 0;
    current = 0;
    previous = 0;
  }

  /** How many of the newest scores count. */
  private int counting() {
    long first = taken - current >= ENOUGH ? current : previous;
    return (int) Math.min(taken - first, SAMPLE);
  }

  /**
   * Joins the newer halves of what counts of two samples, or all of it; a discriminant of both is
   * due.
   *
   * @param here the class here of each class there; negative for one without an image
   */
  void merge(Calibration other, int[] here) {
    int mine = counting();
    int theirs = other.counting();
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
    current = 0;
    previous = 0;
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
    // A new reference gets its scores soon, but not from images that are all of a kind.
    int kinds = (int) Arrays.stream(candidates, 0, count).map(images::label).distinct().count();
    int lacking = (int) Math.max(0, ENOUGH - (taken - current));
    int wanted =
        Math.min(count, Math.max(PER_EXPERIENCE, Math.min(lacking, kinds * PER_EXPERIENCE)));
    for (int k = 0; k < wanted; k++) {
      chosen[candidates[Math.toIntExact((long) k * count / wanted)]] = true;
    }
    return chosen;
  }

  /**
   * Which images of an experience wait until the others were learned, to be scored then: of as many
   * classes as there is room for; none if they would be too few to tell anything. Of every class
   * that waits, three times as many images do not.
   */
  boolean[] wait(LabelledImages images) {
    int[] before = new int[classes];
    int[] candidates = new int[images.count()];
    int count = 0;
    for (int i = 0; i < images.count(); i++) {
      if (++before[images.label(i)] % WAITING == 0) {
        candidates[count++] = i;
      }
    }
    boolean[] waiting = new boolean[images.count()];
    int wanted = count < LEAST ? 0 : Math.min(count, ENOUGH);
    for (int k = 0; k < wanted; k++) {
      waiting[candidates[Math.toIntExact((long) k * count / wanted)]] = true;
    }
    return waiting;
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

  /** The temperature that fits the scores that count; 1 if they are too few. */
  double temperature() {
    int count = counting();
    if (count < LEAST) {
      return 1;
    }
    float[] newest = new float[count * classes];
    long[] theirs = new long[count];
    for (int row = 0; row < count; row++) {
      int from = (int) ((taken - count + row) % SAMPLE);
      System.arraycopy(scores, from * classes, newest, row * classes, classes);
      theirs[row] = labels[from];
    }
    return Temperature.fitDoubting(newest, classes, theirs);
  }

  long bytes() {
    return 4L * scores.length + 8L * (labels.length + (long) classes * (size + 1));
  }

  void save(StateWriter state) {
    state.put("calibration.place", new long[] {vectors, taken, classes, current, previous});
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
    boolean older = place.length == OLDER;
    if ((!older && place.length != PLACE) || place[2] > classes) {
      throw ClassMoments.misfit("calibration.place", place.length, PLACE);
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
    vectors = Math.max(0, place[0]);
    taken = place[1];
    current = older ? taken : place[3];
    previous = older ? taken : place[4];
    if (previous < 0 || previous > current || current > taken) {
      throw new AccreteException(
          "calibration.place tells "
              + Arrays.toString(place)
              + ", which fit no sample: the state is damaged, restore one from before");
    }
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
