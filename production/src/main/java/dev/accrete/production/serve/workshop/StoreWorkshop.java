package dev.accrete.production.serve.workshop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.production.gate.Accuracy;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.ingest.Split;
import dev.accrete.production.store.DayReport;
import dev.accrete.production.store.Evaluation;
import dev.accrete.production.store.Feedback;
import dev.accrete.production.store.ForgetReport;
import dev.accrete.production.store.ForgetRequest;
import dev.accrete.production.store.Kept;
import dev.accrete.production.store.PredictionRecord;
import dev.accrete.production.store.Promotion;
import dev.accrete.production.store.ShadowRecord;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.UpdateOptions;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A store. Lessons come in as days of their own, are learned alone on top of the champion, and go
 * into production at once, by force and with their reason in the ledger: whoever teaches wants to
 * see it. The evening's update then goes on from there and is judged as always.
 */
public final class StoreWorkshop implements Workshop {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NOTES = 1_000;
  private static final int ATTEMPTS = 3;
  private static final Duration TIDY = Duration.ofHours(1);

  private final Store store;
  private final Backend backend;
  private final String name;
  private final Clock clock;
  private final Duration keep;
  private final Deque<Note> notes = new ArrayDeque<>();
  private Instant tidied = Instant.MIN;

  /**
   * A store that is open; it is closed with this.
   *
   * @param backend learns; it stays open
   * @param keep how long images are kept with their answers unless a label comes for them
   */
  public StoreWorkshop(Store store, Backend backend, Duration keep, Clock clock) {
    this.store = store;
    this.backend = backend;
    this.keep = keep;
    this.clock = clock;
    name = name(String.valueOf(store.folder().toAbsolutePath().normalize().getFileName()));
  }

  private static String name(String folder) {
    String plain = folder.replaceAll("[^A-Za-z0-9._-]+", "-");
    return plain.isEmpty() || plain.equals("-") ? "store" : plain;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Aliases aliases() {
    return of(store.aliases());
  }

  private static Aliases of(dev.accrete.production.store.Aliases aliases) {
    return new Aliases(aliases.champion(), aliases.candidate(), aliases.previous());
  }

  @Override
  public Model model(int version) {
    return store.model(version);
  }

  @Override
  public List<Version> versions() {
    return store.versions().reversed().stream().map(this::version).toList();
  }

  private Version version(dev.accrete.production.store.Version version) {
    Optional<Evaluation> evaluation = store.evaluations(version.id()).stream().findFirst();
    Map<String, Double> figures = new LinkedHashMap<>();
    evaluation.flatMap(Accuracy::of).ifPresent(found -> figures.put("accuracy", found.value()));
    figures.put("images", (double) version.images());
    figures.put("seconds", version.cost().seconds());
    return new Version(
        version.id(),
        version.parent(),
        version.createdAt(),
        version.kind().name().toLowerCase(Locale.ROOT) + days(version.days()),
        version.modelDigest(),
        version.classes(),
        evaluation.map(found -> found.blessed() ? "blessed" : "not blessed").orElse(""),
        version.model() == Kept.KEPT,
        figures);
  }

  private static String days(List<String> days) {
    if (days.isEmpty()) {
      return "";
    }
    return days.size() == 1 ? ": " + days.getFirst() : ": " + days.size() + " days";
  }

  @Override
  public List<Movement> ledger(int most) {
    List<Movement> movements = new ArrayList<>();
    store
        .ledger()
        .forEach(
            entry ->
                movements.add(
                    new Movement(
                        entry.id(),
                        entry.at(),
                        entry.alias().name().toLowerCase(Locale.ROOT),
                        entry.from(),
                        entry.to(),
                        entry.action()
                            + (entry.forced() ? " by force" : "")
                            + (entry.reason().isEmpty() ? "" : ": " + entry.reason()),
                        entry.actor())));
    synchronized (notes) {
      for (Note note : notes) {
        OptionalInt version = OptionalInt.of(note.version());
        movements.add(
            new Movement(0, note.at(), note.about(), version, version, note.text(), "server"));
      }
    }
    movements.sort((x, y) -> y.at().compareTo(x.at()));
    return List.copyOf(movements.subList(0, Math.min(most, movements.size())));
  }

  @Override
  public void record(List<Answer> answers) {
    List<byte[]> contents = new ArrayList<>();
    answers.forEach(answer -> answer.content().ifPresent(contents::add));
    List<String> digests = contents.isEmpty() ? List.of() : store.keepImages(contents);
    List<PredictionRecord> records = new ArrayList<>();
    int next = 0;
    for (Answer answer : answers) {
      Optional<String> image = Optional.empty();
      if (answer.content().isPresent()) {
        image = Optional.of(digests.get(next++));
      }
      Map<String, Object> detail = new LinkedHashMap<>();
      detail.put("name", answer.image());
      detail.put("second", answer.second());
      answer.subject().ifPresent(subject -> detail.put("subject", Item.spelled(subject)));
      records.add(
          new PredictionRecord(
              answer.id(),
              answer.at(),
              answer.version(),
              image,
              answer.label(),
              answer.probability(),
              json(detail)));
    }
    store.recordPredictions(records);
    tidy();
  }

  private synchronized void tidy() {
    Instant now = clock.instant();
    if (tidied.isBefore(now.minus(TIDY))) {
      tidied = now;
      store.releaseImages(now.minus(keep));
    }
  }

  private static String json(Map<String, Object> detail) {
    try {
      return JSON.writeValueAsString(detail);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer that JSON cannot hold: " + detail, e);
    }
  }

  @Override
  public void recordSecond(List<SecondOpinion> opinions) {
    store.recordShadows(
        opinions.stream()
            .map(
                opinion ->
                    new ShadowRecord(
                        opinion.id(), opinion.version(), opinion.label(), opinion.probability()))
            .toList());
  }

  @Override
  public List<FeedbackOutcome> feedback(List<Label> labels, String by) {
    Instant now = clock.instant();
    List<Optional<String>> answered =
        store.recordFeedback(
            labels.stream()
                .map(label -> new Feedback(label.id(), label.label(), now, by))
                .toList());
    List<FeedbackOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      Label label = labels.get(i);
      outcomes.add(
          answered
              .get(i)
              .map(answer -> FeedbackOutcome.kept(label, answer))
              .orElseGet(() -> FeedbackOutcome.refused(label, "no answer of this id is known")));
    }
    return outcomes;
  }

