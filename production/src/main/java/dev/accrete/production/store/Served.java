package dev.accrete.production.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Answers that were given, their images, and what is said of them later. */
final class Served {
  private static final String PREDICTION =
      "SELECT id, at, version, image, answer, probability, detail FROM predictions ";

  private Served() {}

  /**
   * Keeps images whose predictions are still to be noted. Needs no lock: what is announced is not
   * taken for a leftover.
   */
  static List<String> keep(Core core, List<byte[]> images) {
    List<String> digests = images.stream().map(Digests::of).toList();
    List<String> paths =
        digests.stream().map(digest -> core.home().name(core.home().blob(digest))).toList();
    core.database()
        .write(
            session -> {
              for (String path : paths) {
                session.execute(
                    "INSERT OR REPLACE INTO incoming VALUES (?, ?)", path, core.now().toString());
                session.execute("DELETE FROM doomed WHERE path = ?", path);
              }
              return paths.size();
            });
    Path scratch = core.home().temporary().resolve(Core.LIGHT + UUID.randomUUID());
    try {
      core.disk().makeFolder(scratch);
      try {
        new Blobs(core).write(digests, images::get, scratch);
      } finally {
        core.disk().remove(scratch);
      }
    } catch (IOException e) {
      throw Disk.failed("keep an image", e);
    }
    return digests;
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
            prediction.image(),
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
