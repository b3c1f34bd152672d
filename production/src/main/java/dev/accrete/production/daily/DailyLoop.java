package dev.accrete.production.daily;

import dev.accrete.cl.data.DataException;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.production.drift.DriftReport;
import dev.accrete.production.gate.Accuracy;
import dev.accrete.production.gate.Finding;
import dev.accrete.production.gate.Verdict;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.store.Aliases;
import dev.accrete.production.store.Day;
import dev.accrete.production.store.DayCheck;
import dev.accrete.production.store.DayReport;
import dev.accrete.production.store.DayState;
import dev.accrete.production.store.Evaluation;
import dev.accrete.production.store.LeftOut;
import dev.accrete.production.store.Promotion;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.UpdateOptions;
import dev.accrete.production.store.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A day from its images to a model in production: it is taken in, learned into a candidate, the
 * candidate is judged, and promoted if it is blessed. Each of these steps is a transaction of the
 * store, and what is to be done next follows from the store alone; so a process killed at any
 * moment is followed by one that goes on where it stopped, and a day is learned once.
 */
public final class DailyLoop {
  /** Who moves aliases here, in the ledger. */
  public static final String ACTOR = "daily";

  private static final int ATTEMPTS = 3;

  private final Store store;
  private final Backend backend;
  private final Examiner examiner;
  private final DayCheck check;
  private final ProgressListener progress;
  private final SortedMap<Integer, Boolean> judged = new TreeMap<>();

  /**
   * A loop over a store.
   *
   * @param check may refuse a day before anything of it is in the store
   * @param progress hears how far learning is
   */
  public DailyLoop(
      Store store, Backend backend, Examiner examiner, DayCheck check, ProgressListener progress) {
    this.store = store;
    this.backend = backend;
    this.examiner = examiner;
    this.check = check;
    this.progress = progress;
  }

  /**
   * Takes a day through to its end. One that cannot be read has failed, and that is its outcome.
   *
   * @throws AccreteException if a step cannot be done; those before it are done, and the same call
   *     goes on with the next
   */
  public DayOutcome run(Source source, IngestOptions options) {
    settle();
    String name = options.day().orElseGet(source::day);
    Optional<Day> before = store.day(name);
    DayReport report;
    try {
      report = store.ingest(source, options, check, progress);
    } catch (DataException e) {
      return DayOutcome.failed(name, String.valueOf(e.getMessage()));
    }
    Day day = report.day();
    if (day.state() == DayState.REFUSED) {
      boolean again =
          before.isPresent()
              && before.get().state() == DayState.REFUSED
              && before.get().digest().equals(day.digest());
      List<String> why = List.of(day.refusal().orElse("refused"));
      return outcome(report, DayOutcome.Kind.REFUSED, OptionalInt.empty(), why, again);
    }
    if (day.state() == DayState.BLOCKED) {
      return judged(day.name())
          .map(version -> made(report, version))
          .orElseGet(() -> blockedBefore(report));
    }
    return learn()
        .or(() -> judged(day.name()))
        .map(version -> made(report, version))
        .orElseGet(
            () ->
                outcome(
                    report,
                    DayOutcome.Kind.UNCHANGED,
                    OptionalInt.empty(),
                    List.of(),
                    !report.changed()));
  }

  /** Learns what came in, and judges it; again where somebody moved the champion meanwhile. */
  private Optional<Version> learn() {
    for (int i = 0; i < ATTEMPTS; i++) {
      Optional<Version> made = store.update(backend, UpdateOptions.by(ACTOR), progress);
      if (made.isEmpty() || judge(made.get().id())) {
        return made;
      }
    }
    throw moved();
  }

  private static AccreteException moved() {
    return new AccreteException(
        "somebody moved the champion "
            + ATTEMPTS
            + " times while a day was judged against it; the day is judged again next time");
  }

  /** What this loop made of a day, and judged. */
  private Optional<Version> judged(String day) {
    return judged.keySet().stream()
        .map(store::version)
        .filter(version -> learned(version).contains(day))
        .reduce((_, last) -> last);
  }

  /** Days that a version knows and its parent did not, or otherwise. */
  private List<String> learned(Version version) {
    Set<String> known =
        version.fresh() && version.parent().isPresent()
            ? store.days(version.parent().getAsInt())
            : Set.of();
    return version.days().stream().filter(day -> !known.contains(day)).toList();
  }

