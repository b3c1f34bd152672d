package dev.accrete.cl.run;

import dev.accrete.cl.strategy.StateTensors;
import dev.accrete.core.AccreteException;
import java.util.Set;

/**
 * What was saved after an experience: everything the strategy needs to go on, and its ledger.
 *
 * @param ledger the way so far; its {@link Ledger#next} is the cursor in the stream
 * @param origin all that decided what was saved
 * @param state what the strategy is restored from
 * @param source the file
 */
public record Checkpoint(Ledger ledger, Origin origin, StateTensors state, String source) {
  /**
   * Checks that this checkpoint belongs to a run.
   *
   * @throws AccreteException if it was made with other settings, stream, data, weights or backend
   */
  public void requireOrigin(Origin expected) {
    requireOrigin(expected, Set.of());
  }

  /**
   * Checks that this checkpoint belongs to a run, some of whose inputs may be others.
   *
   * @param free of the inputs: {@code train}, {@code test}, {@code weights}, {@code backend}
   * @throws AccreteException if it was made with other settings, stream, data, weights or backend
   */
  public void requireOrigin(Origin expected, Set<String> free) {
    origin
        .without(free)
        .difference(expected.without(free))
        .ifPresent(
            difference -> {
              throw new AccreteException(
                  source
                      + " was made with "
                      + difference
                      + ": give the run the settings, data, weights and backend that it began"
                      + " with, or start anew in another --out");
            });
  }
}
