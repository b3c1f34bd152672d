package dev.accrete.production.daily;

import dev.accrete.production.gate.Verdict;
import dev.accrete.production.store.Store;

/** Judges a candidate and notes what it found in the store. */
@FunctionalInterface
public interface Examiner {
  /**
   * Judges a version against the present champion.
   *
   * @param candidate the number of a version whose model is kept
   * @return what was found; it is in the store by now
   * @throws dev.accrete.core.AccreteException if it cannot be judged
   */
  Verdict examine(Store store, int candidate);
}
