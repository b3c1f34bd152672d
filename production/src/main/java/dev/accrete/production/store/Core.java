package dev.accrete.production.store;

import dev.accrete.cl.learner.LearnerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** What all parts of a store work with. */
record Core(
    Home home,
    Disk disk,
    Database database,
    LearnerConfig learner,
    StoreLimits limits,
    Clock clock) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String OPERATION = "op-";

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Work that changes files. */
  interface Operation<T> {
    T run(Path scratch) throws IOException;
  }

  /**
   * Does something that no other process and no other thread may do meanwhile. What earlier ones
   * left when they were killed is tidied up before.
   *
   * @param doing what it is, for errors
   */
  <T> T exclusively(String doing, Operation<T> operation) {
    try (StoreLock _ = StoreLock.of(home.lock(), PATIENCE)) {
      Path scratch = home.temporary().resolve(OPERATION + UUID.randomUUID());
      try {
        sweep();
        Doomed.remove(this);
        disk.makeFolder(scratch);
        return operation.run(scratch);
      } finally {
        removeQuietly(scratch);
      }
    } catch (IOException e) {
      throw Disk.failed(doing, e);
    }
  }

  /** Scratch folders of killed processes: this one holds the lock, so they are nobody's. */
  private void sweep() throws IOException {
    for (Path left : Folders.list(home.temporary())) {
      if (left.getFileName().toString().startsWith(OPERATION)) {
        disk.remove(left);
      }
    }
  }

  private void removeQuietly(Path scratch) {
    try {
      disk.remove(scratch);
    } catch (IOException e) {
      Folders.LOG.debug("{} is removed later: {}", scratch, e.toString());
    }
  }

  /** The names of all classes, by id. */
  static List<String> classNames(Session session) throws SQLException {
    return session.all("SELECT name FROM classes ORDER BY id", row -> row.text(1));
  }
}
