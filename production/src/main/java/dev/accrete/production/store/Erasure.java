package dev.accrete.production.store;

import dev.accrete.production.ingest.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** What forgetting does to files and rows. */
final class Erasure {
  private static final String ACTION = "forget";
  private static final int SHOWN = 12;

  private final Core core;
  private final ForgetRequest request;
  private final Forgetting.Scope scope;
  private final Map<Integer, Optional<Rewritten>> packs = new HashMap<>();

  Erasure(Core core, ForgetRequest request, Forgetting.Scope scope) {
    this.core = core;
    this.request = request;
    this.scope = scope;
  }

  /**
   * A pack without the images that go.
   *
   * @param images that stay, in their new order
   */
  private record Rewritten(PixelPacks.Pack pack, List<Long> images) {}

  /** Writes new packs beside those that hold one of the images; they have no rows yet. */
  void rewritePacks(Path scratch) throws IOException {
    Set<Integer> affected = new TreeSet<>();
    Set<Long> gone = new HashSet<>();
    scope
        .images()
        .forEach(
            image -> {
              affected.add(image.pack());
              gone.add(image.id());
            });
    int next =
        (int)
            (long)
                core.database()
                    .read(session -> session.number("SELECT coalesce(max(id), 0) + 1 FROM packs"));
    for (int pack : affected) {
      List<StoredImages.Entry> stay =
          core
              .database()
              .read(
                  session ->
                      Tables.entries(
                          core, session, "WHERE i.pack = ? AND i.state <> 'forgotten'", pack))
              .stream()
              .filter(entry -> !gone.contains(entry.image().id()))
              .toList();
      if (stay.isEmpty()) {
        packs.put(pack, Optional.empty());
        continue;
      }
      try (StoredImages images =
          new StoredImages("pack " + pack, core.learner().imageSize(), List.of(), stay)) {
        PixelPacks.Pack written =
            new PixelPacks(core)
                .write(next, PixelPacks.name(next), stay.size(), images::read, scratch);
        packs.put(
            pack,
            Optional.of(
                new Rewritten(written, stay.stream().map(entry -> entry.image().id()).toList())));
      }
      next++;
    }
    if (!packs.isEmpty()) {
      core.disk().sync(core.home().pixels());
    }
  }

  /** Changes all rows; dooms the files that then have none. */
  ForgetReport finish(Session session, Optional<Version> made) throws SQLException {
    List<String> doomed = new ArrayList<>();
    replacePacks(session, doomed);
    days(session);
    String salt = Meta.salt(session);
    // Answers have come in while a version was made.
    Traces traces = Traces.of(session, scope.wanted(), scope.digests());
    List<String> marks = traces.marked().stream().map(m -> Meta.mark(salt, m)).toList();
    for (Forgetting.Gone image : scope.images()) {
      erase(session, image);
    }
    eraseAnswers(session, traces);
    for (String original : traces.originals()) {
      String path = core.home().name(core.home().blob(original));
      session.execute("DELETE FROM incoming WHERE path = ?", path);
      doomed.add(path);
    }
    eraseQuarantine(session, traces);
    int evaluations = eraseNames(session);
    List<String> pages = Attachments.all(session);
    Optional<String> memory = CheckMemory.path(session);
    doomed.addAll(pages);
    memory.ifPresent(doomed::add);
    Map<String, Object> certificate = certificate(session, made);
    Map<String, Object> removed = new LinkedHashMap<>();
    removed.put("images", scope.images().size());
    removed.put("originals", traces.originals().size());
    removed.put("answers", traces.answers().size());
    removed.put("setAside", traces.setAside().size());
    removed.put("pages", pages.size());
    removed.put("driftReference", memory.isPresent());
    removed.put("driftOfDays", scope.days().size());
    removed.put("evaluationsRedacted", evaluations);
    certificate.put("removed", removed);
    long tombstone = bury(session, certificate, marks);
    moveAliases(session, made);
    versions(session, doomed);
    Doomed.add(session, doomed);
    Retention.apply(core, session);
    return new ForgetReport(
        scope.images().size(),
        traces.answers().size(),
        made,
        List.copyOf(scope.knowing()),
        session
            .first(
                "SELECT id, at, certificate FROM tombstones WHERE id = ?",
                Erasure::tombstone,
                tombstone)
            .orElseThrow());
  }

