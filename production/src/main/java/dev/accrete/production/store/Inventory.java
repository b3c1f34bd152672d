package dev.accrete.production.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The files that rows name, and those that are there. */
final class Inventory {
  /** What nobody has finished writing after so long is abandoned. */
  static final Duration ABANDONED = Duration.ofHours(1);

  /** A file with what the database says of it. */
  record Named(String path, String sha256, long bytes) {}

  private final Core core;

  Inventory(Core core) {
    this.core = core;
  }

  /** The originals that rows name, of images and of predictions. */
  List<Named> originals(Session session) throws SQLException {
    return session.all(
        "SELECT sha256, max(bytes) FROM (SELECT sha256, bytes FROM images WHERE sha256 IS NOT NULL"
            + " UNION ALL SELECT image, -1 FROM predictions WHERE image IS NOT NULL) GROUP BY"
            + " sha256 ORDER BY sha256",
        row ->
            new Named(core.home().name(core.home().blob(row.text(1))), row.text(1), row.number(2)));
  }

  /** The other files that rows name. */
  static List<Named> files(Session session) throws SQLException {
    return session.all(
        "SELECT path, sha256, bytes FROM files ORDER BY path",
        row -> new Named(row.text(1), row.text(2), row.number(3)));
  }

  /** Files that are being written, and whose rows may still come. */
  private Set<String> incoming(Session session) throws SQLException {
    return new HashSet<>(
        session.all(
            "SELECT path FROM incoming WHERE at > ?",
            row -> row.text(1),
            core.now().minus(ABANDONED).toString()));
  }

  /** Files that no row names and nobody is writing; scratch folders among them. */
  List<Path> leftovers() throws IOException {
    Set<String> named =
        core.database()
            .read(
                session -> {
                  Set<String> all = new HashSet<>(incoming(session));
                  originals(session).forEach(file -> all.add(file.path()));
                  files(session).forEach(file -> all.add(file.path()));
                  return all;
                });
    List<Path> leftovers = new ArrayList<>();
    for (Path folder :
        List.of(
            core.home().blobs(),
            core.home().pixels(),
            core.home().versions(),
            core.home().memory())) {
      for (Path file : Folders.files(folder)) {
        if (!named.contains(core.home().name(file))) {
          leftovers.add(file);
        }
      }
    }
    for (Path scratch : Folders.list(core.home().temporary())) {
      if (!core.isBusy(scratch)) {
        leftovers.add(scratch);
      }
    }
    return leftovers;
  }
}
