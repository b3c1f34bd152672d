package dev.accrete.production.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * At every operation on a file or the database, in turn: the process is killed, or the disk is
 * full. Whoever does it again has the rows and files of a store that nothing happened to.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-01T06:00:00Z"), ZoneOffset.UTC);
  private static final IngestOptions OPEN = IngestOptions.defaults().withNewClasses();
  private static final StoreLimits LIMITS = StoreLimits.defaults().keeping(0, 1);

  @TempDir(factory = MemoryDisk.class)
  private static Path folder;

  private final Backend backend = TestImages.backend();

  /** What is done to a store, in this order. */
  enum Step {
    INGEST,
    UPDATE,
    PROMOTE,
    REFUSE,
    CORRECT,
    SECOND_UPDATE,
    EVALUATE_AND_PROMOTE,
    ATTACH,
    ROLL_BACK,
    FORGET,
    COLLECT,
    FEEDBACK,
    CORRECT_FEEDBACK
  }

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private void run(Step step, Store store) {
    switch (step) {
      case INGEST ->
          ingest(store, TestImages.day("monday", 0, 3, "cat", "dog"), remembering("of monday"));
      case UPDATE, SECOND_UPDATE -> store.update(backend, ProgressListener.NONE);
      case PROMOTE -> store.promote(1, Promotion.by("test"));
      case REFUSE ->
          ingest(
              store,
              TestImages.day("tuesday", 20, 23, "cat", "fox"),
              images -> new DayCheck.Finding(Optional.of("too dark"), Optional.of("{\"x\":1}")));
      case CORRECT ->
          ingest(store, TestImages.day("monday", 2, 5, "cat", "eel"), remembering("corrected"));
      case EVALUATE_AND_PROMOTE -> {
        if (store.evaluations(2).isEmpty()) {
          store.recordEvaluation(
              new Evaluation(0, 2, OptionalInt.of(1), CLOCK.instant(), true, "[]", "{}"));
        }
        store.promote(2, Promotion.by("test"));
      }
      case ATTACH -> store.attach(2, "card.html", new byte[] {1, 2, 3});
      case ROLL_BACK -> store.rollback(OptionalInt.empty(), "test", "try");
      case FORGET ->
          store.forget(
              new ForgetRequest(ForgetRequest.What.CLASS, "cat", "test", "asked for"),
              backend,
              plan -> {},
              ProgressListener.NONE);
      case COLLECT -> store.gc();
      case FEEDBACK, CORRECT_FEEDBACK ->
          store.feedbackDays(true).forEach(day -> ingest(store, day, remembering("of answers")));
    }
  }

  /** What is said of answers before a step; not disturbed here. */
  private static void serve(Step step, Store store) {
    switch (step) {
      case FEEDBACK -> {
        FeedbackDayTest.answer(store, "a", "dog", 50, CLOCK.instant());
        FeedbackDayTest.answer(store, "b", "eel", 50, CLOCK.instant());
        FeedbackDayTest.answer(store, "c", "gnu", 50, CLOCK.instant());
        store.recordFeedback(new Feedback("a", "dog", CLOCK.instant(), "test"));
        store.recordFeedback(new Feedback("b", "dog", CLOCK.instant(), "test"));
        store.recordFeedback(new Feedback("c", "gnu", CLOCK.instant(), "test"));
      }
      case CORRECT_FEEDBACK ->
          store.recordFeedback(new Feedback("b", "eel", CLOCK.instant(), "test"));
      default -> {
        // Nothing is asked.
      }
    }
  }

  private static void ingest(Store store, Source day, DayCheck check) {
    store.ingest(day, OPEN, check, ProgressListener.NONE);
  }

  private static DayCheck remembering(String memory) {
    return images ->
        new DayCheck.Finding(
            Optional.empty(),
            Optional.of("{}"),
            Optional.of(memory.getBytes(StandardCharsets.UTF_8)));
  }

  @BeforeAll
  void playUndisturbed() throws IOException {
    Path store = folder.resolve("store");
    StoreFolder.init(
            store,
            StoreConfig.of(LearnerConfig.of("small-cnn", 8, "slda")),
            LIMITS,
            Probe.NONE,
            CLOCK)
        .close();
    for (Step step : Step.values()) {
      try (Store open = StoreFolder.open(store, LIMITS, Probe.NONE, CLOCK)) {
        serve(step, open);
      }
      copy(store, before(step));
      try (Store open = StoreFolder.open(store, LIMITS, Probe.NONE, CLOCK)) {
        run(step, open);
      }
      copy(store, after(step));
    }
  }

  @AfterAll
  void close() {
    backend.close();
  }

  private static Path before(Step step) {
    return folder.resolve("before-" + step);
  }

  private static Path after(Step step) {
    return folder.resolve("after-" + step);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  /**
   * Numbers operations; of the statements of a transaction only the first, for the database undoes
   * all of them in one way.
   */
  private static final class Counter {
    private int count;
    private boolean within;

    /** The number of an operation; 0 if it is none of its own. */
    synchronized int next(String operation) {
      boolean statement = operation.startsWith("sql ") && !operation.equals("sql commit");
      boolean skipped = statement && within;
      within = statement;
      return skipped ? 0 : ++count;
    }
  }

  private int operations(Step step) throws IOException {
    Path store = folder.resolve("counted");
    copy(before(step), store);
    Counter counter = new Counter();
    try (Store open = StoreFolder.open(store, LIMITS, counter::next, CLOCK)) {
      run(step, open);
    }
    delete(store);
    return counter.count;
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void killedAnywhereItIsBeforeOrAfter(Step step) throws IOException, SQLException {
    int operations = operations(step);
    List<String> expected = Snapshot.of(after(step));
    assertThat(operations).isPositive();
    for (int n = 1; n <= operations; n++) {
      Path store = folder.resolve("killed-" + step + "-" + n);
      copy(before(step), store);
      Counter counter = new Counter();
      int last = n;
      AtomicBoolean dead = new AtomicBoolean();
      Probe probe =
          operation -> {
            if (counter.next(operation) == last || dead.get()) {
              dead.set(true);
              throw new Killed();
            }
          };
      boolean killed = false;
      try (Store open = StoreFolder.open(store, LIMITS, probe, CLOCK)) {
        run(step, open);
      } catch (Killed e) {
        killed = true;
      }
      try (Store open = StoreFolder.open(store, LIMITS, Probe.NONE, CLOCK)) {
        if (killed) {
          repeat(step, open);
        }
        assertThat(open.check(ProgressListener.NONE).wrong()).as("%s %d", step, n).isEmpty();
      }
      assertThat(Snapshot.difference(expected, Snapshot.of(store)))
          .as("%s killed at operation %d", step, n)
          .isEmpty();
      delete(store);
    }
  }

  /** Whoever does not know that it was done already does it again. */
  private void repeat(Step step, Store store) {
    try {
      run(step, store);
    } catch (AccreteException e) {
      assertThat(e.getMessage())
          .containsAnyOf("the champion already", "no version before", "no image of class");
    }
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void aFullDiskIsSaidAndLosesNothing(Step step) throws IOException, SQLException {
    int operations = operations(step);
    List<String> expected = Snapshot.of(after(step));
    for (int n = 1; n <= operations; n++) {
      Path store = folder.resolve("full-" + step + "-" + n);
      copy(before(step), store);
      Counter counter = new Counter();
      int last = n;
      AtomicBoolean full = new AtomicBoolean();
      AtomicBoolean room = new AtomicBoolean();
      Probe probe =
          operation -> {
            if (counter.next(operation) == last) {
              full.set(true);
            }
            boolean takesRoom =
                !operation.startsWith("remove") && !operation.startsWith("sql SELECT");
            if (full.get() && !room.get() && takesRoom) {
              throw new IOException("No space left on device");
            }
          };
      try (Store open = StoreFolder.open(store, LIMITS, probe, CLOCK)) {
        try {
          run(step, open);
          room.set(true);
        } catch (AccreteException e) {
          assertThat(e.getMessage())
              .as("%s %d", step, n)
              .contains("No space left on device")
              .contains("room on the disk");
          room.set(true);
          assertThat(open.check(ProgressListener.NONE).leftovers()).as("%s %d", step, n).isEmpty();
          repeat(step, open);
        }
        assertThat(open.check(ProgressListener.NONE).wrong()).as("%s %d", step, n).isEmpty();
      }
      assertThat(Snapshot.difference(expected, Snapshot.of(store)))
          .as("%s full at operation %d", step, n)
          .isEmpty();
      delete(store);
    }
  }

  private static void delete(Path store) throws IOException {
    new Disk(Probe.NONE).remove(store);
    if (Files.exists(store)) {
      fail("not removed: " + store);
    }
  }
}
