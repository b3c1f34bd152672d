package dev.accrete.cl.strategy;

/** Checks of settings. */
final class Ranges {
  private Ranges() {}

  /** Throws if {@code holds} is false; a NaN makes every comparison false, so it never passes. */
  static void require(boolean holds, String name, Object value, String range) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is " + value + ", must be " + range);
    }
  }
}