  private DayOutcome made(DayReport report, Version version) {
    boolean blessed = isBlessed(version.id());
    List<String> learned = learned(version);
    DayOutcome outcome =
        outcome(
            report,
            blessed ? DayOutcome.Kind.PROMOTED : DayOutcome.Kind.BLOCKED,
            OptionalInt.of(version.id()),
            blessed ? List.of() : texts(version.id(), Finding::failed),
            false);
    return outcome.made(
        learned.stream().filter(day -> !day.equals(report.day().name())).toList(),
        store.leftOut().stream().filter(day -> !learned.contains(day.day())).toList(),
        lastOf(version.id()).flatMap(Accuracy::of),
        texts(version.id(), Finding::warns));
  }

  private DayOutcome blockedBefore(DayReport report) {
    OptionalInt version = madeOf(report.day().name());
    List<String> reasons = new ArrayList<>();
    String why =
        store.leftOut().stream()
            .filter(left -> left.day().equals(report.day().name()))
            .map(LeftOut::why)
            .findFirst()
            .orElse("not blessed");
    reasons.add(why + ", left out since; accrete update --with-blocked learns it again");
    version.ifPresent(id -> reasons.addAll(texts(id, Finding::failed)));
    return outcome(report, DayOutcome.Kind.BLOCKED, version, reasons, true);
  }

  /**
   * Lets a fresh learner learn everything that is kept, and judges it like any candidate.
   *
   * @return whether it is in production now; false also if nothing is kept, or nothing new came
   *     since the last time
   */
  public boolean retrain() {
    settle();
    return store
        .retrain(backend, true, UpdateOptions.by(ACTOR), progress)
        .map(version -> judge(version.id()) && isBlessed(version.id()))
        .orElse(false);
  }

  /**
   * Ends what an interrupted process began: a candidate that was not judged, or was blessed and not
   * promoted.
   *
   * @return the candidate's number if there was something to end
   */
  public OptionalInt settle() {
    Aliases aliases = store.aliases();
    OptionalInt candidate = aliases.candidate();
    if (candidate.isEmpty() || candidate.equals(aliases.champion())) {
      return OptionalInt.empty();
    }
    int version = candidate.getAsInt();
    Optional<Evaluation> last = lastOf(version);
    boolean stale = last.isPresent() && !last.get().champion().equals(store.aliases().champion());
    if (last.isPresent() && !stale && !last.get().blessed()) {
      return OptionalInt.empty();
    }
    if (last.isPresent() && !stale) {
      store.promote(version, Promotion.by(ACTOR));
      judged.put(version, true);
    } else {
      judge(version);
    }
    return OptionalInt.of(version);
  }

  /** Whether what was found still holds: somebody may have moved the champion meanwhile. */
  private boolean judge(int version) {
    OptionalInt champion = store.aliases().champion();
    Verdict verdict = examiner.examine(store, version);
    if (!store.aliases().champion().equals(champion)) {
      return false;
    }
    if (verdict.blessed()) {
      store.promote(version, Promotion.by(ACTOR));
    }
    judged.put(version, verdict.blessed());
    return true;
  }

  private boolean isBlessed(int version) {
    return judged.getOrDefault(version, false);
  }

  private Optional<Evaluation> lastOf(int version) {
    return store.evaluations(version).stream().findFirst();
  }

  private List<String> texts(int version, Predicate<Finding> which) {
    return lastOf(version)
        .map(evaluation -> Verdict.findingsOfJson(evaluation.reasons()))
        .orElse(List.of())
        .stream()
        .filter(which)
        .map(Finding::text)
        .toList();
  }

  private OptionalInt madeOf(String day) {
    return store.versions().stream()
        .filter(version -> version.days().contains(day))
        .mapToInt(Version::id)
        .max();
  }

  private static DayOutcome outcome(
      DayReport report,
      DayOutcome.Kind kind,
      OptionalInt version,
      List<String> reasons,
      boolean over) {
    return new DayOutcome(
        report.day().name(),
        kind,
        report.train().values().stream().mapToInt(Integer::intValue).sum(),
        report.regression().values().stream().mapToInt(Integer::intValue).sum(),
        report.reasons(),
        report.newClasses(),
        version,
        reasons,
        kind == DayOutcome.Kind.REFUSED ? List.of() : warnings(report),
        List.of(),
        List.of(),
        Optional.empty(),
        over);
  }

  /** How a day that came in now differs from those before. */
  private static List<String> warnings(DayReport report) {
    return report
        .day()
        .drift()
        .filter(_ -> report.changed())
        .map(drift -> DriftReport.ofJson(drift).reasons())
        .orElse(List.of());
  }
}