  static Tombstone tombstone(Row row) throws SQLException {
    return new Tombstone(row.number(1), row.instant(2), row.text(3));
  }

  private void replacePacks(Session session, List<String> doomed) throws SQLException {
    for (Map.Entry<Integer, Optional<Rewritten>> entry : packs.entrySet()) {
      if (entry.getValue().isPresent()) {
        Rewritten rewritten = entry.getValue().get();
        PixelPacks.insert(session, rewritten.pack());
        List<Object[]> rows = new ArrayList<>();
        for (int position = 0; position < rewritten.images().size(); position++) {
          rows.add(
              new Object[] {rewritten.pack().id(), position, rewritten.images().get(position)});
        }
        session.executeAll("UPDATE images SET pack = ?, position = ? WHERE id = ?", rows);
      }
    }
    for (Forgetting.Gone image : scope.images()) {
      session.execute("UPDATE images SET pack = NULL WHERE id = ?", image.id());
    }
    for (int pack : packs.keySet()) {
      doomed.addAll(session.all("SELECT path FROM packs WHERE id = ?", row -> row.text(1), pack));
      session.execute("DELETE FROM packs WHERE id = ?", pack);
    }
  }

  /** A day without some of its images is another revision of it. */
  private void days(Session session) throws SQLException {
    for (Target target : scope.days()) {
      int day = target.day().id();
      session.execute(
          "UPDATE days SET revision = ?, drift = NULL WHERE id = ?", target.revision(), day);
      for (Forgetting.Gone image : scope.images()) {
        if (image.kept() && image.day() == day) {
          session.execute(
              "INSERT INTO changes VALUES (?, ?, ?, ?, NULL)",
              day,
              target.revision(),
              image.id(),
              image.label());
        }
      }
    }
  }

  private static void erase(Session session, Forgetting.Gone image) throws SQLException {
    session.execute("DELETE FROM labels WHERE image = ?", image.id());
    session.execute(
        "UPDATE images SET sha256 = NULL, bytes = NULL, name = NULL, subject = NULL, metadata ="
            + " NULL, dhash = NULL, properties = NULL, pack = NULL, position = NULL, crc = NULL,"
            + " state = 'forgotten' WHERE id = ?",
        image.id());
  }

