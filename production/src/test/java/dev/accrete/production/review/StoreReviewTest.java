package dev.accrete.production.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Backend;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.review.StoreReview.DayReview;
import dev.accrete.production.store.DayState;
import dev.accrete.production.store.Feedback;
import dev.accrete.production.store.MemoryDisk;
import dev.accrete.production.store.PredictionRecord;
import dev.accrete.production.store.Promotion;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.TestImages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreReviewTest {
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

  private void ingest(Source source) {
    store.ingest(source, IngestOptions.defaults().withNewClasses(), ProgressListener.NONE);
  }

  private StoreReview review() {
    return new StoreReview(store, backend, ProgressListener.NONE);
  }

  private void learn() {
    assertThat(store.update(backend, ProgressListener.NONE)).isPresent();
    store.promote(store.aliases().candidate().orElseThrow(), Promotion.by("test"));
  }

  /** Cats of which some are called dogs. */
  private static Source mislabelled(String day, int from, int to, int wrong) {
    List<Item> items = new ArrayList<>();
    for (int i = from; i < to; i++) {
      byte[] png = TestImages.png("cat", i);
      items.add(Item.of("x/" + i + ".png", i < from + wrong ? "dog" : "cat", () -> png));
    }
    return Source.of(day, items);
  }

  @Test
  void wrongLabelsOfADayOfOneClassAreFoundWithWhatTheyShouldBe() {
    ingest(TestImages.day("monday", 0, 60, "cat", "dog"));
    assertThatThrownBy(() -> review().day("monday"))
        .hasMessageContaining("no version is in production");
    learn();
    ingest(mislabelled("tuesday", 100, 130, 8));
    assertThat(review().latestDay()).isEqualTo("tuesday");
    byte[] broken = "no picture".getBytes(StandardCharsets.UTF_8);
    store.ingest(
        Source.of("wednesday", List.of(Item.of("cat/1.png", "cat", () -> broken))),
        IngestOptions.defaults(),
        ProgressListener.NONE);
    assertThat(store.day("wednesday").orElseThrow().state()).isEqualTo(DayState.REFUSED);
    assertThat(review().latestDay()).as("a refused day is not looked at").isEqualTo("tuesday");
    DayReview review = review().day("tuesday");
    assertThat(review.version()).isEqualTo(1);
    assertThat(review.learned()).isFalse();
    assertThat(review.findings().judged()).isEqualTo(30);
    List<String> names =
        review.findings().suspects().stream()
            .map(
                suspect ->
                    Optional.ofNullable(review.images().get(suspect.image())).orElseThrow().name())
            .toList();
    assertThat(names)
        .isNotEmpty()
        .allMatch(name -> Integer.parseInt(name.replaceAll("\\D", "")) < 108);
    assertThat(review.findings().suspects())
        .hasSizeGreaterThanOrEqualTo(6)
        .allMatch(s -> s.label().equals("dog") && s.suggestion().equals("cat"));
  }

  @Test
  void aVersionThatDidNotLearnTheDayJudgesWhereThereIsOne() {
    ingest(TestImages.day("monday", 0, 40, "cat", "dog"));
    learn();
    DayReview own = review().day("monday");
    assertThat(own.learned()).isTrue();
    ingest(mislabelled("tuesday", 100, 130, 8));
    assertThat(store.update(backend, ProgressListener.NONE)).isPresent();
    store.promote(2, Promotion.by("test").forced().because("a test"));
    DayReview review = review().day("tuesday");
    assertThat(review.version()).isEqualTo(1);
    assertThat(review.learned()).isFalse();
    assertThat(review().latestDay()).isEqualTo("tuesday");
  }

  @Test
  void answersAreOrderedAndConfirmedOnesLeftOut() {
    assertThatThrownBy(() -> review().latestDay()).hasMessageContaining("no day came in yet");
    ingest(TestImages.day("monday", 0, 20, "cat", "dog"));
    learn();
    Instant now = Instant.now();
    store.recordPredictions(
        List.of(
            answer("sure", now, 0.99, "{}"),
            answer("unsure", now, 0.5, "{\"second\": 0.45}"),
            answer("split", now, 0.9, "{\"shadow\": {\"answer\": \"dog\", \"probability\": 0.7}}"),
            answer("told", now, 0.5, "{\"second\": 0.45}"),
            answer("old", now.minusSeconds(1000), 0.5, "{\"second\": 0.45}")));
    store.recordFeedback(new Feedback("told", "dog", now, "somebody"));
    assertThat(review().answers(now.minusSeconds(100), 0.3))
        .extracting(doubt -> doubt.served().prediction())
        .containsExactly("split", "unsure");
  }

  private static PredictionRecord answer(String id, Instant at, double probability, String detail) {
    return new PredictionRecord(id, at, 1, Optional.empty(), "cat", probability, detail);
  }
}
