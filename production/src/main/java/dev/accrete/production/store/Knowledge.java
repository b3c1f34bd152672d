package dev.accrete.production.store;

import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a version knows: days as they were at a revision, its ancestors' included. */
final class Knowledge {
  private static final String CHAIN =
      "WITH RECURSIVE chain (id, parent, fresh, depth) AS (SELECT id, parent, fresh, 0 FROM versions"
          + " WHERE id = ? UNION ALL SELECT v.id, v.parent, v.fresh, c.depth + 1 FROM versions v"
          + " JOIN chain c ON v.id = c.parent WHERE NOT c.fresh) SELECT d.day, d.revision FROM chain"
          + " JOIN version_days d ON d.version = chain.id ORDER BY chain.depth DESC";

  private final SortedMap<Integer, Integer> revisions;

  private Knowledge(SortedMap<Integer, Integer> revisions) {
    this.revisions = revisions;
  }

  /** What a version knows; nothing if there is none. */
  static Knowledge of(Session session, Optional<Version> version) throws SQLException {
    return version.isPresent() ? of(session, version.get().id()) : new Knowledge(new TreeMap<>());
  }

  static Knowledge of(Session session, int version) throws SQLException {
    SortedMap<Integer, Integer> revisions = new TreeMap<>();
    session.each(CHAIN, row -> revisions.put(row.integer(1), row.integer(2)), version);
    return new Knowledge(revisions);
  }

  Set<Integer> days() {
    return revisions.keySet();
  }

  /** Whether a day is known as it is at a revision. */
  boolean has(int day, int revision) {
    return Integer.valueOf(revision).equals(revisions.get(day));
  }

  /** The training images of a day that are known, with their labels then, by image. */
  SortedMap<Long, Integer> content(Session session, int day) throws SQLException {
    Integer revision = revisions.get(day);
    return revision == null ? new TreeMap<>() : content(session, day, revision);
  }

  /** A day as it is known. */
  Target target(Session session, Day day) throws SQLException {
    return new Target(
        day, revisions.getOrDefault(day.id(), day.revision()), content(session, day.id()));
  }

  /** The training images of a day as it was at a revision, with their labels then, by image. */
  static SortedMap<Long, Integer> content(Session session, int day, int revision)
      throws SQLException {
    SortedMap<Long, Integer> content = new TreeMap<>();
    session.each(
        "SELECT image, now FROM changes WHERE day = ? AND revision <= ? ORDER BY revision",
        row -> {
          long image = row.number(1);
          OptionalInt label = row.optionalInteger(2);
          if (label.isPresent()) {
            content.put(image, label.getAsInt());
          } else {
            content.remove(image);
          }
        },
        day,
        revision);
    return content;
  }

  /** How a day, as it is to be known, differs from what is known of it. */
  Difference difference(Session session, Target target) throws SQLException {
    return Difference.between(content(session, target.day().id()), target);
  }
}
