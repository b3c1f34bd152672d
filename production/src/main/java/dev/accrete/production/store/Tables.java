package dev.accrete.production.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.accrete.production.ingest.Reason;
import dev.accrete.production.ingest.Split;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Rows as records. */
final class Tables {
  static final TypeReference<List<String>> NAMES = new TypeReference<>() {};
  static final TypeReference<Map<String, String>> REMARKS = new TypeReference<>() {};
  private static final TypeReference<Map<String, Integer>> COUNTS = new TypeReference<>() {};
  private static final TypeReference<VersionCost> COST = new TypeReference<>() {};

  private static final String DAY =
      "SELECT id, name, revision, digest, received_at, source, state, counts, refusal, drift FROM"
          + " days ";
  private static final String VERSION =
      "SELECT id, parent, fresh, kind, created_at, classes, images, settings, data_digest,"
          + " model_sha256, learner_digest, cost, model, learner, (SELECT json_group_array(n)"
          + " FROM (SELECT days.name AS n FROM version_days JOIN days ON days.id = version_days.day"
          + " WHERE version_days.version = versions.id ORDER BY days.id)) FROM versions ";
  static final String ENTRY =
      "SELECT i.id, i.sha256, d.name, i.name, s.name, c.name, i.subject, i.metadata, i.split,"
          + " i.label, p.path, p.offset, i.position, i.crc FROM images i JOIN days d ON d.id ="
          + " i.day JOIN classes s ON s.id = i.source_class JOIN classes c ON c.id = i.label JOIN"
          + " packs p ON p.id = i.pack ";

  private Tables() {}

  static List<Day> days(Session session) throws SQLException {
    return session.all(DAY + "ORDER BY id", Tables::day);
  }

  static List<ClassCount> classCounts(Session session) throws SQLException {
    return session.all(
        "SELECT c.name, coalesce(sum(i.split = 'train'), 0), coalesce(sum(i.split = 'regression'),"
            + " 0) FROM classes c LEFT JOIN images i ON i.label = c.id AND i.state = 'kept' WHERE"
            + " NOT c.forgotten GROUP BY c.id ORDER BY c.id",
        row -> new ClassCount(row.text(1), row.integer(2), row.integer(3)));
  }

  static Optional<Day> day(Session session, String name) throws SQLException {
    return session.first(DAY + "WHERE name = ?", Tables::day, name);
  }

  private static Day day(Row row) throws SQLException {
    Map<String, Integer> counts = Json.read(row.text(8), COUNTS);
    return new Day(
        row.integer(1),
        row.text(2),
        row.integer(3),
        row.text(4),
        row.instant(5),
        row.text(6),
        DayState.of(row.text(7)),
        counts.getOrDefault(Split.TRAIN.text(), 0),
        counts.getOrDefault(Split.REGRESSION.text(), 0),
        counts.getOrDefault("quarantined", 0),
        row.optional(9),
        row.optional(10));
  }

  /** The JSON that {@link #day} reads. */
  static String counts(int train, int regression, int quarantined) {
    return Json.text(
        Map.of(
            Split.TRAIN.text(),
            train,
            Split.REGRESSION.text(),
            regression,
            "quarantined",
            quarantined));
  }

  /** Kept images of a day in a split. */
  static int count(Session session, Day day, Split split) throws SQLException {
    return (int)
        session.number(
            "SELECT count(*) FROM images WHERE day = ? AND split = ? AND state = 'kept'",
            day.id(),
            split.text());
  }

  /** Images of a day that were set aside. */
  static int countSetAside(Session session, Day day) throws SQLException {
    return (int) session.number("SELECT count(*) FROM quarantine WHERE day = ?", day.id());
  }

  /** Whether what is said of a day is what its rows are. */
  static boolean isCounted(Session session, Day day) throws SQLException {
    return day.train() == count(session, day, Split.TRAIN)
        && day.regression() == count(session, day, Split.REGRESSION)
        && day.quarantined() == countSetAside(session, day);
  }

  static List<Version> versions(Session session) throws SQLException {
    return session.all(VERSION + "ORDER BY id", Tables::version);
  }

  static Optional<Version> version(Session session, int id) throws SQLException {
    return session.first(VERSION + "WHERE id = ?", Tables::version, id);
  }

  private static Version version(Row row) throws SQLException {
    return new Version(
        row.integer(1),
        row.optionalInteger(2),
        row.flag(3),
        VersionKind.of(row.text(4)),
        row.instant(5),
        Json.read(row.text(15), NAMES),
        Json.read(row.text(6), NAMES),
        row.integer(7),
        Json.read(row.text(8), REMARKS),
        row.text(9),
        row.text(10),
        row.text(11),
        Json.read(row.text(12), COST),
        Kept.of(row.text(13)),
        Kept.of(row.text(14)));
  }

  static Aliases aliases(Session session) throws SQLException {
    Map<Alias, Integer> named = new EnumMap<>(Alias.class);
    session.each(
        "SELECT name, version FROM aliases",
        row -> named.put(Alias.of(row.text(1)), row.integer(2)));
    return new Aliases(
        of(named, Alias.CHAMPION), of(named, Alias.CANDIDATE), of(named, Alias.PREVIOUS));
  }

  private static OptionalInt of(Map<Alias, Integer> named, Alias alias) {
    Integer version = named.get(alias);
    return version == null ? OptionalInt.empty() : OptionalInt.of(version);
  }

  static List<LedgerEntry> ledger(Session session) throws SQLException {
    return session.all(
        "SELECT id, at, alias, from_version, to_version, action, actor, reason, forced FROM ledger"
            + " ORDER BY id",
        row ->
            new LedgerEntry(
                row.number(1),
                row.instant(2),
                Alias.of(row.text(3)),
                row.optionalInteger(4),
                row.optionalInteger(5),
                row.text(6),
                row.text(7),
                row.text(8),
                row.flag(9)));
  }

  static Evaluation evaluation(Row row) throws SQLException {
    return new Evaluation(
        row.number(1),
        row.integer(2),
        row.optionalInteger(3),
        row.instant(4),
        row.flag(5),
        row.text(6),
        row.text(7));
  }

  static List<Quarantined> quarantine(Session session, int day) throws SQLException {
    return session.all(
        "SELECT name, sha256, reason, detail FROM quarantine WHERE day = ? ORDER BY id",
        row -> new Quarantined(row.text(1), row.text(2), Reason.of(row.text(3)), row.text(4)),
        day);
  }

  /** Images with their pixels; {@code where} may name i (images) and d (days). */
  static List<StoredImages.Entry> entries(Core core, Session session, String where, Object... with)
      throws SQLException {
    return new ArrayList<>(
        session.all(
            ENTRY + where + " ORDER BY i.day, i.name, i.id", row -> entry(core, row), with));
  }

  private static StoredImages.Entry entry(Core core, Row row) throws SQLException {
    StoredImage image =
        new StoredImage(
            row.number(1),
            row.text(2),
            row.text(3),
            row.text(4),
            row.text(5),
            row.text(6),
            row.optional(7),
            Json.read(row.text(8), REMARKS),
            Split.of(row.text(9)));
    return new StoredImages.Entry(
        image,
        row.integer(10),
        core.home().root().resolve(row.text(11)),
        row.number(12),
        row.integer(13),
        row.integer(14));
  }
}
