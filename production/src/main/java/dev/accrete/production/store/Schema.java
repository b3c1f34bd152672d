package dev.accrete.production.store;

import dev.accrete.core.AccreteException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables, and how a store of an earlier version comes by them. */
final class Schema {
  private static final List<String> FIRST =
      List.of(
          "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
          "CREATE TABLE classes (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
              + " declared_at TEXT NOT NULL, forgotten INTEGER NOT NULL DEFAULT 0)",
          "CREATE TABLE days (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
              + " revision INTEGER NOT NULL, digest TEXT NOT NULL, received_at TEXT NOT NULL,"
              + " source TEXT NOT NULL, state TEXT NOT NULL CHECK"
              + " (state IN ('ingested', 'learned', 'blocked', 'refused')),"
              + " counts TEXT NOT NULL, refusal TEXT, drift TEXT)",
          // Every file but the originals, whose name is their digest.
          "CREATE TABLE files (path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,"
              + " version INTEGER) WITHOUT ROWID",
          "CREATE TABLE packs (id INTEGER PRIMARY KEY, path TEXT NOT NULL REFERENCES files (path),"
              + " offset INTEGER NOT NULL, images INTEGER NOT NULL)",
          "CREATE TABLE images (id INTEGER PRIMARY KEY, sha256 TEXT UNIQUE, bytes INTEGER,"
              + " day INTEGER NOT NULL REFERENCES days (id), name TEXT,"
              + " source_class INTEGER NOT NULL REFERENCES classes (id),"
              + " label INTEGER NOT NULL REFERENCES classes (id), subject TEXT, metadata TEXT,"
              + " split TEXT NOT NULL CHECK (split IN ('train', 'regression')), dhash INTEGER,"
              + " properties TEXT, pack INTEGER REFERENCES packs (id), position INTEGER,"
              + " crc INTEGER, state TEXT NOT NULL CHECK"
              + " (state IN ('kept', 'replaced', 'forgotten')))",
          "CREATE INDEX images_of_day ON images (day)",
          "CREATE INDEX images_of_subject ON images (subject) WHERE subject IS NOT NULL",
          "CREATE INDEX images_of_label ON images (label)",
          "CREATE TABLE labels (id INTEGER PRIMARY KEY, image INTEGER NOT NULL REFERENCES images"
              + " (id), label INTEGER NOT NULL REFERENCES classes (id), at TEXT NOT NULL,"
              + " who TEXT NOT NULL, why TEXT NOT NULL)",
          "CREATE INDEX labels_of_image ON labels (image)",
          // What each revision of a day changed of what is learned: a null label is an image that
          // is
          // not there, or held out.
          "CREATE TABLE changes (day INTEGER NOT NULL REFERENCES days (id),"
              + " revision INTEGER NOT NULL, image INTEGER NOT NULL REFERENCES images (id),"
              + " was INTEGER, now INTEGER, PRIMARY KEY (day, revision, image)) WITHOUT ROWID",
          "CREATE TABLE quarantine (id INTEGER PRIMARY KEY, day INTEGER NOT NULL REFERENCES days"
              + " (id), name TEXT NOT NULL, sha256 TEXT NOT NULL, label TEXT NOT NULL,"
              + " subject TEXT, reason TEXT NOT NULL, detail TEXT NOT NULL)",
          "CREATE INDEX quarantine_of_day ON quarantine (day)",
          "CREATE TABLE versions (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES versions (id),"
              + " fresh INTEGER NOT NULL,"
              + " kind TEXT NOT NULL CHECK (kind IN ('update', 'retrain', 'teach', 'forget')),"
              + " created_at TEXT NOT NULL, classes TEXT NOT NULL, images INTEGER NOT NULL,"
              + " settings TEXT NOT NULL, data_digest TEXT NOT NULL, model_sha256 TEXT NOT NULL,"
              + " learner_digest TEXT NOT NULL, cost TEXT NOT NULL, model TEXT NOT NULL CHECK"
              + " (model IN ('kept', 'dropped', 'forgotten')), learner TEXT NOT NULL CHECK"
              + " (learner IN ('kept', 'dropped', 'forgotten')))",
          // What a version knows beyond its parent: a day as it was at a revision.
          "CREATE TABLE version_days (version INTEGER NOT NULL REFERENCES versions (id),"
              + " day INTEGER NOT NULL REFERENCES days (id), revision INTEGER NOT NULL,"
              + " PRIMARY KEY (version, day)) WITHOUT ROWID",
          "CREATE TABLE evaluations (id INTEGER PRIMARY KEY, candidate INTEGER NOT NULL REFERENCES"
              + " versions (id), champion INTEGER REFERENCES versions (id), at TEXT NOT NULL,"
              + " blessed INTEGER NOT NULL, reasons TEXT NOT NULL, metrics TEXT NOT NULL)",
          "CREATE INDEX evaluations_of_candidate ON evaluations (candidate)",
          "CREATE TABLE predictions (id TEXT PRIMARY KEY, at TEXT NOT NULL,"
              + " version INTEGER NOT NULL REFERENCES versions (id), image TEXT,"
              + " answer TEXT NOT NULL, probability REAL NOT NULL, detail TEXT NOT NULL)"
              + " WITHOUT ROWID",
          "CREATE INDEX predictions_by_time ON predictions (at)",
          "CREATE INDEX predictions_of_image ON predictions (image) WHERE image IS NOT NULL",
          "CREATE TABLE feedback (id INTEGER PRIMARY KEY, prediction TEXT NOT NULL REFERENCES"
              + " predictions (id), label TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL)",
          "CREATE INDEX feedback_of_prediction ON feedback (prediction)",
          "CREATE TABLE aliases (name TEXT PRIMARY KEY, version INTEGER NOT NULL REFERENCES"
              + " versions (id)) WITHOUT ROWID",
          "CREATE TABLE ledger (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL,"
              + " alias TEXT NOT NULL, from_version INTEGER, to_version INTEGER,"
              + " action TEXT NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL,"
              + " forced INTEGER NOT NULL)",
          "CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger"
              + " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
          "CREATE TRIGGER ledger_is_not_cut BEFORE DELETE ON ledger"
              + " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
          "CREATE TABLE tombstones (id INTEGER PRIMARY KEY, at TEXT NOT NULL,"
              + " certificate TEXT NOT NULL)",
          // Marks of what was forgotten: digests that mean nothing without the store's salt.
          "CREATE TABLE forgotten (mark TEXT PRIMARY KEY, tombstone INTEGER NOT NULL REFERENCES"
              + " tombstones (id)) WITHOUT ROWID",
          // Files that no row names any more and that are still to be removed.
          "CREATE TABLE doomed (path TEXT PRIMARY KEY) WITHOUT ROWID",
          // Files that are being written, whose rows are still to come.
          "CREATE TABLE incoming (path TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID");

