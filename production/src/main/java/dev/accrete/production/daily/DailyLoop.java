package dev.accrete.production.daily;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.production.drift.DriftReport;
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
import dev.accrete.production.store.Promotion;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.UpdateOptions;
import dev.accrete.production.store.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A day from its images to a model in production: it is taken in, learned into a candidate, the
 * candidate is judged, and promoted if it is blessed. Each of these steps is a transaction of the
 * store, and what is to be done next follows from the store alone; so a process killed at any
 * moment is followed by one that goes on where it stopped, and a day is learned once.
 */
public final class DailyLoop {
  /** Who moves aliases here, in the ledger. */
  public static final String ACTOR = "daily";

  private final Store store;
  private final Backend backend;
  private final Examiner examiner;
  private final DayCheck check;
  private final ProgressListener progress;

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
   * Takes a day through to its end.
   *
   * @throws AccreteException if a step cannot be done; those before it are done, and the same call
   *     goes on with the next
   */
  public DayOutcome run(Source source, IngestOptions options) {
    settle();
    DayReport report = store.ingest(source, options, check, progress);
    Day day = report.day();
    if (day.state() == DayState.REFUSED) {
      return outcome(
          report,
          DayOutcome.Kind.REFUSED,
          OptionalInt.empty(),
          List.of(day.refusal().orElse("refused")));
    }
    if (day.state() == DayState.BLOCKED) {
      return outcome(report, DayOutcome.Kind.BLOCKED, madeOf(day.name()), reasons(day.name()));
    }
    Optional<Version> made = store.update(backend, UpdateOptions.by(ACTOR), progress);
    if (made.isEmpty()) {
      return outcome(report, DayOutcome.Kind.UNCHANGED, OptionalInt.empty(), List.of());
    }
    int version = made.get().id();
    boolean promoted = judge(version);
    return outcome(
        report,
        promoted ? DayOutcome.Kind.PROMOTED : DayOutcome.Kind.BLOCKED,
        OptionalInt.of(version),
        promoted ? List.of() : reasons(version));
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
        .map(version -> judge(version.id()))
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
    Optional<Evaluation> last = store.evaluations(version).stream().findFirst();
    boolean stale = last.isPresent() && !last.get().champion().equals(store.aliases().champion());
    if (last.isPresent() && !stale && !last.get().blessed()) {
      return OptionalInt.empty();
    }
    if (last.isPresent() && !stale) {
      store.promote(version, Promotion.by(ACTOR));
    } else {
      judge(version);
    }
    return OptionalInt.of(version);
  }

  private boolean judge(int version) {
    Verdict verdict = examiner.examine(store, version);
    if (verdict.blessed()) {
      store.promote(version, Promotion.by(ACTOR));
    }
    return verdict.blessed();
  }

  private List<String> reasons(int version) {
    return store.evaluations(version).stream()
        .findFirst()
        .map(evaluation -> Verdict.findingsOfJson(evaluation.reasons()))
        .orElse(List.of())
        .stream()
        .filter(Finding::failed)
        .map(Finding::text)
        .toList();
  }

  private List<String> reasons(String day) {
    OptionalInt version = madeOf(day);
    List<String> reasons = new ArrayList<>();
    reasons.add("it was blocked before; accrete update --with-blocked learns it again");
    version.ifPresent(id -> reasons.addAll(reasons(id)));
    return reasons;
  }

  private OptionalInt madeOf(String day) {
    return store.versions().stream()
        .filter(version -> version.days().contains(day))
        .mapToInt(Version::id)
        .max();
  }

  private static DayOutcome outcome(
      DayReport report, DayOutcome.Kind kind, OptionalInt version, List<String> reasons) {
    return new DayOutcome(
        report.day().name(),
        kind,
        report.train().values().stream().mapToInt(Integer::intValue).sum(),
        report.regression().values().stream().mapToInt(Integer::intValue).sum(),
        report.reasons(),
        report.newClasses(),
        version,
        reasons,
        kind == DayOutcome.Kind.REFUSED ? List.of() : warnings(report));
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
