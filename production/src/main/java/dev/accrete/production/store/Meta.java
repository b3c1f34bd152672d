package dev.accrete.production.store;

import dev.accrete.core.AccreteException;
import java.sql.SQLException;

/** What a store says of itself. */
final class Meta {
  static final String ID = "id";
  static final String CREATED = "created";
  static final String LEARNER = "learner";
  static final String SALT = "salt";

  private Meta() {}

  static void put(Session session, String name, String value) throws SQLException {
    session.execute("INSERT INTO meta VALUES (?, ?)", name, value);
  }

  static String get(Session session, String name) throws SQLException {
    return session
        .first("SELECT value FROM meta WHERE name = ?", row -> row.text(1), name)
        .orElseThrow(
            () ->
                new AccreteException(
                    "the store's database lacks '" + name + "'; restore it from a copy"));
  }

  /** What makes marks mean nothing outside this store. */
  static String salt(Session session) throws SQLException {
    return get(session, SALT);
  }

  /** The mark of an image that was forgotten. */
  static String mark(String salt, String sha256) {
    return Digests.of(salt + " " + sha256);
  }
}
