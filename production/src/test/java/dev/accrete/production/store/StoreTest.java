package dev.accrete.production.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Split;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the first day to a rollback. */
class StoreTest {
  @TempDir(factory = MemoryDisk.class)
  private Path folder;

  private final Backend backend = TestImages.backend();
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

  private DayReport ingest(String name, int from, int to, String... labels) {
    return store.ingest(
        TestImages.day(name, from, to, labels),
        IngestOptions.defaults().withNewClasses(),
        ProgressListener.NONE);
  }

  private Version update() {
    return store.update(backend, ProgressListener.NONE).orElseThrow();
  }

  private void evaluate(int candidate, int champion, boolean blessed) {
    store.recordEvaluation(
        new Evaluation(0, candidate, OptionalInt.of(champion), Instant.now(), blessed, "[]", "{}"));
  }

  @Test
  void aDayIsLearnedPromotedAndTakenBack() {
    DayReport monday = ingest("monday", 0, 20, "cat", "dog");
    assertThat(monday.changed()).isTrue();
    assertThat(monday.newClasses()).containsExactly("cat", "dog");
    assertThat(monday.day().train() + monday.day().regression()).isEqualTo(40);
    assertThat(store.regressionSet().size()).isEqualTo(monday.day().regression()).isPositive();

    Version first = update();
    assertThat(first.id()).isEqualTo(1);
    assertThat(first.fresh()).isTrue();
    assertThat(first.images()).isEqualTo(monday.day().train());
    assertThat(store.update(backend, ProgressListener.NONE)).isEmpty();
    store.promote(1, Promotion.by("test"));
    assertThat(store.update(backend, ProgressListener.NONE)).isEmpty();
    assertThat(store.model(1).classes()).containsExactly("cat", "dog");
    assertThat(store.aliases().champion()).hasValue(1);

    ingest("tuesday", 20, 30, "cat", "eel");
    Version second = update();
    assertThat(second.parent()).hasValue(1);
    assertThat(second.fresh()).isFalse();
    assertThat(second.days()).containsExactly("tuesday");
    assertThat(second.classes()).containsExactly("cat", "dog", "eel");
    assertThatThrownBy(() -> store.promote(2, Promotion.by("test")))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("was not evaluated");
    evaluate(2, 1, true);
    store.promote(2, Promotion.by("test"));
    assertThat(store.aliases())
        .isEqualTo(new Aliases(OptionalInt.of(2), OptionalInt.empty(), OptionalInt.of(1)));
    assertThatThrownBy(() -> store.promote(2, Promotion.by("test").forced().because("why not")))
        .hasMessageContaining("champion already");

    store.rollback(OptionalInt.empty(), "test", "worse in the evening");
    assertThat(store.aliases())
        .isEqualTo(new Aliases(OptionalInt.of(1), OptionalInt.empty(), OptionalInt.empty()));
    assertThat(store.day("tuesday").orElseThrow().state()).isEqualTo(DayState.BLOCKED);
    assertThat(store.update(backend, ProgressListener.NONE)).isEmpty();
    assertThat(store.ledger())
        .extracting(LedgerEntry::action)
        .contains("update", "promote", "rollback");
  }

  @Test
  void theSameDayAgainChangesNothing() {
    DayReport first = ingest("monday", 0, 12, "cat", "dog");
    DayReport second = ingest("monday", 0, 12, "cat", "dog");
    assertThat(second.changed()).isFalse();
    assertThat(second.day()).isEqualTo(first.day());
    assertThat(second.train()).isEqualTo(first.train());
  }

  @Test
  void aDayThatWasNotBlessedIsLeftOutUnlessAskedFor() {
    ingest("monday", 0, 20, "cat", "dog");
    update();
    store.promote(1, Promotion.by("test"));
    ingest("tuesday", 20, 30, "cat", "dog");
    update();
    evaluate(2, 1, false);
    assertThatThrownBy(() -> store.promote(2, Promotion.by("test")))
        .hasMessageContaining("not blessed");
    assertThatThrownBy(() -> store.promote(2, Promotion.by("test").forced()))
        .hasMessageContaining("reason");
    ingest("wednesday", 30, 40, "cat", "dog");
    assertThat(update().days()).containsExactly("wednesday");
    Version both =
        store
            .update(backend, UpdateOptions.by("test").withBlocked(), ProgressListener.NONE)
            .orElseThrow();
    assertThat(both.days()).containsExactly("tuesday", "wednesday");
    store.promote(2, Promotion.by("test").forced().because("it is right after all"));
    assertThat(store.day("tuesday").orElseThrow().state()).isEqualTo(DayState.LEARNED);
    assertThat(store.ledger().getLast().forced()).isTrue();
  }

  @Test
  void whatWasStoredIsWhatIsRead() {
    ingest("monday", 0, 20, "cat", "dog");
    try (StoredImages train = store.trainingImages("monday");
        StoredImages held = store.heldOut("monday")) {
      assertThat(train.size() + held.size()).isEqualTo(40);
      byte[] pixels = new byte[3 * TestImages.SIDE * TestImages.SIDE];
      for (StoredImages images : new StoredImages[] {train, held}) {
        for (int i = 0; i < images.size(); i++) {
          images.read(i, pixels, 0);
          StoredImage image = images.image(i);
          assertThat(images.classNames().get(images.label(i))).isEqualTo(image.label());
          assertThat(store.original(image.sha256())).exists();
          assertThat(image.split()).isEqualTo(images == train ? Split.TRAIN : Split.REGRESSION);
        }
      }
    }
  }

  @Test
  void answersAndTheirTruthAreKept() {
    ingest("monday", 0, 12, "cat", "dog");
    update();
    PredictionRecord answer =
        new PredictionRecord(
            "p1",
            Instant.parse("2026-01-01T00:00:00Z"),
            1,
            java.util.Optional.empty(),
            "cat",
            0.5,
            "{}");
    store.recordPrediction(answer);
    store.recordFeedback(new Feedback("p1", "dog", Instant.parse("2026-01-02T00:00:00Z"), "me"));
    assertThat(store.prediction("p1")).contains(answer);
    assertThat(store.feedback("p1")).extracting(Feedback::label).containsExactly("dog");
    assertThatThrownBy(() -> store.recordFeedback(new Feedback("p2", "dog", Instant.now(), "me")))
        .hasMessageContaining("no prediction p2");
  }

  @Test
  void aStoreIsFoundAgain() {
    ingest("monday", 0, 12, "cat", "dog");
    Version version = update();
    store.close();
    store = Store.open(folder.resolve("shop"));
    assertThat(store.version(1)).isEqualTo(version);
    assertThat(Model.load(store.modelFile(1)).digest()).isEqualTo(version.modelDigest());
    assertThat(store.learnerConfig().strategy()).isEqualTo("slda");
    assertThatThrownBy(() -> Store.open(folder.resolve("none")))
        .hasMessageContaining("is no store");
    assertThatThrownBy(() -> Store.init(folder.resolve("shop"), TestImages.config("slda")))
        .hasMessageContaining("a store already");
  }
}
