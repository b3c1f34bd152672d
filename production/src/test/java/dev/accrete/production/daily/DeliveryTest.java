package dev.accrete.production.daily;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Backend;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.store.DayReport;
import dev.accrete.production.store.Promotion;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoreConfig;
import dev.accrete.production.store.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryTest {
  private static final List<String> CLASSES = List.of("cat", "dog");

  @TempDir private Path folder;
  private TwoColours images;

  @BeforeEach
  void paint() {
    images = new TwoColours(CLASSES, 60);
  }

  /** Image {@code wrong} of the day, and it alone, arrives with the other class's label. */
  private Delivery day(String name, int from, int to, int wrong) {
    Delivery day = new Delivery(name, images);
    for (int i = from; i < to; i++) {
      day.put(i, i == wrong ? 1 - images.label(i) : images.label(i));
    }
    return day;
  }

  @Test
  void anInboxHasWhatTheStoreIsGiven() throws IOException {
    Delivery day = day("monday", 0, 6, 2);
    day.write(folder);
    assertThat(folder.resolve("monday/dog/000002.png")).exists();
    assertThat(folder.resolve("monday/cat/000002.png")).doesNotExist();
    try (Store store = Store.init(folder.resolve("shop"), TestImages.config("slda"))) {
      store.ingest(day.source(), Delivery.OPTIONS, ProgressListener.NONE);
      Source written = Source.of(folder.resolve("monday"));
      DayReport again = store.ingest(written, Delivery.OPTIONS, ProgressListener.NONE);
      assertThat(again.train().size() + again.regression().size()).isPositive();
      assertThat(again.added() + again.replaced() + again.relabelled()).isZero();
    }
  }

  @Test
  void aLabelIsCorrectedOnce() {
    Delivery day = day("monday", 0, 6, 2);
    assertThat(day.correct("000002.png")).isTrue();
    assertThat(day.correct("000002.png")).isFalse();
    assertThat(day.correct("000003.png")).isFalse();
    assertThatThrownBy(() -> day.correct("000009.png"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("000009.png is not of monday");
  }

  @Test
  void whoeverLooksAtWhatReviewSuspectsCorrectsIt() throws IOException {
    Path policy = folder.resolve(Policy.FILE);
    Files.writeString(policy, "ingest:\n  duplicate-distance: off\n");
    StoreConfig config = TestImages.config("slda").withPolicy(policy);
    try (Backend backend = TestImages.backend();
        Store store = Store.init(folder.resolve("shop"), config)) {
      Annotator nobody = new Annotator(store, backend);
      Delivery monday = day("monday", 0, 40, -1);
      nobody.correct(monday);
      assertThat(nobody.looked()).isZero();
      store.ingest(monday.source(), Delivery.OPTIONS, ProgressListener.NONE);
      store.update(backend, ProgressListener.NONE);
      store.promote(1, Promotion.by("test"));

      Annotator annotator = new Annotator(store, backend);
      Delivery tuesday = day("tuesday", 40, 60, 43);
      annotator.correct(tuesday);
      assertThat(annotator.corrected()).isOne();
      assertThat(tuesday.correct("000043.png")).isFalse();
    }
  }
}
