package dev.accrete.production.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link DayCheck} remembers of the days before: one file, which is replaced in the
 * transaction that takes a day in. It may describe images, so it goes when one is forgotten.
 */
final class CheckMemory {
  private static final String ALL = "SELECT path FROM files WHERE path LIKE 'memory/%'";

  private CheckMemory() {}

  /** A file that is on the disk, and has no row yet. */
  record Written(String path, String sha256, long bytes) {}

  /** Where it is, if there is any. */
  static Optional<String> path(Session session) throws SQLException {
    return session.first(ALL, row -> row.text(1));
  }

  /** Writes another one beside it. */
  static Written write(Core core, byte[] content, Path scratch) throws IOException {
    String sha256 = Digests.of(content);
    Path target = core.home().memory().resolve(sha256);
    if (!Files.exists(target)) {
      if (core.disk().makeFolder(core.home().memory())) {
        core.disk().sync(core.home().root());
      }
      Path temporary = scratch.resolve("memory");
      core.disk().write(temporary, List.of(content));
      core.disk().move(temporary, target);
      core.disk().sync(core.home().memory());
    }
    return new Written(core.home().name(target), sha256, content.length);
  }

  /** Lets another one count, and dooms the one before. */
  static void replace(Session session, Written written) throws SQLException {
    List<String> before = session.all(ALL, row -> row.text(1));
    if (before.equals(List.of(written.path()))) {
      return;
    }
    Doomed.add(session, before);
    session.execute(
        "INSERT INTO files VALUES (?, ?, ?, NULL)",
        written.path(),
        written.sha256(),
        written.bytes());
  }
}
