package dev.accrete.production.store;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** Pages and tables about a version that others have made, beside its model. */
final class Attachments {
  private static final String FOLDER = "attached";

  private Attachments() {}

  /** The paths of all of them. */
  static List<String> all(Session session) throws SQLException {
    return session.all(
        "SELECT path FROM files WHERE path LIKE 'versions/%/" + FOLDER + "/%'", row -> row.text(1));
  }

  /** The paths of those about versions whose model is not kept. */
  static List<String> ofDropped(Session session) throws SQLException {
    return session.all(
        "SELECT path FROM files WHERE path LIKE 'versions/%/"
            + FOLDER
            + "/%' AND version IN (SELECT id FROM versions WHERE model <> 'kept')",
        row -> row.text(1));
  }

  static Path file(Core core, int version, String name) {
    if (!name.toLowerCase(Locale.ROOT).matches("[a-z0-9][a-z0-9._-]{0,99}")) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name of an attachment: use letters, digits, dots and hyphens");
    }
    return core.home().version(version).resolve(FOLDER).resolve(name);
  }

  /** Writes one; another of that name is replaced. */
  static Path write(Core core, int version, String name, byte[] content) {
    Path file = file(core, version, name);
    return core.exclusively(
        "attach " + name,
        scratch -> {
          Version found = core.database().read(session -> Promoting.require(session, version));
          if (!Files.isDirectory(core.home().version(version))) {
            throw new AccreteException(
                "the files of version " + version + " were removed (" + found.model().text() + ")");
          }
          write(core, version, file, content, scratch);
          return file;
        });
  }

  private static void write(Core core, int version, Path file, byte[] content, Path scratch)
      throws IOException {
    Path folder = core.home().version(version).resolve(FOLDER);
    if (core.disk().makeFolder(folder)) {
      core.disk().sync(core.home().version(version));
    }
    Path temporary = scratch.resolve("attachment");
    core.disk().write(temporary, List.of(content));
    // A file of that name loses its row first: a kill then leaves a leftover, not a wrong digest.
    core.database()
        .write(
            session -> session.execute("DELETE FROM files WHERE path = ?", core.home().name(file)));
    core.disk().move(temporary, file);
    core.disk().sync(folder);
    core.database()
        .write(
            session ->
                session.execute(
                    "INSERT INTO files VALUES (?, ?, ?, ?)",
                    core.home().name(file),
                    Digests.of(content),
                    content.length,
                    version));
  }
}
