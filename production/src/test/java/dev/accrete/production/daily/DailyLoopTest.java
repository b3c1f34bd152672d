package dev.accrete.production.daily;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Backend;
import dev.accrete.production.drift.DriftMonitor;
import dev.accrete.production.gate.Contender;
import dev.accrete.production.gate.Finding;
import dev.accrete.production.gate.Flips;
import dev.accrete.production.gate.Verdict;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Reason;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.store.Alias;
import dev.accrete.production.store.Aliases;
import dev.accrete.production.store.DayCheck;
import dev.accrete.production.store.Evaluation;
import dev.accrete.production.store.Promotion;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.TestImages;
import dev.accrete.production.store.Version;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DailyLoopTest {
  private static final IngestOptions OPEN = IngestOptions.defaults().withNewClasses();

  @TempDir private Path folder;
  private final Backend backend = TestImages.backend();
  private final Set<Integer> bad = new HashSet<>();
  private Store store;

  @BeforeEach
  void make() {
    store = Store.init(folder.resolve("shop"), TestImages.config("slda"));
  }

  @AfterEach
  void close() {
    store.close();
    backend.close();
  }

  /** Blesses all but the bad. */
  private Verdict examine(Store where, int candidate) {
    Version version = where.version(candidate);
    OptionalInt champion = where.aliases().champion();
    boolean good = !bad.contains(candidate);
    Verdict verdict =
        new Verdict(
            Verdict.FORMAT,
            good ? Verdict.Outcome.BLESSED : Verdict.Outcome.NOT_BLESSED,
            new Contender("" + candidate, version.modelDigest(), Set.of()),
            Optional.empty(),
            "",
            new Verdict.Images(1, 1, 1),
            new Flips(0, 0, List.of(), List.of()),
            good
                ? List.of()
                : List.of(
                    new Finding(
                        Finding.Kind.VALUE,
                        Finding.Status.FAILED,
                        "",
                        "",
                        0,
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        Optional.empty(),
                        "it is one of the bad")),
            List.of(),
            List.of());
    where.recordEvaluation(
        new Evaluation(0, candidate, champion, Instant.now(), good, verdict.findingsJson(), "{}"));
    return verdict;
  }

  private DailyLoop loop(Examiner examiner) {
    return loop(examiner, DayCheck.NONE);
  }

  private DailyLoop loop(Examiner examiner, DayCheck check) {
    return new DailyLoop(store, backend, examiner, check, ProgressListener.NONE);
  }

  private DayOutcome play(String day, int from, int to, String... labels) {
    return loop(this::examine).run(TestImages.day(day, from, to, labels), OPEN);
  }

  @Test
  void aDayGoesIntoProductionOnce() {
    DayOutcome monday = play("monday", 0, 20, "cat", "dog");
    assertThat(monday.kind()).isEqualTo(DayOutcome.Kind.PROMOTED);
    assertThat(monday.newClasses()).containsExactly("cat", "dog");
    assertThat(monday.images() + monday.heldOut()).isEqualTo(40);
    assertThat(store.aliases().champion()).hasValue(1);

    assertThat(play("monday", 0, 20, "cat", "dog").kind()).isEqualTo(DayOutcome.Kind.UNCHANGED);
    assertThat(store.versions()).hasSize(1);

    assertThat(play("tuesday", 20, 30, "cat", "eel").version()).hasValue(2);
    assertThat(store.aliases().champion()).hasValue(2);
  }

  @Test
  void aBlockedDayLeavesTheChampionAndTheNextDayGoesOnWithoutIt() {
    play("monday", 0, 20, "cat", "dog");
    bad.add(2);
    DayOutcome tuesday = play("tuesday", 20, 30, "cat", "dog");
    assertThat(tuesday.kind()).isEqualTo(DayOutcome.Kind.BLOCKED);
    assertThat(tuesday.reasons()).containsExactly("it is one of the bad");
    assertThat(tuesday.line()).contains("tuesday: blocked").contains("it is one of the bad");
    assertThat(store.aliases().champion()).hasValue(1);

    DayOutcome mistaken =
        loop(this::examine)
            .run(TestImages.day("tuesday too", 40, 42, "cat", "fox"), IngestOptions.defaults());
    assertThat(mistaken.quarantined()).containsEntry(Reason.UNKNOWN_CLASS, 2);
    assertThat(mistaken.line()).contains("2 set aside (2 of a class that is not declared)");
    assertThat(store.aliases().champion()).hasValue(3);

    DayOutcome again = play("tuesday", 20, 30, "cat", "dog");
    assertThat(again.kind()).isEqualTo(DayOutcome.Kind.BLOCKED);
    assertThat(again.reasons()).hasSize(2);
    assertThat(store.versions()).hasSize(3);

    DayOutcome wednesday = play("wednesday", 30, 40, "cat", "dog");
    assertThat(wednesday.kind()).isEqualTo(DayOutcome.Kind.PROMOTED);
    assertThat(store.version(4).days()).containsExactly("wednesday");
    assertThat(store.version(4).parent()).hasValue(3);
  }

  /** Wherever a process ends, the next one goes on, and the end is the same. */
  @Test
  void goesOnWhereItWasInterrupted() {
    play("monday", 0, 20, "cat", "dog");
    Examiner dies =
        (where, candidate) -> {
          throw new IllegalStateException("killed before it was judged");
        };
    assertThatThrownBy(() -> loop(dies).run(TestImages.day("tuesday", 20, 30, "cat", "dog"), OPEN))
        .hasMessageContaining("killed");
    assertThat(store.aliases().candidate()).hasValue(2);
    assertThat(play("tuesday", 20, 30, "cat", "dog").kind()).isEqualTo(DayOutcome.Kind.UNCHANGED);
    assertThat(store.aliases().champion()).hasValue(2);
    assertThat(store.versions()).hasSize(2);

    Examiner diesLate =
        (where, candidate) -> {
          examine(where, candidate);
          throw new IllegalStateException("killed before it was promoted");
        };
    assertThatThrownBy(
            () -> loop(diesLate).run(TestImages.day("wednesday", 30, 40, "cat", "dog"), OPEN))
        .hasMessageContaining("killed");
    assertThat(store.aliases().champion()).hasValue(2);
    assertThat(loop(this::examine).settle()).hasValue(3);
    assertThat(store.aliases().champion()).hasValue(3);
    assertThat(loop(this::examine).settle()).isEmpty();
    assertThat(store.ledger().getLast().actor()).isEqualTo(DailyLoop.ACTOR);
  }

  /** What was judged against another champion is judged anew. */
  @Test
  void aVerdictAgainstAFormerChampionCountsForNothing() {
    play("monday", 0, 20, "cat", "dog");
    play("tuesday", 20, 30, "cat", "dog");
    Examiner dies =
        (where, candidate) -> {
          examine(where, candidate);
          throw new IllegalStateException("killed before it was promoted");
        };
    assertThatThrownBy(
            () -> loop(dies).run(TestImages.day("wednesday", 30, 40, "cat", "dog"), OPEN))
        .hasMessageContaining("killed");
    Aliases back = store.rollback(OptionalInt.empty(), "test", "worse");
    assertThat(back.champion()).hasValue(1);
    if (store.aliases().candidate().isPresent()) {
      bad.add(3);
      loop(this::examine).settle();
      assertThat(store.evaluations(3).getFirst().champion()).hasValue(1);
      assertThat(store.aliases().champion()).hasValue(1);
    }
  }

  @Test
  void retrainingIsJudgedLikeAnyCandidate() {
    play("monday", 0, 20, "cat", "dog");
    play("tuesday", 20, 30, "cat", "dog");
    bad.add(3);
    assertThat(loop(this::examine).retrain()).isFalse();
    assertThat(store.aliases().champion()).hasValue(2);
    assertThat(store.version(3).fresh()).isTrue();
    store.promote(3, new Promotion("test", "to see", true));
    assertThat(store.aliases().champion()).hasValue(3);
  }

  private DayCheck monitor(String policy) {
    return new DriftMonitor(
        store, Policy.parse("ingest: {" + policy + "}", "policy.yaml").ingest(), backend);
  }

  @Test
  void aDayThatDriftedTooFarIsRefusedAndTheCorrectedOneIsLearned() {
    play("monday", 0, 25, "cat", "dog");
    int heldOut = store.regressionSet().size();
    DailyLoop strict = loop(this::examine, monitor("class-mix-refuse: 0.8"));
    DayOutcome tuesday = strict.run(TestImages.day("tuesday", 0, 40, "eel"), OPEN);
    assertThat(tuesday.kind()).isEqualTo(DayOutcome.Kind.REFUSED);
    assertThat(tuesday.kind().isProblem()).isTrue();
    assertThat(tuesday.reasons()).singleElement().asString().contains("class-mix drifted by 1.000");
    assertThat(tuesday.images() + tuesday.heldOut()).isZero();
    assertThat(tuesday.warnings()).isEmpty();
    assertThat(store.regressionSet().size()).isEqualTo(heldOut);
    assertThat(store.versions()).hasSize(1);
    assertThat(store.classes()).containsExactly("cat", "dog");

    DayOutcome corrected = strict.run(TestImages.day("tuesday", 25, 45, "cat", "dog"), OPEN);
    assertThat(corrected.kind()).isEqualTo(DayOutcome.Kind.PROMOTED);
    assertThat(corrected.line()).doesNotContain("warning");
  }

  @Test
  void whatDriftsWithinTheLimitsIsLearnedWithAWarning() {
    play("monday", 0, 25, "cat", "dog");
    DailyLoop mild = loop(this::examine, monitor(""));
    DayOutcome tuesday = mild.run(TestImages.day("tuesday", 0, 40, "eel"), OPEN);
    assertThat(tuesday.kind()).isEqualTo(DayOutcome.Kind.PROMOTED);
    assertThat(tuesday.line()).contains("\n  warning: class-mix drifted by 1.000");
    assertThat(mild.run(TestImages.day("tuesday", 0, 40, "eel"), OPEN).warnings())
        .as("said once")
        .isEmpty();
  }

  /** What was made of the version rolled back from goes with it. */
  @Test
  void aRollbackIsNotUndoneByTheNextDay() {
    play("monday", 0, 20, "cat", "dog");
    play("tuesday", 20, 30, "cat", "dog");
    Examiner dies =
        (where, candidate) -> {
          throw new IllegalStateException("killed before it was judged");
        };
    assertThatThrownBy(
            () -> loop(dies).run(TestImages.day("wednesday", 30, 40, "cat", "dog"), OPEN))
        .hasMessageContaining("killed");
    assertThat(store.rollback(OptionalInt.empty(), "test", "worse").candidate()).isEmpty();
    assertThat(store.ledger().getLast().alias()).isEqualTo(Alias.CANDIDATE);
    assertThat(store.ledger().getLast().to()).isEmpty();
    play("thursday", 50, 60, "cat", "dog");
    int champion = store.aliases().champion().orElseThrow();
    assertThat(store.days(champion)).containsExactly("monday", "wednesday", "thursday");
  }

  /** A day that was corrected is as it was before, and stays so. */
  @Test
  void aCorrectionThatWasRolledBackIsNotLearnedAgain() {
    play("monday", 0, 20, "cat", "dog");
    assertThat(play("monday", 5, 20, "cat", "dog").version()).hasValue(2);
    store.rollback(OptionalInt.empty(), "test", "worse");
    assertThat(play("monday", 5, 20, "cat", "dog").kind()).isEqualTo(DayOutcome.Kind.BLOCKED);
    assertThat(play("tuesday", 20, 30, "cat", "dog").version()).hasValue(3);
    assertThat(store.version(3).days()).containsExactly("tuesday");
    assertThat(store.check(ProgressListener.NONE).wrong()).isEmpty();
  }

  @Test
  void aCorrectionThatIsBlockedStaysSoAndHoldsNoOtherDayUp() {
    play("monday", 0, 20, "cat", "dog");
    bad.add(2);
    assertThat(play("monday", 0, 10, "cat", "dog").kind()).isEqualTo(DayOutcome.Kind.BLOCKED);
    DayOutcome again = play("monday", 0, 10, "cat", "dog");
    assertThat(again.kind()).isEqualTo(DayOutcome.Kind.BLOCKED);
    assertThat(again.reasons()).contains("it is one of the bad");

    assertThat(play("tuesday", 20, 30, "cat", "dog").kind()).isEqualTo(DayOutcome.Kind.PROMOTED);
    assertThat(store.version(3).days()).containsExactly("tuesday");
    assertThat(play("monday", 0, 10, "cat", "dog").kind()).isEqualTo(DayOutcome.Kind.BLOCKED);
    // What the champion knows of it is learned anew with the rest.
    assertThat(loop(this::examine).retrain()).isTrue();
    assertThat(store.version(4).images()).isEqualTo(store.version(3).images());
    assertThat(store.check(ProgressListener.NONE).wrong()).isEmpty();

    assertThat(play("monday", 0, 15, "cat", "dog").kind()).isEqualTo(DayOutcome.Kind.PROMOTED);
    assertThat(store.version(5).days()).containsExactly("monday");
  }
}
