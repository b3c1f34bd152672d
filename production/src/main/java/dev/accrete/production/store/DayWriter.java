package dev.accrete.production.store;

import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes durable what was decided of a day: its files first, then all its rows at once. */
final class DayWriter {
  private static final String WHO = "ingest";

  private final Core core;
  private final String name;
  private final String digest;
  private final String source;
  private final Optional<Day> before;
  private final Admission admission;

  /**
   * What was decided.
   *
   * @param before the day as it is, if it came before
   */
  DayWriter(
      Core core,
      String name,
      String digest,
      String source,
      Optional<Day> before,
      Admission admission) {
    this.core = core;
    this.name = name;
    this.digest = digest;
    this.source = source;
    this.before = before;
    this.admission = admission;
  }

  /** A row of an image that is there already. */
  private record Old(long id, String sha256, int label, Split split, boolean kept) {
    /** What it was learned as, if it was there to be learned. */
    Optional<Integer> learned() {
      return kept && split == Split.TRAIN ? Optional.of(label) : Optional.empty();
    }
  }

  /** A place in a pack. */
  private record Place(PixelPacks.Pack pack, int position) {}

  /** What changes. */
  private record Plan(
      int revision,
      List<Admission.Admitted> added,
      Map<String, Old> known,
      List<Old> vanished,
      long firstImage) {}

  /** Notes that the day was refused. A correction that is refused leaves the day as it was. */
  DayReport refuse(String why, Optional<String> drift, Map<String, Integer> ignored) {
    boolean correction = before.isPresent() && before.get().state() != DayState.REFUSED;
    Day day =
        new Day(
            before.map(Day::id).orElse(0),
            name,
            before.map(Day::revision).orElse(1),
            digest,
            core.now(),
            source,
            DayState.REFUSED,
            0,
            0,
            admission.refused().size(),
            Optional.of(correction ? why + "; the day stays as it was before" : why),
            drift);
    if (correction) {
      return report(day, false, List.of(), 0, 0, 0, 0, ignored);
    }
    Day noted =
        core.database()
            .write(
                session -> {
                  int id = upsert(session, day);
                  quarantine(session, id);
                  return Tables.day(session, name).orElseThrow();
                });
    return report(noted, true, List.of(), 0, 0, 0, 0, ignored);
  }

  /** Takes the day in. */
  DayReport write(
      Spool pixels, Path scratch, DayCheck.Finding finding, Map<String, Integer> ignored)
      throws IOException {
    Plan plan = core.database().read(this::plan);
    List<String> digests =
        plan.added().stream().map(admitted -> admitted.image().sha256()).toList();
    new Blobs(core)
        .write(
            digests, number -> plan.added().get(number).image().item().content().bytes(), scratch);
    Map<String, Place> places = packs(plan, pixels, scratch);
    Optional<CheckMemory.Written> memory =
        finding.memory().isPresent()
            ? Optional.of(CheckMemory.write(core, finding.memory().get(), scratch))
            : Optional.empty();
    DayReport report =
        core.database()
            .write(
                session -> {
                  if (memory.isPresent()) {
                    CheckMemory.replace(session, memory.get());
                  }
                  return rows(session, plan, places, finding.drift(), ignored);
                });
    Doomed.remove(core);
    return report;
  }

  private Plan plan(Session session) throws SQLException {
    Map<String, Old> known = new HashMap<>();
    for (Old old :
        session.all(
            "SELECT id, sha256, label, split, state = 'kept' FROM images WHERE state = 'replaced' OR"
                + " (state = 'kept' AND day = ?)",
            row ->
                new Old(
                    row.number(1), row.text(2), row.integer(3), Split.of(row.text(4)), row.flag(5)),
            before.map(Day::id).orElse(0))) {
      known.put(old.sha256(), old);
    }
    List<Admission.Admitted> added = new ArrayList<>();
    List<Old> vanished = new ArrayList<>(known.values().stream().filter(Old::kept).toList());
    for (Admission.Admitted admitted : admission.admitted()) {
      Old old = known.get(admitted.image().sha256());
      if (old == null) {
        added.add(admitted);
      } else {
        vanished.remove(old);
      }
    }
    vanished.sort(Comparator.comparing(Old::id));
    boolean again = before.isPresent() && before.get().state() != DayState.REFUSED;
    int revision = before.map(Day::revision).orElse(1) + (again ? 1 : 0);
    long first = session.number("SELECT coalesce(max(id), 0) + 1 FROM images");
    return new Plan(revision, added, known, vanished, first);
  }

