package dev.accrete.production.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Backend;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Reason;
import dev.accrete.production.ingest.Source;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels that came for answers become days, each once. */
class FeedbackDayTest {
  private static final IngestOptions DECLARED = IngestOptions.defaults();
  private static final IngestOptions OPEN = DECLARED.withNewClasses();

  @TempDir(factory = MemoryDisk.class)
  private Path folder;

  private final Backend backend = TestImages.backend();
  private Store store;

  @BeforeEach
  void make() {
    store = Store.init(folder.resolve("shop"), TestImages.config("slda"));
    store.ingest(TestImages.day("monday", 0, 20, "cat", "dog"), OPEN, ProgressListener.NONE);
    store.update(backend, ProgressListener.NONE);
    store.promote(1, Promotion.by("test"));
  }

  @AfterEach
  void close() {
    assertThat(store.check(ProgressListener.NONE).wrong()).isEmpty();
    store.close();
    backend.close();
  }

  /** Version 1 took an image for a cat; the image is kept. */
  static void answer(Store store, String id, String shown, int number, Instant at) {
    String kept = store.keepImages(List.of(TestImages.png(shown, number))).getFirst();
    answer(store, id, Optional.of(kept), "{}", at);
  }

  private static void answer(
      Store store, String id, Optional<String> image, String detail, Instant at) {
    store.recordPrediction(new PredictionRecord(id, at, 1, image, "cat", 0.9, detail));
  }

  private void answer(String id, String shown, int number) {
    answer(store, id, shown, number, Instant.now());
  }

  private void say(String id, String label) {
    store.recordFeedback(new Feedback(id, label, Instant.now(), "test"));
  }

  private List<DayReport> takeIn(IngestOptions options) {
    return store.feedbackDays(options.newClasses()).stream()
        .map(day -> store.ingest(day, options, ProgressListener.NONE))
        .toList();
  }

  private Version update() {
    return store.update(backend, ProgressListener.NONE).orElseThrow();
  }

  private static int images(DayReport report) {
    return report.day().train() + report.day().regression();
  }

  @Test
  void whatWasSaidIsLearnedOnce() {
    IntStream.range(0, 12).forEach(i -> answer("e" + i, "eel", i));
    assertThat(store.feedbackDays(true)).isEmpty();
    IntStream.range(0, 12).forEach(i -> say("e" + i, i == 3 ? "dog" : "eel"));
    say("e3", "eel");
    assertThat(store.waitingFeedback()).isEqualTo(new Waiting(12, 0));

    List<DayReport> reports = takeIn(OPEN);
    assertThat(reports).hasSize(1);
    DayReport report = reports.getFirst();
    assertThat(report.day().name()).matches("feedback-\\d{4}-\\d\\d-\\d\\d");
    assertThat(report.newClasses()).containsExactly("eel");
    assertThat(images(report)).isEqualTo(12);
    assertThat(store.waitingFeedback()).isEqualTo(new Waiting(0, 0));
    assertThat(takeIn(OPEN)).as("in, and not learned yet").noneMatch(DayReport::changed);

    Version version = update();
    assertThat(version.days()).containsExactly(report.day().name());
    assertThat(version.classes()).containsExactly("cat", "dog", "eel");
    assertThat(store.feedbackDays(true)).isEmpty();
    say("e0", "eel");
    assertThat(store.feedbackDays(true)).as("it is said again").isEmpty();
    assertThat(store.waitingFeedback().labels()).isZero();
  }

  @Test
  void theDaysNextLabelsAndCorrectionsAreItsNextRevision() {
    answer("a", "eel", 50);
    answer("b", "eel", 51);
    say("a", "dog");
    assertThat(images(takeIn(DECLARED).getFirst())).isEqualTo(1);
    say("a", "cat");
    say("b", "cat");
    assertThat(store.waitingFeedback().labels()).isEqualTo(2);
    DayReport again = takeIn(DECLARED).getFirst();
    assertThat(again.day().revision()).isEqualTo(2);
    assertThat(again.relabelled()).isEqualTo(1);
    assertThat(again.added()).isEqualTo(1);
    assertThat(again.replaced()).isZero();
    assertThat(store.waitingFeedback().labels()).isZero();
  }

