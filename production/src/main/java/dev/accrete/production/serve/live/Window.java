package dev.accrete.production.serve.live;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Counts and times of the last while, in slots that are forgotten one after the other. Adding is
 * lock-free; what is added while a slot begins anew may be lost, which no alarm minds.
 */
final class Window {
  private static final int SLOTS = 6;

  /** Four buckets for each doubling, from a microsecond to over an hour. */
  private static final int PER_DOUBLING = 4;

  private static final int BUCKETS = 32 * PER_DOUBLING;
  private static final int FAILURES = BUCKETS;
  private static final int DIFFERENT = BUCKETS + 1;
  private static final int SAME = BUCKETS + 2;
  private static final int BEGUN = BUCKETS + 3;
  private static final double NANOS = 1e3;

  private final long slotNanos;
  private final LongSupplier clock;
  private final AtomicLongArray[] slots = new AtomicLongArray[SLOTS];

  Window(Duration length, LongSupplier clock) {
    slotNanos = length.toNanos() / SLOTS;
    this.clock = clock;
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new AtomicLongArray(BEGUN + 1);
      slots[i].set(BEGUN, Long.MIN_VALUE);
    }
  }

  void answered(long nanos) {
    slot().incrementAndGet(bucket(nanos));
  }

  void failed() {
    slot().incrementAndGet(FAILURES);
  }

  void compared(boolean same) {
    slot().incrementAndGet(same ? SAME : DIFFERENT);
  }

  private AtomicLongArray slot() {
    long number = Math.floorDiv(clock.getAsLong(), slotNanos);
    AtomicLongArray slot = slots[Math.floorMod(number, SLOTS)];
    long before = slot.get(BEGUN);
    if (before != number && slot.compareAndSet(BEGUN, before, number)) {
      for (int i = 0; i < BEGUN; i++) {
        slot.set(i, 0);
      }
    }
    return slot;
  }

  private static int bucket(long nanos) {
    double doublings = Math.log(Math.max(1, nanos / NANOS)) / Math.log(2);
    return Math.min(BUCKETS - 1, (int) (doublings * PER_DOUBLING));
  }

  private long sum(int what) {
    long now = Math.floorDiv(clock.getAsLong(), slotNanos);
    long sum = 0;
    for (AtomicLongArray slot : slots) {
      if (slot.get(BEGUN) > now - SLOTS && slot.get(BEGUN) <= now) {
        sum += slot.get(what);
      }
    }
    return sum;
  }

  private long answers() {
    long sum = 0;
    for (int i = 0; i < BUCKETS; i++) {
      sum += sum(i);
    }
    return sum;
  }

  /** Images answered or failed. */
  long images() {
    return answers() + sum(FAILURES);
  }

  /** Share of images that failed; 0 if there are none. */
  double errors() {
    long images = images();
    return images == 0 ? 0 : (double) sum(FAILURES) / images;
  }

  /** Images that two versions were asked about. */
  long comparisons() {
    return sum(SAME) + sum(DIFFERENT);
  }

  /** Share of these that they took for different classes; 0 if there are none. */
  double disagreement() {
    long comparisons = comparisons();
    return comparisons == 0 ? 0 : (double) sum(DIFFERENT) / comparisons;
  }

  /**
   * An upper bound of the 99th percentile of times, at most a fifth too large; 0 if there are none.
   */
  Duration p99() {
    long answers = answers();
    long beyond = answers / 100;
    long seen = 0;
    for (int i = BUCKETS - 1; i >= 0; i--) {
      seen += sum(i);
      if (seen > beyond) {
        return Duration.ofNanos((long) (NANOS * Math.pow(2, (i + 1.0) / PER_DOUBLING)));
      }
    }
    return Duration.ZERO;
  }
}
