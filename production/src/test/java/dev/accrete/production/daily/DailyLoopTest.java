package dev.accrete.production.daily;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.DataException;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.production.drift.DriftMonitor;
import dev.accrete.production.gate.Contender;
import dev.accrete.production.gate.Finding;
import dev.accrete.production.gate.Flips;
import dev.accrete.production.gate.Verdict;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Reason;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.store.Alias;
import dev.accrete.production.store.Aliases;
import dev.accrete.production.store.DayCheck;
import dev.accrete.production.store.DayState;
import dev.accrete.production.store.Evaluation;
import dev.accrete.production.store.LeftOut;
import dev.accrete.production.store.Promotion;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.TestImages;
import dev.accrete.production.store.UpdateOptions;
import dev.accrete.production.store.Version;
import java.io.IOException;
import java.nio.file.Files;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    return examine(where, candidate, where.aliases().champion());
  }

  private Verdict examine(Store where, int candidate, OptionalInt champion) {
    Version version = where.version(candidate);
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
    assertThat(tuesday.alarms()).isTrue();
    assertThat(tuesday.line()).contains("tuesday: blocked").contains("it is one of the bad");
    assertThat(store.aliases().champion()).hasValue(1);

    DayOutcome mistaken =
        loop(this::examine)
            .run(TestImages.day("tuesday too", 40, 42, "cat", "fox"), IngestOptions.defaults());
    assertThat(mistaken.quarantined()).containsEntry(Reason.UNKNOWN_CLASS, 2);
    assertThat(mistaken.line())
        .contains("2 set aside (2 of a class that is not declared; named by: store show");
    assertThat(store.aliases().champion()).hasValue(3);

    DayOutcome again = play("tuesday", 20, 30, "cat", "dog");
    assertThat(again.kind()).isEqualTo(DayOutcome.Kind.BLOCKED);
    assertThat(again.reasons()).hasSize(2).contains("it is one of the bad");
    assertThat(again.alarms()).as("it was told when it was news").isFalse();
    assertThat(again.line()).contains("tuesday: blocked before").doesNotContain("\n");
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
    DayOutcome ended = play("tuesday", 20, 30, "cat", "dog");
    assertThat(ended.kind()).isEqualTo(DayOutcome.Kind.PROMOTED);
    assertThat(ended.over()).isFalse();
    assertThat(ended.version()).hasValue(2);
    assertThat(play("tuesday", 20, 30, "cat", "dog").over()).isTrue();
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

  /** Nobody has heard of it yet, though it was learned in another process. */
  @Test
  void whatIsBlockedWhenItGoesOnIsNews() {
    play("monday", 0, 20, "cat", "dog");
    store.ingest(TestImages.day("tuesday", 20, 30, "cat", "dog"), OPEN, ProgressListener.NONE);
    store.update(backend, ProgressListener.NONE);
    bad.add(2);
    DayOutcome tuesday = play("tuesday", 20, 30, "cat", "dog");
    assertThat(tuesday.kind()).isEqualTo(DayOutcome.Kind.BLOCKED);
    assertThat(tuesday.alarms()).isTrue();
    assertThat(tuesday.reasons()).containsExactly("it is one of the bad");
  }

  @Test
  void whatElseIsLearnedAndWhatIsLeftOutIsSaid() {
    play("monday", 0, 20, "cat", "dog");
    bad.add(2);
    assertThat(play("tuesday", 20, 30, "cat", "dog").leftOut()).isEmpty();
    play("wednesday", 30, 40, "cat", "dog");
    store.rollback(OptionalInt.empty(), "test", "worse");
    store.ingest(TestImages.day("by hand", 40, 50, "cat", "dog"), OPEN, ProgressListener.NONE);
    DayOutcome thursday = play("thursday", 50, 60, "cat", "dog");
    assertThat(thursday.with()).containsExactly("by hand");
    assertThat(thursday.leftOut())
        .containsExactly(new LeftOut("tuesday", false), new LeftOut("wednesday", true));
    assertThat(thursday.line())
        .contains("\n  learned with it, as they were in the store: by hand\n")
        .endsWith(
            "left out: tuesday (not blessed), wednesday (rolled back); accrete update"
                + " --with-blocked learns them again");
    DayOutcome after = play("by hand", 40, 50, "cat", "dog");
    assertThat(after.kind()).isEqualTo(DayOutcome.Kind.UNCHANGED);
    assertThat(play("wednesday", 30, 40, "cat", "dog").line())
        .isEqualTo(
            "wednesday: blocked before: rolled back, left out since; accrete update --with-blocked"
                + " learns it again");
  }

  /** What happened last counts. */
  @Test
  void aDayThatWasRolledBackMayBeBlockedLater() {
    play("monday", 0, 20, "cat", "dog");
    play("tuesday", 20, 30, "cat", "dog");
    store.rollback(OptionalInt.empty(), "test", "worse");
    assertThat(store.leftOut()).containsExactly(new LeftOut("tuesday", true));
    bad.add(3);
    store.update(backend, UpdateOptions.by("test").withBlocked(), ProgressListener.NONE);
    assertThat(store.leftOut()).isEmpty();
    loop(this::examine).settle();
    assertThat(store.leftOut()).containsExactly(new LeftOut("tuesday", false));
  }

  @Test
  void aDayThatCannotBeReadFailsAndLeavesTheStoreAsItWas() throws IOException {
    play("monday", 0, 20, "cat", "dog");
    Path pictures = Files.createDirectories(folder.resolve("inbox/2-pictures"));
    Files.write(pictures.resolve("1.png"), TestImages.png("cat", 50));
    Files.createDirectory(folder.resolve("inbox/3-empty"));
    Files.writeString(folder.resolve("inbox/4-cut.zip"), "PK");
    Files.writeString(folder.resolve("inbox/5-header.csv"), "file,class\n1.png,cat\n");
    Files.createSymbolicLink(folder.resolve("inbox/6-nowhere.csv"), folder.resolve("nowhere"));
    Files.writeString(folder.resolve("inbox/3-empty.csv"), "path,label\n");
    Files.writeString(folder.resolve("inbox/7-\u0001.csv"), "path,label\n");
    List<Source> entries = Inbox.of(folder.resolve("inbox")).days();
    DailyLoop loop = loop(this::examine);
    List<DayOutcome> outcomes = entries.stream().map(entry -> loop.run(entry, OPEN)).toList();
    assertThat(outcomes)
        .allMatch(outcome -> outcome.kind() == DayOutcome.Kind.FAILED && outcome.alarms());
    assertThat(outcomes)
        .extracting(outcome -> outcome.reasons().getFirst())
        .satisfiesExactly(
            why -> assertThat(why).contains("1.png lies in no class folder"),
            why -> assertThat(why).contains("holds no image"),
            why -> assertThat(why).contains("would be the day 3-empty, as 3-empty is; rename one"),
            why -> assertThat(why).contains("is no sound ZIP"),
            why -> assertThat(why).contains("begins with file,class"),
            why -> assertThat(why).contains("there is no"),
            why -> assertThat(why).contains("holds control characters"));
    assertThat(outcomes.getFirst().line())
        .startsWith("2-pictures: failed\n")
        .contains("begins with _");
    assertThat(store.days()).hasSize(1);
    assertThat(store.check(ProgressListener.NONE).isSound()).isTrue();
  }

  /** Else every day would be said to be bad, and nobody would see to the disk. */
  @Test
  void aFailureOfTheStoreIsNoFailureOfTheDay() {
    play("monday", 0, 20, "cat", "dog");
    DayCheck damaged =
        _ -> {
          throw new DataException("pixels have changed on the disk");
        };
    assertThatThrownBy(
            () ->
                loop(this::examine, damaged)
                    .run(TestImages.day("tuesday", 20, 30, "cat", "dog"), OPEN))
        .isInstanceOf(AccreteException.class)
        .isNotInstanceOf(DataException.class)
        .hasMessageContaining("changed on the disk");
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
    store.close();
    store = Store.init(folder.resolve("trained"), TestImages.config("naive"));
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

    DayOutcome again = strict.run(TestImages.day("tuesday", 0, 40, "eel"), OPEN);
    assertThat(again.kind()).isEqualTo(DayOutcome.Kind.REFUSED);
    assertThat(again.alarms()).isFalse();
    assertThat(again.line()).startsWith("tuesday: refused before: ").doesNotContain("\n");
    assertThat(strict.run(TestImages.day("tuesday", 0, 39, "eel"), OPEN).alarms())
        .as("another attempt")
        .isTrue();

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

  @Test
  void aRollbackWhileADayIsJudgedIsNotUndoneAndTheDayIsJudgedAgain() {
    play("monday", 0, 20, "cat", "dog");
    play("tuesday", 20, 30, "cat", "dog");
    Examiner meanwhile =
        (where, candidate) -> {
          OptionalInt champion = where.aliases().champion();
          if (candidate == 3) {
            where.rollback(OptionalInt.empty(), "operator", "tuesday was bad");
          }
          return examine(where, candidate, champion);
        };
    DayOutcome outcome =
        loop(meanwhile).run(TestImages.day("wednesday", 30, 40, "cat", "dog"), OPEN);
    assertThat(outcome.kind()).isEqualTo(DayOutcome.Kind.PROMOTED);
    assertThat(outcome.version()).hasValue(4);
    assertThat(store.version(4).parent()).hasValue(1);
    assertThat(store.days(4)).containsExactly("monday", "wednesday");
    assertThat(store.day("tuesday").orElseThrow().state()).isEqualTo(DayState.BLOCKED);
    play("thursday", 50, 60, "cat", "dog");
    assertThat(store.days(store.aliases().champion().orElseThrow()))
        .containsExactly("monday", "wednesday", "thursday");
  }

  @Test
  void whoMovesTheChampionAgainAndAgainHoldsTheDayUpWithAReason() {
    play("monday", 0, 20, "cat", "dog");
    play("tuesday", 20, 30, "cat", "dog");
    Examiner meanwhile =
        (where, candidate) -> {
          OptionalInt champion = where.aliases().champion();
          int other = champion.equals(OptionalInt.of(1)) ? 2 : 1;
          where.promote(other, new Promotion("operator", "to and fro", true));
          return examine(where, candidate, champion);
        };
    assertThatThrownBy(
            () -> loop(meanwhile).run(TestImages.day("wednesday", 30, 40, "cat", "dog"), OPEN))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("judged again next time");
    assertThat(play("wednesday", 30, 40, "cat", "dog").kind()).isEqualTo(DayOutcome.Kind.PROMOTED);
  }

  /** A fresh learner of the same days makes the champion again, as sure as it is. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void retrainingOfWhatAddsUpIsNothingNew(int days) {
    for (int i = 0; i < days; i++) {
      play("day-" + i, 100 + 20 * i, 120 + 20 * i, "cat", "dog");
    }
    assertThat(loop(this::examine).retrain()).isFalse();
    assertThat(store.aliases().champion()).hasValue(days);
    assertThat(store.aliases().candidate()).isEmpty();
    assertThat(play("tuesday", 20, 30, "cat", "dog").kind()).isEqualTo(DayOutcome.Kind.PROMOTED);
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
    // What the champion knows of it is learned anew with the rest, and gives the champion again.
    assertThat(loop(this::examine).retrain()).isFalse();
    assertThat(store.version(4).images()).isEqualTo(store.version(3).images());
    assertThat(store.version(4).modelDigest()).isEqualTo(store.version(3).modelDigest());
    assertThat(store.check(ProgressListener.NONE).wrong()).isEmpty();

    assertThat(play("monday", 0, 15, "cat", "dog").kind()).isEqualTo(DayOutcome.Kind.PROMOTED);
    assertThat(store.version(5).days()).containsExactly("monday");
  }
}
