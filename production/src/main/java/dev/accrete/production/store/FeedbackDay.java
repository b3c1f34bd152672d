package dev.accrete.production.store;

import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Listing;
import dev.accrete.production.ingest.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Answers whose images are kept and of which somebody has said what is right, as a day. An answer
 * stays in the day that it came in with: where it gets another label, that day is corrected. What
 * belongs to it is looked up when it is opened, while nobody else takes a day in.
 */
final class FeedbackDay implements Source {
  /** What these days say of their source: tells them from others that are called so. */
  static final String DESCRIPTION = "labels that came for answers";

  private final Core core;
  private final String name;
  private final boolean open;

  /**
   * A day.
   *
   * @param open whether answers that are in no day yet come in with it
   */
  private FeedbackDay(Core core, String name, boolean open) {
    this.core = core;
    this.name = name;
    this.open = open;
  }

  /** An image as it was kept; the last remark on its answer is the label. */
  private record KeptImage(Core core, String sha256, String prediction, long remark)
      implements Item.Content {
    @Override
    public byte[] bytes() throws IOException {
      byte[] bytes = Files.readAllBytes(core.home().blob(sha256));
      if (!Digests.of(bytes).equals(sha256)) {
        throw new IOException("its file has other content than when it was kept");
      }
      return bytes;
    }
  }

  /**
   * An answer of which something was said.
   *
   * @param remark number of what was said last
   * @param day that it came in with, if it did
   * @param before the label that it has there
   */
  private record Told(
      String prediction,
      Optional<String> image,
      Optional<String> subject,
      long remark,
      String label,
      Optional<String> day,
      Optional<String> before) {
    private static List<Told> all(Session session) throws SQLException {
      return session.all(
          "SELECT p.id, p.image, json_extract(p.detail, '$.subject'), f.id, f.label, d.name, t.label"
              + " FROM (SELECT prediction, max(id) AS last, max(CASE WHEN day IS NOT NULL THEN id"
              + " END) AS taken FROM feedback GROUP BY prediction) s JOIN predictions p ON p.id ="
              + " s.prediction JOIN feedback f ON f.id = s.last LEFT JOIN feedback t ON t.id ="
              + " s.taken LEFT JOIN days d ON d.id = t.day WHERE f.label NOT IN (SELECT name FROM"
              + " classes WHERE forgotten) ORDER BY p.id",
          row ->
              new Told(
                  row.text(1),
                  row.optional(2),
                  row.optional(3),
                  row.number(4),
                  row.text(5),
                  row.optional(6),
                  row.optional(7)));
    }

    boolean isLesson() {
      return image.isPresent() && Ingestion.problems(label).isEmpty();
    }

    /** Whether no day has this label for it yet. */
    boolean waits() {
      return !before.map(Item::spelled).equals(Optional.of(Item.spelled(label)));
    }

    Item item(Core core) {
      return new Item(
          prediction,
          label,
          subject,
          Map.of(),
          Optional.empty(),
          new KeptImage(core, image.orElseThrow(), prediction, remark));
    }
  }

  /** How many labels no day has yet. */
  static Waiting waiting(Session session) throws SQLException {
    List<Told> waiting = Told.all(session).stream().filter(Told::waits).toList();
    return new Waiting(
        (int) waiting.stream().filter(Told::isLesson).count(),
        (int) waiting.stream().filter(told -> told.image().isEmpty()).count());
  }

  /**
   * The days that are to be taken in or learned: those in which something changes, those that were
   * interrupted, and one of today for what is in none.
   */
  static List<Source> all(Core core, boolean newClasses) {
    return core.database()
        .read(
            session -> {
              List<Told> waiting =
                  Told.all(session).stream().filter(t -> t.isLesson() && t.waits()).toList();
              Set<String> changed = new HashSet<>();
              waiting.forEach(told -> told.day().ifPresent(changed::add));
              for (Day day : Tables.days(session)) {
                boolean left = day.state() == DayState.INGESTED && day.train() > 0;
                boolean mended = newClasses ? hasUndeclared(session, day) : isMended(session, day);
                if (day.source().equals(DESCRIPTION) && (left || mended)) {
                  changed.add(day.name());
                }
              }
              boolean open = waiting.stream().anyMatch(told -> told.day().isEmpty());
              String today = today(core, session);
              return Stream.concat(
                      Tables.days(session).stream()
                          .map(Day::name)
                          .filter(name -> changed.contains(name) && !(open && name.equals(today))),
                      open ? Stream.of(today) : Stream.empty())
                  .map(name -> (Source) new FeedbackDay(core, name, open && name.equals(today)))
                  .toList();
            });
  }

  private static boolean hasUndeclared(Session session, Day day) throws SQLException {
    return session.number(
            "SELECT count(*) FROM quarantine WHERE day = ? AND reason = 'unknown-class'", day.id())
        > 0;
  }

  /** Whether a label was set aside that is the name of a class now. */
  static boolean isMended(Session session, Day day) throws SQLException {
    return session.number(
            "SELECT count(*) FROM quarantine q JOIN classes c ON c.name = q.label AND NOT"
                + " c.forgotten WHERE q.day = ? AND q.reason = 'unknown-class'",
            day.id())
        > 0;
  }

  /** The name of the day for what is in none; somebody may have called another day so. */
  private static String today(Core core, Session session) throws SQLException {
    String name = "feedback-" + LocalDate.ofInstant(core.now(), ZoneOffset.UTC);
    String free = name;
    for (int n = 2; !isFree(session, free); n++) {
      free = name + "-" + n;
    }
    return free;
  }

  private static boolean isFree(Session session, String name) throws SQLException {
    return Tables.day(session, name).map(Day::source).orElse(DESCRIPTION).equals(DESCRIPTION);
  }

  /** Notes that what was said of an image is in a day now. */
  static void settle(Session session, int day, List<Item> items) throws SQLException {
    List<Object[]> rows =
        items.stream()
            .filter(item -> item.content() instanceof KeptImage)
            .map(item -> (KeptImage) item.content())
            .map(image -> new Object[] {day, image.prediction(), image.remark()})
            .toList();
    session.executeAll("UPDATE feedback SET day = ? WHERE prediction = ? AND id <= ?", rows);
  }

  @Override
  public String day() {
    return name;
  }

  @Override
  public String description() {
    return DESCRIPTION;
  }

  @Override
  public Listing open() {
    return Listing.of(
        core.database().read(Told::all).stream()
            .filter(Told::isLesson)
            .filter(told -> told.day().map(name::equals).orElse(open))
            .map(told -> told.item(core))
            .toList(),
        Map.of());
  }
}