  private static void eraseAnswers(Session session, Traces traces) throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    traces.answers().forEach(id -> rows.add(new Object[] {id}));
    session.executeAll("DELETE FROM feedback WHERE prediction = ?", rows);
    session.executeAll("DELETE FROM predictions WHERE id = ?", rows);
  }

  /** The rows of what was set aside, and what others say of images that they are like. */
  private void eraseQuarantine(Session session, Traces traces) throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    traces.setAside().forEach(id -> rows.add(new Object[] {id}));
    session.executeAll("DELETE FROM quarantine WHERE id = ?", rows);
    Set<String> names = new HashSet<>();
    Map<Integer, String> days = new HashMap<>();
    Tables.days(session).forEach(day -> days.put(day.id(), day.name()));
    scope.images().forEach(image -> names.add(days.get(image.day()) + "/" + image.name()));
    List<Object[]> likened = new ArrayList<>();
    session.each(
        "SELECT id, day, detail FROM quarantine WHERE detail <> ''",
        row -> {
          Optional<String> other = Admission.likened(row.text(3));
          String sameDay = days.get(row.integer(2)) + "/";
          if (other.filter(o -> names.contains(o) || names.contains(sameDay + o)).isPresent()) {
            likened.add(new Object[] {"like an image that was forgotten", row.number(1)});
          }
        });
    session.executeAll("UPDATE quarantine SET detail = ? WHERE id = ?", likened);
    // Counts by day are of what is there now.
    for (Day day : Tables.days(session)) {
      if (day.state() != DayState.REFUSED) {
        session.execute(
            "UPDATE days SET counts = ? WHERE id = ?",
            Tables.counts(
                Tables.count(session, day, Split.TRAIN),
                Tables.count(session, day, Split.REGRESSION),
                Tables.countSetAside(session, day)),
            day.id());
      }
    }
  }

  /** What a class is called of which the name was forgotten, too. */
  static String placeholder(int classId) {
    return String.format(Locale.ROOT, "(forgotten class %d)", classId);
  }

  static boolean isPlaceholder(String name) {
    return name.matches("\\(forgotten class \\d+\\)");
  }

  /** The name of a class may be that of a person: it goes everywhere, its number stays taken. */
  private int eraseNames(Session session) throws SQLException {
    if (scope.classId().isPresent()) {
      int id = scope.classId().get();
      session.execute(
          "UPDATE classes SET name = ?, forgotten = 1 WHERE id = ?", placeholder(id), id);
      NameErasure names = new NameErasure(session, request.value(), placeholder(id));
      names.ofClass();
      return names.everywhere();
    }
    int evaluations = 0;
    if (request.what() == ForgetRequest.What.SUBJECT) {
      for (String spelled : new TreeSet<>(List.of(request.value(), apart(request.value())))) {
        evaluations += new NameErasure(session, spelled, "(forgotten subject)").everywhere();
      }
    }
    return evaluations;
  }

  /** As some file systems spell it, and earlier versions of this program took it over. */
  private static String apart(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFD);
  }

  private Map<String, Object> certificate(Session session, Optional<Version> made)
      throws SQLException {
    Map<String, Object> certificate = new LinkedHashMap<>();
    certificate.put("what", request.what().text());
    certificate.put("value", value());
    certificate.put("reason", request.reason());
    certificate.put("actor", request.actor());
    certificate.put("at", core.now().toString());
    certificate.put("images", scope.images().size());
    if (scope.champion().isPresent()) {
      certificate.put("championBefore", digests(scope.champion().get()));
    }
    made.ifPresent(version -> certificate.put("championAfter", digests(version)));
    List<Object> removed = new ArrayList<>();
    for (int id : scope.knowing()) {
      Tables.version(session, id).ifPresent(version -> removed.add(digests(version)));
    }
    certificate.put("versionsRemoved", removed);
    made.ifPresent(
        version ->
            certificate.put("method", version.fresh() ? "learned anew without" : "taken out"));
    return certificate;
  }

  /** A digest tells an image to whoever has it: as much is left of it as a person needs. */
  private String value() {
    String value = request.value();
    boolean digest = request.what() == ForgetRequest.What.IMAGE && value.length() > SHOWN;
    return digest ? value.substring(0, SHOWN) + "..." : value;
  }

  private static Map<String, Object> digests(Version version) {
    Map<String, Object> digests = new LinkedHashMap<>();
    digests.put("version", version.id());
    digests.put("images", version.images());
    digests.put("data", version.dataDigest());
    digests.put("model", version.modelDigest());
    digests.put("learner", version.learnerDigest());
    return digests;
  }

  private long bury(Session session, Map<String, Object> certificate, List<String> marks)
      throws SQLException {
    session.execute(
        "INSERT INTO tombstones (at, certificate) VALUES (?, ?)",
        core.now().toString(),
        Json.text(certificate));
    long id = session.number("SELECT max(id) FROM tombstones");
    List<Object[]> rows = new ArrayList<>();
    marks.forEach(mark -> rows.add(new Object[] {mark, id}));
    session.executeAll("INSERT OR IGNORE INTO forgotten VALUES (?, ?)", rows);
    return id;
  }

  private void moveAliases(Session session, Optional<Version> made) throws SQLException {
    Movements movements = new Movements(core, session, ACTION, request.actor());
    Aliases aliases = Tables.aliases(session);
    for (Alias alias : Alias.values()) {
      OptionalInt named = aliases.of(alias);
      if (named.isPresent() && scope.knowing().contains(named.getAsInt())) {
        OptionalInt to =
            alias == Alias.CHAMPION && made.isPresent()
                ? OptionalInt.of(made.get().id())
                : OptionalInt.empty();
        movements.move(alias, to, request.reason(), true);
      }
    }
  }

  /** Versions that knew the images go. */
  private void versions(Session session, List<String> doomed) throws SQLException {
    for (int id : scope.knowing()) {
      session.execute(
          "UPDATE versions SET model = 'forgotten', learner = CASE learner WHEN 'dropped' THEN"
              + " 'dropped' ELSE 'forgotten' END WHERE id = ?",
          id);
      doomed.add(core.home().name(core.home().version(id)));
    }
  }
}
