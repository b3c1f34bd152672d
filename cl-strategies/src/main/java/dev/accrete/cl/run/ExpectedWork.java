package dev.accrete.cl.run;

import dev.accrete.cl.strategy.Hyperparameters;
import dev.accrete.cl.strategy.Strategies;

/** How much each experience asks of a strategy, so that the time left can be told. */
final class ExpectedWork {
  private ExpectedWork() {}

  /**
   * Image-passes of each experience, at least 1.
   *
   * @param sizes images of each experience
   */
  static long[] of(String strategy, Hyperparameters settings, int[] sizes) {
    long[] work = new long[sizes.length];
    long held = 0;
    for (int i = 0; i < sizes.length; i++) {
      held += sizes[i];
      work[i] = Math.max(1, passes(strategy, settings, i, sizes, held));
    }
    return work;
  }

  private static long passes(
      String strategy, Hyperparameters settings, int index, int[] sizes, long held) {
    return switch (strategy) {
      case Strategies.SLDA -> sizes[index];
      case Strategies.CUMULATIVE ->
          settings.retrain().trainsAt(index)
              ? held * settings.retrain().epochs(index, settings.first().epochs(), sizes.length)
              : 0;
      default ->
          (long) sizes[index]
              * (index == 0 ? settings.first().epochs() : settings.later().epochs());
    };
  }
}
