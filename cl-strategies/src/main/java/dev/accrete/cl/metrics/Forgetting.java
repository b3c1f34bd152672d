package dev.accrete.cl.metrics;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How much of what was once known is lost at the end.
 *
 * <p>After Chaudhry et al., "Riemannian Walk for Incremental Learning" (ECCV 2018): the forgetting
 * of a task is its best earlier accuracy minus its final accuracy. Streams such as NICv2 have no
 * tasks and their classes come back, so it is taken per class: the best accuracy on the test images
 * of a class in any evaluation after the class was first seen and before the last one, minus that
 * in the last one; the mean is over the classes that have both. It lies in -1..1 and is negative
 * where later experiences helped.
 *
 * <p>Classes may appear at any time; only those evaluated take room.
 */
public final class Forgetting {
  private static final int STATE_OF_CLASS = 3;

  private final SortedMap<Integer, Track> tracks = new TreeMap<>();

  /** The best accuracy before the last evaluation, NaN if there was none, and that of the last. */
  private record Track(double best, double last) {
    Track next(double accuracy) {
      return new Track(Double.isNaN(best) ? last : Math.max(best, last), accuracy);
    }
  }

  /**
   * Continues from what {@link #state()} returned.
   *
   * @throws IllegalArgumentException if it is not such a state
   */
  public static Forgetting ofState(double[] state) {
    if (state.length % STATE_OF_CLASS != 0) {
      throw new IllegalArgumentException(
          "state has " + state.length + " numbers, must have three for each class");
    }
    Forgetting forgetting = new Forgetting();
    for (int i = 0; i < state.length; i += STATE_OF_CLASS) {
      forgetting.tracks.put((int) state[i], new Track(state[i + 1], state[i + 2]));
    }
    return forgetting;
  }

  /**
   * Adds one evaluation, in stream order.
   *
   * @param confusion its answers; classes without test images are left out
   * @param seen the classes seen in the stream so far
   * @throws IllegalArgumentException if a class is out of range
   */
  public void add(ConfusionMatrix confusion, int[] seen) {
    for (int c : seen) {
      double accuracy = confusion.accuracy(c);
      if (!Double.isNaN(accuracy)) {
        Track track = tracks.get(c);
        tracks.put(c, track == null ? new Track(Double.NaN, accuracy) : track.next(accuracy));
      }
    }
  }

  /** The forgetting of one class; empty if it was evaluated less than twice since it was seen. */
  public OptionalDouble of(int label) {
    Track track = tracks.get(label);
    return track == null || Double.isNaN(track.best())
        ? OptionalDouble.empty()
        : OptionalDouble.of(track.best() - track.last());
  }

  /** The mean over the classes evaluated at least twice since they were seen; empty if none was. */
  public OptionalDouble average() {
    double sum = 0;
    int classes = 0;
    for (int c : tracks.keySet()) {
      OptionalDouble lost = of(c);
      if (lost.isPresent()) {
        sum += lost.getAsDouble();
        classes++;
      }
    }
    return classes == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / classes);
  }

  /** Everything needed to go on later: number, best and last accuracy of each class evaluated. */
  public double[] state() {
    double[] state = new double[STATE_OF_CLASS * tracks.size()];
    int at = 0;
    for (Map.Entry<Integer, Track> entry : tracks.entrySet()) {
      state[at++] = entry.getKey();
      state[at++] = entry.getValue().best();
      state[at++] = entry.getValue().last();
    }
    return state;
  }
}
