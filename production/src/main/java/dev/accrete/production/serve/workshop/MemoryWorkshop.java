package dev.accrete.production.serve.workshop;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.Model;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Versions, answers and labels in memory, for as long as the process lives: for tests, for
 * measuring, and for programs that keep models elsewhere. Keeps the last answers only.
 */
public final class MemoryWorkshop implements Workshop {
  private static final int MOST_ANSWERS = 100_000;

  /** Learns; a workshop without one refuses to be taught. */
  @FunctionalInterface
  public interface Teacher {
    /**
     * The model that knows the lessons too.
     *
     * @param base the version to go on from; empty if there is none
     * @param next the number that the result will have
     * @param rejected receives images that cannot be used
     * @throws AccreteException if nothing can be learned
     */
    Model teach(OptionalInt base, int next, List<Lesson> lessons, List<Taught.Rejected> rejected);
  }

  private record Kept(Version version, Model model) {}

  private final String name;
  private final Optional<Teacher> teacher;
  private final List<Kept> versions = new ArrayList<>();
  private final List<Movement> ledger = new ArrayList<>();
  private final Map<String, Answer> answers = new LinkedHashMap<>();
  private final Map<String, Label> labels = new LinkedHashMap<>();
  private final List<SecondOpinion> opinions = new ArrayList<>();
  private final Object teaching = new Object();
  private Aliases aliases = Aliases.NONE;

  /** An empty one that cannot be taught. */
  public MemoryWorkshop(String name) {
    this(name, Optional.empty());
  }

  /** An empty one. */
  public MemoryWorkshop(String name, Teacher teacher) {
    this(name, Optional.of(teacher));
  }

  private MemoryWorkshop(String name, Optional<Teacher> teacher) {
    this.name = name;
    this.teacher = teacher;
  }

  /** Takes a model in as the candidate; returns its number. */
  public synchronized int add(Model model, String origin, Map<String, Double> figures) {
    int number = versions.size() + 1;
    Version version =
        new Version(
            number,
            aliases.champion(),
            Instant.now(),
            origin,
            model.digest(),
            model.classes(),
            "",
            true,
            figures);
    versions.add(new Kept(version, model));
    move("candidate", aliases.candidate(), OptionalInt.of(number), origin, "memory");
    aliases = new Aliases(aliases.champion(), OptionalInt.of(number), aliases.previous());
    return number;
  }