  /** The day that a label has come in with. */
  private static final List<String> DAYS_OF_FEEDBACK =
      List.of("ALTER TABLE feedback ADD COLUMN day INTEGER REFERENCES days (id)");

  /** What is held out is no change of what is learned; no image could move until now. */
  private static final List<String> CHANGES_OF_TRAINING =
      List.of(
          "DELETE FROM changes WHERE image IN (SELECT id FROM images WHERE split = 'regression')");

  /** What brings a store from one version of the tables to the next. */
  private static final List<List<String>> STEPS =
      List.of(FIRST, DAYS_OF_FEEDBACK, CHANGES_OF_TRAINING);

  private Schema() {}

  /**
   * Brings the tables up to date, in one transaction; a connection that fails is to be closed.
   *
   * @throws AccreteException if they are of a later version of this program
   */
  static void migrate(Connection connection, Path file) throws SQLException {
    int version = version(connection);
    if (version > STEPS.size()) {
      throw new AccreteException(
          file
              + " was written by a later version of Accrete (tables "
              + version
              + ", this one knows "
              + STEPS.size()
              + "): use that version");
    }
    if (version == STEPS.size()) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      // Another process may have done it between the two looks.
      for (int step = version(connection); step < STEPS.size(); step++) {
        for (String sql : STEPS.get(step)) {
          statement.execute(sql);
        }
        statement.execute("PRAGMA user_version = " + (step + 1));
      }
      statement.execute("COMMIT");
    }
  }

  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA user_version")) {
      return result.getInt(1);
    }
  }
}
