package dev.accrete.cl.strategy;

import java.util.Arrays;

/** The classes that training images had so far. */
final class SeenClasses {
  private final boolean[] seen;

  SeenClasses(int classes) {
    seen = new boolean[classes];
  }

  void add(LabelledImages images) {
    for (int i = 0; i < images.count(); i++) {
      seen[images.label(i)] = true;
    }
  }

  void clear() {
    Arrays.fill(seen, false);
  }

  boolean[] toArray() {
    return seen.clone();
  }

  long[] toLongs() {
    long[] values = new long[seen.length];
    for (int c = 0; c < seen.length; c++) {
      values[c] = seen[c] ? 1 : 0;
    }
    return values;
  }

  void restore(long[] values) {
    for (int c = 0; c < seen.length; c++) {
      seen[c] = values[c] != 0;
    }
  }
}