  private void move(String alias, OptionalInt from, OptionalInt to, String reason, String by) {
    ledger.add(new Movement(ledger.size() + 1L, Instant.now(), alias, from, to, reason, by));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized Aliases aliases() {
    return aliases;
  }

  private Kept kept(int version) {
    if (version < 1 || version > versions.size()) {
      throw new AccreteException(
          "there is no version " + version + "; there are 1 to " + versions.size());
    }
    return versions.get(version - 1);
  }

  @Override
  public synchronized Model model(int version) {
    return kept(version).model();
  }

  @Override
  public synchronized List<Version> versions() {
    return versions.reversed().stream().map(Kept::version).toList();
  }

  @Override
  public synchronized List<Movement> ledger(int most) {
    return List.copyOf(ledger.reversed().subList(0, Math.min(most, ledger.size())));
  }

  @Override
  public synchronized void record(List<Answer> given) {
    given.forEach(answer -> answers.put(answer.id(), answer));
    Iterator<String> oldest = answers.keySet().iterator();
    for (int i = answers.size(); i > MOST_ANSWERS; i--) {
      oldest.next();
      oldest.remove();
    }
  }

  @Override
  public synchronized void recordSecond(List<SecondOpinion> given) {
    opinions.addAll(given);
    if (opinions.size() > MOST_ANSWERS) {
      opinions.subList(0, opinions.size() - MOST_ANSWERS).clear();
    }
  }

  @Override
  public synchronized List<FeedbackOutcome> feedback(List<Label> given, String by) {
    List<FeedbackOutcome> outcomes = new ArrayList<>();
    for (Label label : given) {
      Answer answer = answers.get(label.id());
      if (answer == null) {
        outcomes.add(FeedbackOutcome.refused(label, "no answer of this id is known"));
      } else {
        labels.put(label.id(), label);
        outcomes.add(FeedbackOutcome.kept(label, answer.label()));
      }
    }
    return outcomes;
  }

  @Override
  public Taught teach(List<Lesson> lessons, String by) {
    Teacher able =
        teacher.orElseThrow(
            () ->
                new UnsupportedWorkException(
                    name + " cannot be taught here: serve a store (accrete serve STORE)"));
    synchronized (teaching) {
      OptionalInt base = aliases().champion();
      Set<String> known =
          base.isPresent() ? new HashSet<>(model(base.getAsInt()).classes()) : Set.of();
      List<Taught.Rejected> rejected = new ArrayList<>();
      Model model = able.teach(base, versions().size() + 1, lessons, rejected);
      int images = lessons.stream().mapToInt(lesson -> lesson.images().size()).sum();
      synchronized (this) {
        int number = add(model, "taught " + images + " images", Map.of());
        champion(number, "taught", by);
        return new Taught(
            number,
            images - rejected.size(),
            model.classes().stream().filter(label -> !known.contains(label)).toList(),
            rejected);
      }
    }
  }

  @Override
  public synchronized Aliases promote(
      OptionalInt version, boolean force, String reason, String by) {
    int number =
        (version.isPresent() ? version : aliases.candidate())
            .orElseThrow(
                () -> new AccreteException("there is no candidate to promote: name a version"));
    Kept next = kept(number);
    OptionalInt champion = aliases.champion();
    if (champion.isPresent()) {
      Kept now = kept(champion.getAsInt());
      if (now.version().digest().equals(next.version().digest())) {
        throw new AccreteException(
            "version "
                + number
                + " is the same model as the champion, version "
                + champion.getAsInt()
                + ": there is nothing to promote");
      }
    }
    champion(number, reason, by);
    return aliases;
  }

  @Override
  public synchronized Aliases rollback(OptionalInt version, String reason, String by) {
    int number =
        (version.isPresent() ? version : aliases.previous())
            .orElseThrow(
                () ->
                    new AccreteException(
                        "there was no champion before: name the version to go back to"));
    kept(number);
    if (aliases.champion().equals(OptionalInt.of(number))) {
      throw new AccreteException("version " + number + " is the champion already");
    }
    champion(number, reason, by);
    return aliases;
  }

  private void champion(int number, String reason, String by) {
    OptionalInt old = aliases.champion();
    OptionalInt next = OptionalInt.of(number);
    move("champion", old, next, reason, by);
    OptionalInt candidate =
        aliases.candidate().equals(next) ? OptionalInt.empty() : aliases.candidate();
    aliases = new Aliases(next, candidate, old);
  }

  @Override
  public synchronized Forgotten forget(String subject, String by) {
    int before = answers.size();
    List<String> ids =
        answers.values().stream()
            .filter(answer -> answer.subject().equals(Optional.of(subject)))
            .map(Answer::id)
            .toList();
    ids.forEach(answers::remove);
    ids.forEach(labels::remove);
    int removed = before - answers.size();
    return new Forgotten(
        subject,
        0,
        removed,
        OptionalInt.empty(),
        removed == 0 ? "" : removed + " answers removed at " + Instant.now());
  }

  @Override
  public synchronized void note(Note note) {
    OptionalInt version = OptionalInt.of(note.version());
    ledger.add(
        new Movement(
            ledger.size() + 1L, note.at(), note.about(), version, version, note.text(), "server"));
  }

  /** The answers that are still kept, the oldest first. */
  public synchronized List<Answer> answers() {
    return List.copyOf(answers.values());
  }

  /** The labels that came for them. */
  public synchronized List<Label> labels() {
    return List.copyOf(labels.values());
  }

  /** What other versions would have answered, the oldest first. */
  public synchronized List<SecondOpinion> opinions() {
    return List.copyOf(opinions);
  }

  @Override
  public void close() {
    // Nothing is held but memory.
  }
}
