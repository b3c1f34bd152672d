package dev.accrete.production.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
    List<Path> there = there();
    return core.database().read(session -> leftovers(session, there));
  }

  /** What is there, before it is looked whether it has a row: so a file that comes has one. */
  private List<Path> there() throws IOException {
    List<Path> there = new ArrayList<>();
    for (Path folder :
        List.of(
            core.home().blobs(),
            core.home().pixels(),
            core.home().versions(),
            core.home().memory())) {
      there.addAll(Folders.files(folder));
    }
    for (Path scratch : Folders.list(core.home().temporary())) {
      if (!core.isBusy(scratch)) {
        there.add(scratch);
      }
    }
    return there;
  }

  private List<Path> leftovers(Session session, List<Path> there) throws SQLException {
    Set<String> named = incoming(session);
    originals(session).forEach(file -> named.add(file.path()));
    files(session).forEach(file -> named.add(file.path()));
    return there.stream().filter(file -> !named.contains(core.home().name(file))).toList();
  }

  /**
   * Removes them, while nobody can announce one of them as his own.
   *
   * @return what was removed, with its size
   */
  List<Named> removeLeftovers() throws IOException {
    List<Path> there = there();
    try {
      return core.database()
          .write(
              session -> {
                List<Named> removed = new ArrayList<>();
                for (Path file : leftovers(session, there)) {
                  removed.add(remove(file));
                }
                return removed;
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Named remove(Path file) {
    try {
      Named removed = new Named(core.home().name(file), "", size(file));
      core.disk().remove(file);
      return removed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of a file, or of all files of a folder. */
  static long size(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return Files.size(path);
    }
    long bytes = 0;
    for (Path file : Folders.files(path)) {
      bytes += Files.size(file);
    }
    return bytes;
  }
}
