package dev.accrete.production.store;

import java.util.List;

/**
 * What was removed.
 *
 * @param removed files and folders, from the store's folder on
 * @param bytes that they took
 */
public record GcReport(List<String> removed, long bytes) {
  /** Keeps a copy. */
  public GcReport {
    removed = List.copyOf(removed);
  }
}