  @Override
  public Taught teach(List<Lesson> lessons, String by) {
    Teaching teaching = new Teaching(store, backend, UpdateOptions.by(by), ProgressListener.NONE);
    DayReport report = teaching.takeIn(Source.of(Teaching.day(clock), items(lessons)));
    int version = learn(teaching, report);
    String classes = String.join(", ", lessons.stream().map(Lesson::label).distinct().toList());
    store.promote(version, Promotion.by(by).because("taught " + classes).forced());
    return new Taught(
        version,
        report.day().train() + report.day().regression(),
        report.newClasses(),
        report.quarantine().stream()
            .map(image -> new Taught.Rejected(image.name(), Teaching.reason(image)))
            .toList());
  }

  /** On top of whatever is in production now: it may have been rolled back meanwhile. */
  private int learn(Teaching teaching, DayReport report) {
    for (int i = 0; i < ATTEMPTS; i++) {
      dev.accrete.production.store.Version made = teaching.learn(report);
      if (made.parent().equals(store.aliases().champion())) {
        return made.id();
      }
    }
    throw new AccreteException(
        "others moved the champion while this was learned; the next update learns it");
  }

  /** Unique names, and never for the regression set: so few images are all wanted. */
  private static List<Item> items(List<Lesson> lessons) {
    List<Item> items = new ArrayList<>();
    for (Lesson lesson : lessons) {
      for (Upload upload : lesson.images()) {
        items.add(
            new Item(
                items.size() + "/" + upload.name(),
                lesson.label(),
                lesson.subject(),
                Map.of(),
                Optional.of(Split.TRAIN),
                () -> read(upload)));
      }
    }
    return items;
  }

  private static byte[] read(Upload upload) throws IOException {
    try {
      return upload.read();
    } catch (AccreteException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public Aliases promote(OptionalInt version, boolean force, String reason, String by) {
    int number =
        (version.isPresent() ? version : store.aliases().candidate())
            .orElseThrow(
                () -> new AccreteException("there is no candidate to promote: name a version"));
    return of(store.promote(number, new Promotion(by, reason, force)));
  }

  @Override
  public Aliases rollback(OptionalInt version, String reason, String by) {
    return of(store.rollback(version, by, reason));
  }

  /** All of it in one transaction: whoever is refused asks again. */
  @Override
  public Forgotten forget(String subject, String by) {
    if (!store.knowsSubject(subject)) {
      return new Forgotten(subject, 0, 0, OptionalInt.empty(), "");
    }
    ForgetReport report =
        store.forget(
            new ForgetRequest(
                ForgetRequest.What.SUBJECT, subject, by, "asked for through the server"),
            backend,
            plan -> {},
            ProgressListener.NONE);
    return new Forgotten(
        subject,
        report.images(),
        report.answers(),
        report.version().map(version -> OptionalInt.of(version.id())).orElse(OptionalInt.empty()),
        report.tombstone().certificate());
  }

  /** For as long as the server runs; the ledger itself is of aliases alone. */
  @Override
  public void note(Note note) {
    synchronized (notes) {
      notes.add(note);
      if (notes.size() > NOTES) {
        notes.removeFirst();
      }
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
