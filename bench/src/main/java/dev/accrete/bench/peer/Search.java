package dev.accrete.bench.peer;

import dev.accrete.bench.work.Measurer;
import dev.accrete.core.AccreteException;
import java.util.List;
import java.util.Optional;

/**
 * What came of looking for a peer.
 *
 * @param peer empty if there is none
 * @param notes what the user should know: why there is none and how to get it, or that a slower
 *     form has to do
 */
public record Search(Optional<Measurer> peer, List<String> notes) {
  public Search {
    notes = List.copyOf(notes);
  }

  /** There it is. */
  public static Search found(Measurer peer, List<String> notes) {
    return new Search(Optional.of(peer), notes);
  }

  /** There is none. */
  public static Search missing(String note) {
    return new Search(Optional.empty(), List.of(note));
  }

  /** No engine is looked for. */
  public static Search none() {
    return new Search(Optional.empty(), List.of());
  }

  /**
   * The peer.
   *
   * @throws AccreteException if there is none, saying how to get it
   */
  public Measurer required() {
    return peer.orElseThrow(() -> new AccreteException(String.join("\n", notes)));
  }
}