  /** Writes the pixels of new images; those of the regression set lie together. */
  private Map<String, Place> packs(Plan plan, Spool pixels, Path scratch) throws IOException {
    PixelPacks packs = new PixelPacks(core);
    List<Admission.Admitted> ordered = new ArrayList<>(plan.added());
    ordered.sort(Comparator.comparing(Admission.Admitted::split).reversed());
    int id =
        (int)
            (long)
                core.database()
                    .read(session -> session.number("SELECT coalesce(max(id), 0) + 1 FROM packs"));
    Map<String, Place> places = new HashMap<>();
    for (int from = 0; from < ordered.size(); from += packs.capacity()) {
      List<Admission.Admitted> some =
          ordered.subList(from, Math.min(ordered.size(), from + packs.capacity()));
      PixelPacks.Pack pack =
          packs.write(
              id,
              PixelPacks.name(id),
              some.size(),
              (number, into, offset) ->
                  pixels.read(some.get(number).image().number(), into, offset),
              scratch);
      for (int i = 0; i < some.size(); i++) {
        places.put(some.get(i).image().sha256(), new Place(pack, i));
      }
      id++;
    }
    if (!places.isEmpty()) {
      core.disk().sync(core.home().pixels());
    }
    return places;
  }

  private DayReport rows(
      Session session,
      Plan plan,
      Map<String, Place> places,
      Optional<String> drift,
      Map<String, Integer> ignored)
      throws SQLException {
    List<String> newClasses = admission.newClasses();
    declare(session, newClasses);
    Map<String, Integer> classes = new HashMap<>();
    session.each("SELECT name, id FROM classes", row -> classes.put(row.text(1), row.integer(2)));
    int train = (int) admission.admitted().stream().filter(a -> a.split() == Split.TRAIN).count();
    Day day =
        new Day(
            before.map(Day::id).orElse(0),
            name,
            plan.revision(),
            digest,
            core.now(),
            source,
            DayState.INGESTED,
            train,
            admission.admitted().size() - train,
            admission.refused().size(),
            Optional.empty(),
            drift);
    int id = upsert(session, day);
    for (PixelPacks.Pack pack :
        places.values().stream()
            .map(Place::pack)
            .distinct()
            .sorted(Comparator.comparing(PixelPacks.Pack::id))
            .toList()) {
      PixelPacks.insert(session, pack);
    }
    Changed changed = images(session, id, plan, places, classes);
    for (Old old : plan.vanished()) {
      session.execute("UPDATE images SET state = 'replaced' WHERE id = ?", old.id());
      if (old.learned().isPresent()) {
        session.execute(
            "INSERT INTO changes VALUES (?, ?, ?, ?, NULL)",
            id,
            plan.revision(),
            old.id(),
            old.learned());
      }
    }
    quarantine(session, id);
    FeedbackDay.settle(session, id, items());
    int added = admission.admitted().size() - keptBefore(plan);
    return report(
        Tables.day(session, name).orElseThrow(),
        true,
        newClasses,
        added,
        plan.vanished().size(),
        changed.relabelled(),
        changed.moved(),
        ignored);
  }

  /** Of all images of the day, those set aside included. */
  private List<Item> items() {
    return Stream.concat(
            admission.admitted().stream().map(Admission.Admitted::image),
            admission.refused().stream().map(Admission.Refused::image))
        .map(Candidate::item)
        .toList();
  }

  private int keptBefore(Plan plan) {
    return (int)
        admission.admitted().stream()
            .map(admitted -> plan.known().get(admitted.image().sha256()))
            .filter(old -> old != null && old.kept())
            .count();
  }

  private void declare(Session session, List<String> names) throws SQLException {
    for (String each : names) {
      session.execute(
          "INSERT INTO classes SELECT coalesce(max(id), -1) + 1, ?, ?, 0 FROM classes",
          each,
          core.now().toString());
    }
  }

  /** How many images have another label, and how many are on the other side. */
  private record Changed(int relabelled, int moved) {}

  /** Writes the rows of images. */
  private Changed images(
      Session session, int day, Plan plan, Map<String, Place> places, Map<String, Integer> classes)
      throws SQLException {
    List<Object[]> images = new ArrayList<>();
    List<Object[]> labels = new ArrayList<>();
    List<Object[]> changes = new ArrayList<>();
    String at = core.now().toString();
    long next = plan.firstImage();
    int relabelled = 0;
    int moved = 0;
    for (Admission.Admitted admitted : admission.admitted()) {
      Candidate image = admitted.image();
      int label = classes.getOrDefault(image.item().label(), -1);
      Optional<Integer> learned =
          admitted.split() == Split.TRAIN ? Optional.of(label) : Optional.empty();
      Old old = plan.known().get(image.sha256());
      if (old == null) {
        Place place = places.get(image.sha256());
        if (place == null) {
          throw new IllegalStateException("an image without pixels: " + image.item().name());
        }
        images.add(row(next, day, admitted, label, place));
        labels.add(new Object[] {next, label, at, WHO, "as received"});
        if (learned.isPresent()) {
          changes.add(new Object[] {day, plan.revision(), next, Optional.empty(), label});
        }
        next++;
        continue;
      }
      session.execute(
          "UPDATE images SET day = ?, name = ?, label = ?, subject = ?, metadata = ?, split = ?,"
              + " state = 'kept' WHERE id = ?",
          day,
          image.item().name(),
          label,
          image.item().subject(),
          Json.text(image.item().metadata()),
          admitted.split().text(),
          old.id());
      if (old.label() != label) {
        labels.add(new Object[] {old.id(), label, at, WHO, "corrected day"});
        relabelled += old.kept() ? 1 : 0;
      }
      moved += old.kept() && old.split() != admitted.split() ? 1 : 0;
      if (!old.learned().equals(learned)) {
        changes.add(new Object[] {day, plan.revision(), old.id(), old.learned(), learned});
      }
    }
    session.executeAll(
        "INSERT INTO images (id, sha256, bytes, day, name, source_class, label, subject, metadata,"
            + " split, dhash, properties, pack, position, crc, state) VALUES (?, ?, ?, ?, ?, ?, ?,"
            + " ?, ?, ?, ?, ?, ?, ?, ?, 'kept')",
        images);
    session.executeAll(
        "INSERT INTO labels (image, label, at, who, why) VALUES (?, ?, ?, ?, ?)", labels);
    session.executeAll("INSERT INTO changes VALUES (?, ?, ?, ?, ?)", changes);
    return new Changed(relabelled, moved);
  }

