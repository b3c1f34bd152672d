package dev.accrete.production.store;

import java.util.List;
import java.util.Optional;

/**
 * What was forgotten.
 *
 * @param images originals, pixels and all that was known of them
 * @param answers that were given for them, with what was said of them
 * @param version the one that was made without them, if the champion knew them
 * @param removed versions whose files were removed, because they knew them
 */
public record ForgetReport(
    int images,
    int answers,
    Optional<Version> version,
    List<Integer> removed,
    Tombstone tombstone) {
  /** Keeps a copy. */
  public ForgetReport {
    removed = List.copyOf(removed);
  }
}
