package dev.accrete.production.store;

import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What all parts of a store work with. */
record Core(
    Home home,
    Disk disk,
    Database database,
    LearnerConfig learner,
    StoreLimits limits,
    Unlearning unlearning,
    Clock clock) {
  /** How scratch folders begin whose owner holds no lock. */
  static final String LIGHT = "put-";

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration ABANDONED = Duration.ofHours(1);
  private static final String OPERATION = "op-";

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Work that changes files. */
  interface Operation<T> {
    T run(Path scratch) throws IOException;
  }

  /** Work that needs the others to wait. */
  interface Locked<T> {
    T run() throws IOException;
  }

  /**
   * Does something that no other process and no other thread may do meanwhile.
   *
   * @param doing what it is, for errors
   */
  <T> T locked(String doing, Locked<T> work) {
    try (StoreLock _ = StoreLock.of(home.lock(), PATIENCE)) {
      return work.run();
    } catch (IOException e) {
      throw Disk.failed(doing, e);
    }
  }

  /**
   * The same with a scratch folder. What earlier ones left when they were killed is tidied up
   * before.
   */
  <T> T exclusively(String doing, Operation<T> operation) {
    return locked(
        doing,
        () -> {
          Path scratch = home.temporary().resolve(OPERATION + UUID.randomUUID());
          boolean done = false;
          try {
            sweep();
            Doomed.remove(this);
            disk.makeFolder(scratch);
            T result = operation.run(scratch);
            done = true;
            return result;
          } finally {
            removeQuietly(scratch);
            if (!done) {
              removeLeftovers();
            }
          }
        });
  }

  /** Scratch folders of killed processes: this one holds the lock, so they are nobody's. */
  private void sweep() throws IOException {
    for (Path left : Folders.list(home.temporary())) {
      if (!isBusy(left)) {
        disk.remove(left);
      }
    }
  }

  /** Whether a scratch folder may be in use by somebody who holds no lock. */
  boolean isBusy(Path scratch) throws IOException {
    return scratch.getFileName().toString().startsWith(LIGHT)
        && Files.getLastModifiedTime(scratch).toInstant().isAfter(clock.instant().minus(ABANDONED));
  }

  /** What failed, of a full disk perhaps, must not go on taking room. */
  private void removeLeftovers() {
    try {
      new Inventory(this).removeLeftovers();
    } catch (IOException | RuntimeException e) {
      Folders.LOG.debug("what a failed operation has left is removed later: {}", e.toString());
    }
  }

  private void removeQuietly(Path scratch) {
    try {
      disk.remove(scratch);
    } catch (IOException e) {
      Folders.LOG.debug("{} is removed later: {}", scratch, e.toString());
    }
  }

  /**
   * A learner that knows nothing but the names of the classes there are, some left out. It begins
   * with what those began with that are kept: the embedded backbone may be another by now.
   */
  ContinualLearner fresh(Set<String> without, Backend backend) {
    List<String> names =
        database.read(
            session ->
                session.all(
                    "SELECT name FROM classes WHERE NOT forgotten ORDER BY id",
                    row -> row.text(1)));
    LearnerConfig begun =
        database.read(Tables::versions).reversed().stream()
            .filter(version -> version.learner() == Kept.KEPT)
            .findFirst()
            .map(version -> home.learner(version.id()).resolve(VersionWriter.START))
            .map(start -> learner.withWeights(start.toString()))
            .orElse(learner);
    return ContinualLearner.create(
        begun.withClasses(names.stream().filter(name -> !without.contains(name)).toList()),
        backend);
  }

  /** The names of all classes, by id. */
  static List<String> classNames(Session session) throws SQLException {
    return session.all("SELECT name FROM classes ORDER BY id", row -> row.text(1));
  }
}
