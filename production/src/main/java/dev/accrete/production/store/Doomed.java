package dev.accrete.production.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Files that are removed once the rows that named them are gone: noted in the same transaction, and
 * done afterwards, by whoever comes first if the process is killed in between.
 */
final class Doomed {
  private Doomed() {}

  /** Notes that a file or folder is to be removed, and forgets what was known of it. */
  static void add(Session session, Collection<String> paths) throws SQLException {
    for (String path : paths) {
      session.execute("DELETE FROM files WHERE path = ? OR path LIKE ? || '/%'", path, path);
      session.execute("INSERT OR IGNORE INTO doomed VALUES (?)", path);
    }
  }

  /** Removes what is noted; nobody can begin to write such a file meanwhile. */
  static void remove(Core core) throws IOException {
    if (core.database().read(session -> session.number("SELECT count(*) FROM doomed")) == 0) {
      return;
    }
    try {
      core.database()
          .write(
              session -> {
                List<String> paths = session.all("SELECT path FROM doomed", row -> row.text(1));
                remove(core, paths);
                return session.execute("DELETE FROM doomed");
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void remove(Core core, List<String> paths) {
    Set<Path> folders = new HashSet<>();
    try {
      for (String name : paths) {
        Path path = core.home().root().resolve(name);
        core.disk().remove(path);
        folders.add(path.resolveSibling("."));
      }
      for (Path folder : folders) {
        if (folder.toFile().isDirectory()) {
          core.disk().sync(folder);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
