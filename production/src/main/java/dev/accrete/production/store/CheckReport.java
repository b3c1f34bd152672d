package dev.accrete.production.store;

import java.util.List;

/**
 * Whether every row has its file, with the right content, and every file its row.
 *
 * @param originals files of images that were looked at
 * @param files other files that were looked at
 * @param wrong what is missing or damaged, a line each; a copy of the store has to mend it
 * @param leftovers files without a row, left by a process that was killed; {@code gc} removes them
 */
public record CheckReport(int originals, int files, List<String> wrong, List<String> leftovers) {
  /** Keeps copies. */
  public CheckReport {
    wrong = List.copyOf(wrong);
    leftovers = List.copyOf(leftovers);
  }

  /** Whether there is nothing to say. */
  public boolean isSound() {
    return wrong.isEmpty() && leftovers.isEmpty();
  }
}
