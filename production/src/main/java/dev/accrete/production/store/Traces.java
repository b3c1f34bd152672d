package dev.accrete.production.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What tells of images that are to be forgotten beside their own rows.
 *
 * @param answers ids of answers that were given for them
 * @param setAside ids of rows of images that were set aside
 * @param originals digests of files that go, of images and of answers
 * @param marked digests of images that are not to come in again
 */
record Traces(
    List<String> answers,
    List<Long> setAside,
    SortedSet<String> originals,
    SortedSet<String> marked) {
  /** Answers that name a subject, as {@link Afterwards} finds them. */
  private static final String OF_SUBJECT = "WHERE " + Afterwards.SUBJECT;

  /**
   * Answers whose image shows a class by what was said last, unless that image came in as other.
   */
  private static final String OF_CLASS =
      "WHERE image IS NOT NULL AND coalesce((SELECT label FROM feedback f WHERE f.prediction ="
          + " predictions.id ORDER BY f.id DESC LIMIT 1), answer) = ? AND image NOT IN (SELECT"
          + " sha256 FROM images i JOIN classes c ON c.id = i.label WHERE i.state <> 'forgotten'"
          + " AND c.name <> ?)";

  /** An answer and the digest of its image, which may be empty. */
  private record Served(String id, String image) {}

  boolean isEmpty() {
    return answers.isEmpty() && setAside.isEmpty();
  }

  /**
   * Looks for them.
   *
   * @param images digests of the images that are to go
   */
  static Traces of(Session session, ForgetRequest request, Set<String> images) throws SQLException {
    SortedSet<String> originals = new TreeSet<>(images);
    String value = request.value();
    List<Served> served =
        switch (request.what()) {
          case IMAGE -> served(session, "WHERE image = ?", value);
          case SUBJECT -> served(session, OF_SUBJECT, value);
          case CLASS -> served(session, OF_CLASS, value, value);
        };
    SortedSet<String> answers = new TreeSet<>();
    for (Served answer : served) {
      answers.add(answer.id());
      originals.add(answer.image());
    }
    originals.remove("");
    for (String original : originals) {
      served(session, "WHERE image = ?", original).forEach(answer -> answers.add(answer.id()));
    }
    SortedSet<String> marked = new TreeSet<>(originals);
    List<Long> setAside = setAside(session, request, originals, marked);
    return new Traces(new ArrayList<>(answers), setAside, originals, marked);
  }

  private static List<Served> served(Session session, String where, Object... values)
      throws SQLException {
    return session.all(
        "SELECT id, image FROM predictions " + where,
        row -> new Served(row.text(1), row.text(2)),
        values);
  }

  private static List<Long> setAside(
      Session session, ForgetRequest request, Set<String> originals, Set<String> marked)
      throws SQLException {
    String column =
        switch (request.what()) {
          case IMAGE -> "sha256";
          case SUBJECT -> "spelled(subject)";
          case CLASS -> "label";
        };
    List<Long> rows = new ArrayList<>();
    SortedSet<String> others = new TreeSet<>();
    session.each(
        "SELECT id, sha256, coalesce(" + column + " = ?, 0) FROM quarantine",
        row -> {
          if (row.flag(3) || originals.contains(row.text(2))) {
            rows.add(row.number(1));
            others.add(row.text(2));
          }
        },
        request.value());
    others.remove("");
    for (String other : others) {
      // A file that was set aside under one label may be in under another.
      if (session.number("SELECT count(*) FROM images WHERE sha256 = ?", other) == 0) {
        marked.add(other);
      }
    }
    return rows;
  }
}
