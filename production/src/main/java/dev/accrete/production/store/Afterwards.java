package dev.accrete.production.store;

import dev.accrete.production.ingest.Item;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What becomes of answers after they were given. */
final class Afterwards {
  /** Answers whose detail names a subject. */
  static final String SUBJECT = "spelled(json_extract(detail, '$.subject')) = ?";

  private Afterwards() {}

  /** For each remark the class that had been answered; nothing if there is no such answer. */
  static List<Optional<String>> told(Session session, List<Feedback> remarks) throws SQLException {
    List<Optional<String>> answers = new ArrayList<>();
    List<Object[]> rows = new ArrayList<>();
    for (Feedback remark : remarks) {
      Optional<String> answer =
          session.first(
              "SELECT answer FROM predictions WHERE id = ?",
              row -> row.text(1),
              remark.prediction());
      answers.add(answer);
      if (answer.isPresent()) {
        rows.add(
            new Object[] {
              remark.prediction(), remark.label(), remark.at().toString(), remark.who()
            });
      }
    }
    session.executeAll(
        "INSERT INTO feedback (prediction, label, at, who) VALUES (?, ?, ?, ?)", rows);
    return answers;
  }

  /** Writes what other versions would have answered into the details of answers. */
  static int shadowed(Session session, List<ShadowRecord> shadows) throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    for (ShadowRecord shadow : shadows) {
      rows.add(
          new Object[] {
            shadow.version(), shadow.answer(), shadow.probability(), shadow.prediction()
          });
    }
    session.executeAll(
        "UPDATE predictions SET detail = json_set(detail, '$.shadow', json_object('version', ?,"
            + " 'answer', ?, 'probability', ?)) WHERE id = ?",
        rows);
    return rows.size();
  }

  /** Whether there is anything of a subject that is not forgotten. */
  static boolean knows(Session session, String subject) throws SQLException {
    String spelled = Item.spelled(subject);
    return session.number(
                "SELECT count(*) FROM images WHERE spelled(subject) = ? AND state <> 'forgotten'",
                spelled)
            + session.number("SELECT count(*) FROM quarantine WHERE spelled(subject) = ?", spelled)
            + session.number("SELECT count(*) FROM predictions WHERE " + SUBJECT, spelled)
        > 0;
  }

  /** Lets go of the images of old answers of which nobody has said what is right. */
  static int release(Core core, Session session, Instant before) throws SQLException {
    String old =
        " FROM predictions WHERE image IS NOT NULL AND at < ? AND id NOT IN (SELECT prediction FROM"
            + " feedback)";
    Collection<String> images = images(session, "SELECT image" + old, before.toString());
    session.execute(
        "UPDATE predictions SET image = NULL WHERE id IN (SELECT id" + old + ")",
        before.toString());
    return doom(core, session, images);
  }

  private static Collection<String> images(Session session, String query, String value)
      throws SQLException {
    return new TreeSet<>(session.all(query, row -> row.text(1), value));
  }

  /** Notes files that no row names any more. */
  private static int doom(Core core, Session session, Collection<String> images)
      throws SQLException {
    List<String> unnamed = new ArrayList<>();
    for (String image : images) {
      String path = core.home().name(core.home().blob(image));
      long named =
          session.number("SELECT count(*) FROM predictions WHERE image = ?", image)
              + session.number("SELECT count(*) FROM images WHERE sha256 = ?", image)
              + session.number("SELECT count(*) FROM incoming WHERE path = ?", path);
      if (named == 0) {
        unnamed.add(path);
      }
    }
    Doomed.add(session, unnamed);
    return unnamed.size();
  }
}
