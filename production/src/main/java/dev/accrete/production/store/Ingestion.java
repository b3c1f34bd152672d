package dev.accrete.production.store;

import dev.accrete.cl.data.DataException;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Listing;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.ingest.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes a day in: looks at every image, decides, and makes it durable as a whole or not at all. */
final class Ingestion {
  private static final int LONGEST_NAME = 200;

  private final Core core;
  private final IngestOptions options;
  private final DayCheck check;
  private final ProgressListener progress;

  Ingestion(Core core, IngestOptions options, DayCheck check, ProgressListener progress) {
    this.core = core;
    this.options = options;
    this.check = check;
    this.progress = progress;
  }

  /** What the store knew before. */
  private record Before(
      Optional<Day> day, Set<String> declared, Set<String> forgotten, Known known) {}

  DayReport ingest(Source source) {
    String name = options.day().orElseGet(source::day);
    checkName("day", name, "");
    return core.exclusively(
        "take in " + source.description(),
        scratch -> {
          try (Listing listing = source.open()) {
            return ingest(name, source, listing, scratch);
          }
        });
  }

  private DayReport ingest(String name, Source source, Listing listing, Path scratch)
      throws IOException {
    List<Item> items = listing.items();
    if (items.isEmpty()) {
      throw new DataException(
          source.description() + " holds no image: there is nothing to take in");
    }
    items.forEach(item -> checkName("class", item.label(), " (of " + item.name() + ")"));
    Inspection inspection = new Inspection(items, core.learner().imageSize(), progress);
    List<Candidate> read = inspection.read();
    String digest = Inspection.digest(read);
    Optional<Day> there = core.database().read(session -> Tables.day(session, name));
    boolean feedback = source instanceof FeedbackDay;
    if (there.isPresent()
        && isSame(there.get(), digest, inspection, read, scratch)
        && !(feedback && core.database().read(s -> FeedbackDay.isMended(s, there.get())))) {
      return unchanged(there.get(), listing);
    }
    try (Spool pixels =
        new Spool(scratch.resolve("pixels"), Inspection.bytes(core.learner().imageSize()))) {
      List<Candidate> decoded = inspection.decode(read, pixels);
      Before before = before(there, decoded);
      Admission admission = admission(decoded, before, pixels);
      DayWriter writer =
          new DayWriter(core, name, digest, source.description(), before.day(), admission);
      // Labels come one by one: no share of them tells of a delivery that went wrong.
      Optional<String> refusal = feedback ? Optional.empty() : admission.refusal();
      if (refusal.isPresent()) {
        return writer.refuse(refusal.get(), Optional.empty(), listing.ignored());
      }
      DayCheck.Finding finding = checked(incoming(name, before, admission, pixels));
      finding.drift().ifPresent(drift -> Json.require(drift, "a drift"));
      return finding.refusal().isPresent()
          ? writer.refuse(finding.refusal().get(), finding.drift(), listing.ignored())
          : writer.write(pixels, scratch, finding, listing.ignored());
    }
  }

  /** Data that are damaged here are the store's: the day's own have been read by now. */
  private DayCheck.Finding checked(IncomingImages day) {
    try {
      return check.check(day);
    } catch (DataException e) {
      throw new AccreteException(String.valueOf(e.getMessage()), e);
    }
  }

  private IncomingImages incoming(String name, Before before, Admission admission, Spool pixels) {
    List<String> classes = new ArrayList<>(before.declared());
    classes.addAll(admission.newClasses());
    return new IncomingImages(
        name, core.learner().imageSize(), classes, admission.admitted(), pixels);
  }

  private Admission admission(List<Candidate> images, Before before, Spool pixels)
      throws IOException {
    Admission admission =
        new Admission(
            core.limits(), options, before.declared(), before.forgotten(), before.known(), pixels);
    admission.decide(images);
    return admission;
  }

  /** A day that was refused is looked at again: limits and classes may be others today. */
  private boolean isSame(
      Day day, String digest, Inspection inspection, List<Candidate> read, Path scratch)
      throws IOException {
    return day.digest().equals(digest)
        && day.state() != DayState.REFUSED
        && core.database().read(session -> Tables.isCounted(session, day))
        && !isMended(day, inspection, read, scratch);
  }

  /** Whether one of the images that are not in would come in today. */
  private boolean isMended(Day day, Inspection inspection, List<Candidate> read, Path scratch)
      throws IOException {
    Set<String> in =
        core.database()
            .read(
                session ->
                    new HashSet<>(
                        session.all(
                            "SELECT sha256 FROM images WHERE day = ? AND state = 'kept'",
                            row -> row.text(1),
                            day.id())));
    List<Candidate> out = read.stream().filter(image -> !in.contains(image.sha256())).toList();
    if (out.isEmpty()) {
      return false;
    }
    try (Spool pixels =
        new Spool(scratch.resolve("set-aside"), Inspection.bytes(core.learner().imageSize()))) {
      List<Candidate> decoded = inspection.decode(out, pixels);
      return !admission(decoded, before(Optional.empty(), decoded), pixels).admitted().isEmpty();
    }
  }

  private DayReport unchanged(Day day, Listing listing) {
    return core.database()
        .read(
            session -> {
              return new DayReport(
                  day,
                  false,
                  List.of(),
                  DayWriter.counts(session, day.id(), Split.TRAIN),
                  DayWriter.counts(session, day.id(), Split.REGRESSION),
                  0,
                  0,
                  0,
                  0,
                  Tables.quarantine(session, day.id()),
                  listing.ignored());
            });
  }

  /** What there is beside a day that may be taken in again. */
  private Before before(Optional<Day> day, List<Candidate> images) {
    return core.database()
        .read(
            session -> {
              Set<String> declared =
                  new LinkedHashSet<>(
                      session.all(
                          "SELECT name FROM classes WHERE NOT forgotten ORDER BY id",
                          row -> row.text(1)));
              Set<String> marks =
                  new HashSet<>(session.all("SELECT mark FROM forgotten", row -> row.text(1)));
              Set<String> forgotten = new HashSet<>();
              if (!marks.isEmpty()) {
                String salt = Meta.salt(session);
                for (Candidate image : images) {
                  if (marks.contains(Meta.mark(salt, image.sha256()))) {
                    forgotten.add(image.sha256());
                  }
                }
              }
              return new Before(day, declared, forgotten, Known.of(core, session, day));
            });
  }

  /** Why nothing can be called so; empty if it can. */
  static List<String> problems(String name) {
    List<String> problems = new ArrayList<>();
    if (name.isBlank()) {
      problems.add("is blank");
    }
    if (name.length() > LONGEST_NAME) {
      problems.add("has more than " + LONGEST_NAME + " characters");
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      problems.add("holds control characters");
    }
    return problems;
  }

  private static void checkName(String what, String name, String where) {
    List<String> problems = problems(name);
    if (!problems.isEmpty()) {
      throw new DataException(
          "the name of a "
              + what
              + " "
              + String.join(" and ", problems)
              + ": '"
              + name.substring(0, Math.min(name.length(), 40))
              + "'"
              + where
              + "; give it another");
    }
  }
}
