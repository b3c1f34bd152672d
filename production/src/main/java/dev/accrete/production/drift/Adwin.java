package dev.accrete.production.drift;

import java.util.ArrayList;
import java.util.List;

/**
 * A window over a stream of numbers that forgets what does not fit the newest any more: it is cut
 * wherever the means of its older and newer part differ by more than chance explains (Bifet and
 * Gavalda, "Learning from Time-Changing Data with Adaptive Windowing", SDM 2007, ADWIN2 with the
 * bound that knows the variance). Memory grows with the logarithm of the window.
 *
 * <p>Made for errors (0 or 1) or any numbers in [0, 1]. Not thread-safe.
 */
public final class Adwin {
  /** The usual confidence parameter. */
  public static final double DELTA = 0.002;

  private static final int MOST_BUCKETS = 5;
  private static final int CLOCK = 32;
  private static final int LEAST_PART = 5;
  private static final int GRACE = 10;
  private static final int STATE_HEAD = 2;
  private static final int STATE_BUCKET = 3;

  /** Values that are kept as their sum and the sum of their squared distances from their mean. */
  private record Bucket(long count, double sum, double scatter) {
    Bucket with(Bucket other) {
      long all = count + other.count;
      double gap = sum / count - other.sum / other.count;
      double between = (double) count * other.count / all * gap * gap;
      return new Bucket(all, sum + other.sum, scatter + other.scatter + between);
    }
  }

  private final double delta;

  /** The oldest first; sizes are powers of 2 that never grow towards the end. */
  private final List<Bucket> buckets = new ArrayList<>();

  private long seen;

  /**
   * An empty window.
   *
   * @param delta bounds the rate of false cuts, above 0 and below 1
   */
  public Adwin(double delta) {
    if (!(delta > 0 && delta < 1)) {
      throw new IllegalArgumentException("delta is " + delta + ", must be above 0 and below 1");
    }
    this.delta = delta;
  }

  /**
   * What {@link #state} gave.
   *
   * @throws IllegalArgumentException if it is no such state
   */
  public static Adwin ofState(double[] state) {
    if (state.length % STATE_BUCKET != STATE_HEAD) {
      throw new IllegalArgumentException("a state of " + state.length + " numbers is none of ours");
    }
    Adwin adwin = new Adwin(state[0]);
    adwin.seen = (long) state[1];
    for (int i = STATE_HEAD; i < state.length; i += STATE_BUCKET) {
      adwin.buckets.add(new Bucket((long) state[i], state[i + 1], state[i + 2]));
    }
    return adwin;
  }

  /** Everything needed to go on. */
  public double[] state() {
    double[] state = new double[STATE_HEAD + STATE_BUCKET * buckets.size()];
    state[0] = delta;
    state[1] = seen;
    int at = STATE_HEAD;
    for (Bucket bucket : buckets) {
      state[at++] = bucket.count;
      state[at++] = bucket.sum;
      state[at++] = bucket.scatter;
    }
    return state;
  }

  /**
   * Takes the next value.
   *
   * @param value in [0, 1]
   * @return whether the window was cut: the stream has changed
   */
  public boolean add(double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("a value is " + value + ", must be from 0 to 1");
    }
    buckets.add(new Bucket(1, value, 0));
    compress();
    seen++;
    boolean cut = false;
    if (seen % CLOCK == 0 && size() > GRACE) {
      while (cutOnce()) {
        cut = true;
      }
    }
    return cut;
  }

  /** Merges the two oldest of a size where there are more of it than allowed. */
  private void compress() {
    int last = buckets.size() - 1;
    while (last >= 0) {
      long size = buckets.get(last).count;
      int first = last;
      while (first > 0 && buckets.get(first - 1).count == size) {
        first--;
      }
      if (last - first + 1 <= MOST_BUCKETS) {
        return;
      }
      buckets.set(first, buckets.get(first).with(buckets.get(first + 1)));
      buckets.remove(first + 1);
      last = first;
    }
  }

  /** Drops the oldest bucket if some cut shows that the stream has changed. */
  private boolean cutOnce() {
    double mean = mean();
    long all = size();
    double total = mean * all;
    double variance = variance();
    long count = 0;
    double sum = 0;
    for (int b = 0; b < buckets.size() - 1; b++) {
      count += buckets.get(b).count;
      sum += buckets.get(b).sum;
      long rest = all - count;
      if (count >= LEAST_PART
          && rest >= LEAST_PART
          && Math.abs(sum / count - (total - sum) / rest)
              > bound(count, rest, (double) all, variance)) {
        buckets.removeFirst();
        return true;
      }
    }
    return false;
  }

  private double bound(long older, long newer, double all, double variance) {
    double part = Math.log(2 * Math.log(all) / delta);
    double inverse = 1.0 / (older - LEAST_PART + 1) + 1.0 / (newer - LEAST_PART + 1);
    return Math.sqrt(2 * inverse * variance * part) + 2.0 / 3 * part * inverse;
  }

  /** How many values the window holds. */
  public long size() {
    return buckets.stream().mapToLong(Bucket::count).sum();
  }

  /** How many values came so far. */
  public long seen() {
    return seen;
  }

  /** The mean of the window; NaN if it is empty. */
  public double mean() {
    return buckets.stream().mapToDouble(Bucket::sum).sum() / size();
  }

  /** The variance of the window; 0 if it is empty. */
  public double variance() {
    return buckets.isEmpty()
        ? 0
        : buckets.stream().reduce(Bucket::with).orElseThrow().scatter / size();
  }
}