  @Test
  void aLabelThatNoClassHasWaitsInQuarantineForItsClass() {
    answer("a", "dog", 50);
    answer("b", "fox", 50);
    say("a", " lorry");
    say("b", "fox");
    DayReport report = takeIn(DECLARED).getFirst();
    assertThat(report.day().state()).isEqualTo(DayState.INGESTED);
    assertThat(report.reasons()).containsEntry(Reason.UNKNOWN_CLASS, 2);
    assertThat(report.quarantine()).extracting(Quarantined::name).containsExactly("b", "a");
    assertThat(takeIn(DECLARED)).isEmpty();

    say("a", "dog");
    assertThat(images(takeIn(DECLARED).getFirst())).as("a slip was corrected").isEqualTo(1);
    store.ingest(TestImages.day("foxes", 0, 5, "fox"), OPEN, ProgressListener.NONE);
    assertThat(images(takeIn(DECLARED).getFirst())).as("the class is known since").isEqualTo(2);
    update();
    assertThat(takeIn(OPEN)).isEmpty();

    answer("c", "gnu", 50);
    say("c", "gnu");
    assertThat(takeIn(DECLARED).getFirst().quarantine()).hasSize(1);
    assertThat(takeIn(OPEN).getFirst().newClasses()).containsExactly("gnu");
  }

  @Test
  void whatIsNotKeptOrCannotBeAClassIsLeftOut() {
    answer(store, "lost", Optional.empty(), "{}", Instant.now());
    answer("long", "dog", 50);
    say("lost", "dog");
    say("long", "x".repeat(500));
    assertThat(store.waitingFeedback()).isEqualTo(new Waiting(0, 1));
    assertThat(store.feedbackDays(true)).isEmpty();
    answer("known", "dog", 0);
    say("known", "dog");
    assertThat(takeIn(DECLARED).getFirst().reasons()).containsEntry(Reason.DUPLICATE, 1);
    assertThat(store.feedbackDays(true)).isEmpty();
  }

  @Test
  void aSubjectsLessonsAreForgottenWithIt() {
    for (int i = 50; i < 60; i++) {
      String kept = store.keepImages(List.of(TestImages.png("eel", i))).getFirst();
      answer(store, "e" + i, Optional.of(kept), "{\"subject\":\"ann\"}", Instant.now());
      say("e" + i, "dog");
    }
    assertThat(images(takeIn(DECLARED).getFirst())).isEqualTo(10);
    int learned = update().id();
    ForgetReport report =
        store.forget(
            new ForgetRequest(ForgetRequest.What.SUBJECT, "ann", "test", "asked for"),
            backend,
            plan -> {},
            ProgressListener.NONE);
    assertThat(report.images()).isEqualTo(10);
    assertThat(report.answers()).isEqualTo(10);
    assertThat(report.removed()).containsExactly(learned);
    assertThat(store.feedbackDays(true)).isEmpty();
  }

  @Test
  void anotherDayOfTheNameIsLeftAlone() {
    answer("a", "eel", 50);
    say("a", "dog");
    Source today = store.feedbackDays(false).getFirst();
    store.ingest(TestImages.day(today.day(), 30, 33, "dog"), DECLARED, ProgressListener.NONE);
    DayReport report = takeIn(DECLARED).getFirst();
    assertThat(report.day().name()).isEqualTo(today.day() + "-2");
    assertThat(store.day(today.day()).orElseThrow().revision()).isEqualTo(1);
  }

  @Test
  void aStoreOfBeforeIsBroughtUpToDate() throws SQLException {
    answer("a", "eel", 50);
    say("a", "dog");
    store.close();
    try (Connection old =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("shop/store.db"));
        Statement statement = old.createStatement()) {
      statement.execute("CREATE TABLE kept AS SELECT id, prediction, label, at, who FROM feedback");
      statement.execute("DROP TABLE feedback");
      statement.execute(
          "CREATE TABLE feedback (id INTEGER PRIMARY KEY, prediction TEXT NOT NULL REFERENCES"
              + " predictions (id), label TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL)");
      statement.execute("INSERT INTO feedback SELECT * FROM kept");
      statement.execute("DROP TABLE kept");
      statement.execute("PRAGMA user_version = 1");
    }
    store = Store.open(folder.resolve("shop"));
    assertThat(images(takeIn(DECLARED).getFirst())).isEqualTo(1);
  }
}