  private static Object[] row(
      long id, int day, Admission.Admitted admitted, int label, Place place) {
    Candidate image = admitted.image();
    return new Object[] {
      id,
      image.sha256(),
      image.bytes(),
      day,
      image.item().name(),
      label,
      label,
      image.item().subject(),
      Json.text(image.item().metadata()),
      admitted.split().text(),
      image.hash(),
      Json.text(image.properties()),
      place.pack().id(),
      place.position(),
      image.crc()
    };
  }

  private int upsert(Session session, Day day) throws SQLException {
    String counts = Tables.counts(day.train(), day.regression(), day.quarantined());
    if (before.isPresent()) {
      session.execute(
          "UPDATE days SET revision = ?, digest = ?, received_at = ?, source = ?, state = ?, counts"
              + " = ?, refusal = ?, drift = ? WHERE id = ?",
          day.revision(),
          day.digest(),
          day.receivedAt().toString(),
          day.source(),
          day.state().text(),
          counts,
          day.refusal(),
          day.drift(),
          before.get().id());
      return before.get().id();
    }
    session.execute(
        "INSERT INTO days SELECT coalesce(max(id), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM days",
        day.name(),
        day.revision(),
        day.digest(),
        day.receivedAt().toString(),
        day.source(),
        day.state().text(),
        counts,
        day.refusal(),
        day.drift());
    return Tables.day(session, name).orElseThrow().id();
  }

  private void quarantine(Session session, int day) throws SQLException {
    session.execute("DELETE FROM quarantine WHERE day = ?", day);
    List<Object[]> rows = new ArrayList<>();
    for (Admission.Refused refused : admission.refused()) {
      rows.add(
          new Object[] {
            day,
            refused.image().item().name(),
            refused.image().sha256(),
            refused.image().item().label(),
            refused.image().item().subject(),
            refused.reason().text(),
            refused.detail()
          });
    }
    session.executeAll(
        "INSERT INTO quarantine (day, name, sha256, label, subject, reason, detail) VALUES (?, ?, ?,"
            + " ?, ?, ?, ?)",
        rows);
  }

  private DayReport report(
      Day day,
      boolean changed,
      List<String> newClasses,
      int added,
      int replaced,
      int relabelled,
      int moved,
      Map<String, Integer> ignored) {
    SortedMap<String, Integer> train = new TreeMap<>();
    SortedMap<String, Integer> regression = new TreeMap<>();
    if (day.state() != DayState.REFUSED) {
      for (Admission.Admitted admitted : admission.admitted()) {
        (admitted.split() == Split.TRAIN ? train : regression)
            .merge(admitted.image().item().label(), 1, Integer::sum);
      }
    }
    List<Quarantined> quarantine =
        admission.refused().stream()
            .map(
                refused ->
                    new Quarantined(
                        refused.image().item().name(),
                        refused.image().sha256(),
                        refused.reason(),
                        refused.detail()))
            .toList();
    return new DayReport(
        day,
        changed,
        newClasses,
        train,
        regression,
        added,
        replaced,
        relabelled,
        moved,
        quarantine,
        ignored);
  }

  /** Kept images of a day in one split, by class. */
  static SortedMap<String, Integer> counts(Session session, int day, Split split)
      throws SQLException {
    SortedMap<String, Integer> counts = new TreeMap<>();
    session.each(
        "SELECT c.name, count(*) FROM images i JOIN classes c ON c.id = i.label WHERE i.day = ? AND"
            + " i.split = ? AND i.state = 'kept' GROUP BY c.id",
        row -> counts.put(row.text(1), row.integer(2)),
        day,
        split.text());
    return counts;
  }
}
