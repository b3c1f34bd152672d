package dev.accrete.production.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Answers that were given, their images, and what is said of them later. */
final class Served {
  private static final String PREDICTION =
      "SELECT id, at, version, image, answer, probability, detail FROM predictions ";

  private Served() {}

  /**
   * Keeps images whose predictions are still to be noted, but those that were forgotten. Needs no
   * lock: what is announced is not taken for a leftover.
   */
  static List<String> keep(Core core, List<byte[]> images) {
    List<String> digests = images.stream().map(Digests::of).toList();
    Set<String> kept = core.database().write(session -> announce(core, session, digests));
    Map<String, byte[]> wanted = new LinkedHashMap<>();
    for (int i = 0; i < images.size(); i++) {
      if (kept.contains(digests.get(i))) {
        wanted.put(digests.get(i), images.get(i));
      }
    }
    Path scratch = core.home().temporary().resolve(Core.LIGHT + UUID.randomUUID());
    try {
      core.disk().makeFolder(scratch);
      try {
        new Blobs(core)
            .write(List.copyOf(wanted.keySet()), List.copyOf(wanted.values())::get, scratch);
      } finally {
        core.disk().remove(scratch);
      }
      withdraw(core, kept);
    } catch (IOException e) {
      throw Disk.failed("keep an image", e);
    }
    return digests;
  }

  private static Set<String> announce(Core core, Session session, List<String> digests)
      throws SQLException {
    Set<String> announced = new HashSet<>();
    String salt = Meta.salt(session);
    for (String digest : digests) {
      String mark = Meta.mark(salt, digest);
      if (session.number("SELECT count(*) FROM forgotten WHERE mark = ?", mark) == 0
          || isThere(session, digest)) {
        String path = core.home().name(core.home().blob(digest));
        session.execute(
            "INSERT OR REPLACE INTO incoming VALUES (?, ?)", path, core.now().toString());
        session.execute("DELETE FROM doomed WHERE path = ?", path);
        announced.add(digest);
      }
    }
    return announced;
  }

  /** Removes again what was forgotten while it was written. */
  private static void withdraw(Core core, Set<String> written) throws IOException {
    List<String> forgotten =
        core.database()
            .read(
                session -> {
                  List<String> paths = new ArrayList<>();
                  for (String digest : written) {
                    if (!isWanted(core, session, digest)) {
                      paths.add(core.home().name(core.home().blob(digest)));
                    }
                  }
                  return paths;
                });
    if (!forgotten.isEmpty()) {
      core.database()
          .write(
              session -> {
                Doomed.add(session, forgotten);
                return forgotten.size();
              });
      Doomed.remove(core);
      core.database().truncateLog();
    }
  }

  /** Whether an image is still announced, or a row names it. */
  private static boolean isWanted(Core core, Session session, String digest) throws SQLException {
    String path = core.home().name(core.home().blob(digest));
    return session.number("SELECT count(*) FROM incoming WHERE path = ?", path) > 0
        || isThere(session, digest);
  }

  /** Whether a row names an image: it may have been taken back after it was forgotten. */
  private static boolean isThere(Session session, String digest) throws SQLException {
    return session.number("SELECT count(*) FROM images WHERE sha256 = ?", digest)
            + session.number("SELECT count(*) FROM predictions WHERE image = ?", digest)
        > 0;
  }

  /** An image that was forgotten since it was announced is not named. */
  private static Optional<String> image(Core core, Session session, PredictionRecord prediction)
      throws SQLException {
    Optional<String> image = prediction.image();
    return image.isEmpty() || isWanted(core, session, image.get()) ? image : Optional.empty();
  }

  static int insert(Core core, Session session, List<PredictionRecord> predictions)
      throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    List<Object[]> arrived = new ArrayList<>();
    for (PredictionRecord prediction : predictions) {
      rows.add(
          new Object[] {
            prediction.id(),
            prediction.at().toString(),
            prediction.version(),
            image(core, session, prediction),
            prediction.answer(),
            prediction.probability(),
            prediction.detail()
          });
      prediction
          .image()
          .ifPresent(
              digest -> arrived.add(new Object[] {core.home().name(core.home().blob(digest))}));
    }
    session.executeAll("INSERT INTO predictions VALUES (?, ?, ?, ?, ?, ?, ?)", rows);
    session.executeAll("DELETE FROM incoming WHERE path = ?", arrived);
    return rows.size();
  }

  static Optional<PredictionRecord> prediction(Session session, String id) throws SQLException {
    return session.first(PREDICTION + "WHERE id = ?", Served::prediction, id);
  }

  /** The latest first. */
  static List<PredictionRecord> unconfirmed(Session session, String at, int most)
      throws SQLException {
    return session.all(
        PREDICTION
            + "WHERE at >= ? AND id NOT IN (SELECT prediction FROM feedback) ORDER BY at DESC, id"
            + " LIMIT ?",
        Served::prediction,
        at,
        most);
  }

  private static PredictionRecord prediction(Row row) throws SQLException {
    return new PredictionRecord(
        row.text(1),
        row.instant(2),
        row.integer(3),
        row.optional(4),
        row.text(5),
        row.real(6),
        row.text(7));
  }

  static List<Feedback> feedback(Session session, String prediction) throws SQLException {
    return session.all(
        "SELECT prediction, label, at, who FROM feedback WHERE prediction = ? ORDER BY id",
        row -> new Feedback(row.text(1), row.text(2), row.instant(3), row.text(4)),
        prediction);
  }

  static List<Feedback> feedbackSince(Session session, String at) throws SQLException {
    return session.all(
        "SELECT prediction, label, at, who FROM feedback WHERE at >= ? ORDER BY id",
        row -> new Feedback(row.text(1), row.text(2), row.instant(3), row.text(4)),
        at);
  }
}
