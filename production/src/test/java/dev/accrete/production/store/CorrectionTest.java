package dev.accrete.production.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.ingest.Split;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A day that comes again with other content, before and after it was learned. */
class CorrectionTest {
  private static final IngestOptions OPEN = IngestOptions.defaults().withNewClasses();

  @TempDir(factory = MemoryDisk.class)
  private Path folder;

  private final Backend backend = TestImages.backend();
  private final List<UpdatePlan> plans = new ArrayList<>();

  @AfterEach
  void close() {
    backend.close();
  }

  private Store make(String name) {
    return make(name, "slda");
  }

  private Store make(String name, String strategy) {
    return Store.init(folder.resolve(name), TestImages.config(strategy));
  }

  private static DayReport ingest(Store store, Source day) {
    return store.ingest(day, OPEN, ProgressListener.NONE);
  }

  private Version learn(Store store) {
    Version version =
        store
            .update(backend, UpdateOptions.by("test").announcing(plans::add), ProgressListener.NONE)
            .orElseThrow();
    store.promote(version.id(), Promotion.by("test").forced().because("test"));
    return version;
  }

  private static void requireSound(Store store) {
    assertThat(store.check(ProgressListener.NONE).wrong()).isEmpty();
  }

  private static void requireSame(Model found, Model expected, double rounding) {
    float[] values = expected.weights().parameters();
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(found.weights().parameters())
        .containsExactly(values, Offset.offset((float) (rounding * largest)));
  }

  @Test
  void beforeItIsLearnedTheNewContentSimplyCounts() {
    try (Store store = make("shop");
        Store other = make("other")) {
      ingest(store, TestImages.day("monday", 0, 12, "cat", "dog"));
      DayReport again = ingest(store, TestImages.day("monday", 4, 16, "cat", "dog"));
      assertThat(again.day().revision()).isEqualTo(2);
      assertThat(again.added()).isEqualTo(8);
      assertThat(again.replaced()).isEqualTo(8);
      ingest(other, TestImages.day("monday", 4, 16, "cat", "dog"));
      Version corrected = learn(store);
      Version straight = learn(other);
      assertThat(corrected.dataDigest()).isEqualTo(straight.dataDigest());
      assertThat(corrected.images()).isEqualTo(straight.images());
      requireSound(store);
    }
  }

  @Test
  void whatIsNewInALearnedDayIsLearnedOnTop() {
    try (Store store = make("shop")) {
      ingest(store, TestImages.day("monday", 0, 12, "cat", "dog"));
      learn(store);
      DayReport longer = ingest(store, TestImages.day("monday", 0, 18, "cat", "dog"));
      assertThat(longer.added()).isEqualTo(12);
      assertThat(longer.replaced()).isZero();
      assertThat(longer.day().state()).isEqualTo(DayState.INGESTED);
      Version second = learn(store);
      assertThat(second.fresh()).isFalse();
      assertThat(plans.getLast().images()).isLessThanOrEqualTo(12);
      assertThat(second.images()).isEqualTo(longer.day().train());
      requireSound(store);
    }
  }

  /**
   * It is of images: what is done once for all of them comes on top, and steps have room to spare.
   */
  @ParameterizedTest
  @ValueSource(strings = {"slda", "cwr-star"})
  void whatIsExpectedIsOfTheRightSize(String strategy) {
    try (Store store = make("shop", strategy)) {
      for (int day = 0; day < 3; day++) {
        ingest(store, TestImages.day("day " + day, 20 * day, 20 * day + 20, "cat", "dog"));
        Version version = learn(store);
        assertThat(plans.getLast().macs().isPresent()).isEqualTo(day > 1);
        assertThat(plans.getLast().macs().orElse(1))
            .isPositive()
            .isLessThan(2 * version.cost().macs());
        if (strategy.equals("cwr-star") && day > 1) {
          assertThat(2 * plans.getLast().macs().getAsLong())
              .as("in all passes")
              .isGreaterThan(version.cost().macs());
        }
      }
    }
  }

  /** Out of the knowledge of the first; the second is learned anew. */
  @ParameterizedTest
  @ValueSource(strings = {"slda", "cwr-star"})
  void whatIsGoneFromALearnedDayIsTakenOut(String strategy) {
    try (Store store = make("shop", strategy);
        Store other = make("other", strategy)) {
      ingest(store, TestImages.day("monday", 0, 12, "cat", "dog"));
      ingest(store, TestImages.day("tuesday", 20, 30, "cat", "eel"));
      learn(store);
      ingest(store, TestImages.day("monday", 6, 12, "cat", "dog"));
      Version second = learn(store);
      boolean anew = strategy.equals("cwr-star");
      assertThat(plans.getLast().rebuilt()).isEqualTo(anew);
      assertThat(plans.getLast().takenOut()).isPositive();
      assertThat(plans.getLast().days()).isEqualTo(anew ? List.of("monday", "tuesday") : List.of());
      ingest(other, TestImages.day("monday", 6, 12, "cat", "dog"));
      ingest(other, TestImages.day("tuesday", 20, 30, "cat", "eel"));
      Version straight = learn(other);
      assertThat(second.dataDigest()).isEqualTo(straight.dataDigest());
      requireSame(store.model(2), other.model(1), anew ? 0 : 1e-6);
      requireSound(store);
    }
  }

  @Test
  void aLabelThatWasWrongIsLearnedAnew() {
    try (Store store = make("shop");
        Store other = make("other")) {
      List<Item> wrong = new ArrayList<>(TestImages.items(0, 12, "cat", "dog"));
      byte[] bytes = TestImages.png("cat", 50);
      wrong.add(Item.of("x.png", "dog", () -> bytes));
      ingest(store, Source.of("monday", wrong));
      learn(store);
      wrong.set(24, Item.of("x.png", "cat", () -> bytes));
      DayReport mended = ingest(store, Source.of("monday", wrong));
      assertThat(mended.relabelled()).isEqualTo(1);
      assertThat(mended.added()).isZero();
      Version second = learn(store);
      ingest(other, Source.of("monday", wrong));
      Version straight = learn(other);
      assertThat(second.dataDigest()).isEqualTo(straight.dataDigest());
      requireSame(store.model(2), other.model(1), 1e-6);
      requireSound(store);
    }
  }

  @Test
  void anImageThatMovesToAnotherDayIsKnownOnce() {
    try (Store store = make("shop")) {
      ingest(store, TestImages.day("monday", 0, 12, "cat", "dog"));
      learn(store);
      ingest(store, TestImages.day("monday", 0, 6, "cat", "dog"));
      ingest(store, TestImages.day("tuesday", 6, 12, "cat", "dog"));
      Version second = learn(store);
      assertThat(second.images()).isEqualTo(store.version(1).images());
      assertThat(second.dataDigest()).isEqualTo(store.version(1).dataDigest());
      requireSound(store);
    }
  }

  @Test
  void aChampionWithoutItsLearnerStateIsLearnedAnew() {
    StoreLimits few = StoreLimits.defaults().keeping(0, 30);
    make("shop").close();
    try (Store store = Store.open(folder.resolve("shop"), few)) {
      ingest(store, TestImages.day("monday", 0, 12, "cat", "dog"));
      learn(store);
      for (int day = 1; day <= 3; day++) {
        ingest(store, TestImages.day("day" + day, 20 * day, 20 * day + 6, "cat", "dog"));
        learn(store);
      }
      assertThat(store.version(1).learner()).isEqualTo(Kept.DROPPED);
      assertThat(store.version(1).model()).isEqualTo(Kept.KEPT);
      store.rollback(OptionalInt.of(1), "test", "far back");
      ingest(store, TestImages.day("later", 200, 206, "cat", "dog"));
      Version fifth = learn(store);
      assertThat(plans.getLast().rebuilt()).isTrue();
      assertThat(fifth.days()).containsExactly("monday", "later");
      assertThat(fifth.parent()).hasValue(1);
      requireSound(store);
    }
  }

  @Test
  void retrainingKnowsAllThatIsKept() {
    try (Store store = make("shop")) {
      ingest(store, TestImages.day("monday", 0, 12, "cat", "dog"));
      learn(store);
      ingest(store, TestImages.day("tuesday", 20, 30, "cat", "eel"));
      Version updated = learn(store);
      // What adds up is the champion again: there is nothing to judge.
      assertThat(store.retrain(backend, true, UpdateOptions.by("test"), ProgressListener.NONE))
          .isEmpty();
      Version again = store.versions().getLast();
      assertThat(again.kind()).isEqualTo(VersionKind.RETRAIN);
      assertThat(again.dataDigest()).isEqualTo(updated.dataDigest());
      assertThat(again.modelDigest()).isEqualTo(updated.modelDigest());
      assertThat(again.fresh()).isTrue();
      assertThat(store.aliases().candidate()).isEmpty();
      requireSound(store);
    }
  }

  @Test
  void retrainingBeginsWithWhatTheStoreBeganWith() throws SQLException {
    try (Store store = make("shop")) {
      ingest(store, TestImages.day("monday", 0, 12, "cat", "dog"));
      learn(store);
    }
    // As if what is named in the settings had become something else, as an embedded backbone may.
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("shop/store.db"));
        Statement sql = connection.createStatement()) {
      assertThat(
              sql.executeUpdate(
                  "UPDATE meta SET value = json_set(value, '$.seed', 99) WHERE name = 'learner'"))
          .isEqualTo(1);
    }
    try (Store store = Store.open(folder.resolve("shop"))) {
      store.retrain(backend, true, UpdateOptions.by("test"), ProgressListener.NONE);
      Version again = store.versions().getLast();
      assertThat(again.fresh()).isTrue();
      Path versions = folder.resolve("shop/versions");
      assertThat(versions.resolve("000002/learner/start.safetensors"))
          .hasSameBinaryContentAs(versions.resolve("000001/learner/start.safetensors"));
    }
  }

  /** Cats of some numbers, some of which are held out. */
  private static Source cats(int from, int to, Set<Integer> heldOut) {
    List<Item> items = new ArrayList<>();
    for (int i = from; i < to; i++) {
      byte[] bytes = TestImages.png("cat", i);
      items.add(
          new Item(
              i + ".png",
              "cat",
              Optional.empty(),
              Map.of(),
              Optional.of(heldOut.contains(i) ? Split.REGRESSION : Split.TRAIN),
              () -> bytes));
    }
    return Source.of("monday", items);
  }

  private static List<String> names(StoredImages images) {
    try (images) {
      return IntStream.range(0, images.size())
          .mapToObj(i -> images.image(i).name())
          .sorted()
          .toList();
    }
  }

  /** Held out is what the owner holds out now; what he does not any more is learned. */
  @ParameterizedTest
  @ValueSource(strings = {"slda", "cwr-star"})
  void whatMovesBetweenTrainingAndTestIsTakenOutAndLearned(String strategy) {
    try (Store store = make("shop", strategy);
        Store other = make("other", strategy)) {
      ingest(store, TestImages.day("sunday", 50, 60, "dog"));
      ingest(store, cats(0, 12, Set.of(3, 4)));
      learn(store);
      int images = store.version(1).images();
      DayReport moved = ingest(store, cats(0, 12, Set.of(4, 5, 6)));
      assertThat(moved.day().train()).isEqualTo(9);
      assertThat(names(store.heldOut("monday"))).containsExactly("4.png", "5.png", "6.png");
      assertThat(store.trainingImages("monday").size()).isEqualTo(9);
      requireSound(store);

      Version second = learn(store);
      assertThat(second.images()).isEqualTo(images - 1);
      assertThat(plans.getLast().takenOut()).isEqualTo(2);
      ingest(other, TestImages.day("sunday", 50, 60, "dog"));
      ingest(other, cats(0, 12, Set.of(4, 5, 6)));
      Version straight = learn(other);
      assertThat(second.dataDigest()).isEqualTo(straight.dataDigest());
      requireSame(store.model(2), other.model(1), strategy.equals("slda") ? 1e-6 : 0);
      requireSound(store);
    }
  }

  /** Also one that was away meanwhile, and on another day. */
  @Test
  void whatComesBackOnAnotherSideIsThere() {
    try (Store store = make("shop")) {
      ingest(store, cats(0, 12, Set.of(3)));
      learn(store);
      ingest(store, cats(4, 12, Set.of()));
      learn(store);
      ingest(store, cats(0, 12, Set.of(0)));
      assertThat(names(store.heldOut("monday"))).containsExactly("0.png");
      assertThat(learn(store).images()).isEqualTo(11);
      requireSound(store);
    }
  }

  @Test
  void aDayWhoseCountsAreNotThoseOfItsRowsIsFound() throws SQLException {
    try (Store store = make("shop")) {
      ingest(store, cats(0, 12, Set.of(3)));
      requireSound(store);
      try (Connection connection =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("shop/store.db"));
          Statement sql = connection.createStatement()) {
        sql.execute("UPDATE images SET split = 'regression' WHERE name = '4.png'");
      }
      assertThat(store.check(ProgressListener.NONE).wrong())
          .anySatisfy(
              wrong ->
                  assertThat(wrong)
                      .contains("day monday is said to have 11 to learn")
                      .contains("its rows have 10"));
    }
  }

  /** It noted of what is held out, too, what each revision changed. */
  @Test
  void aStoreOfAnEarlierVersionKnowsWhatItKnew() throws SQLException {
    try (Store store = make("shop")) {
      ingest(store, cats(0, 12, Set.of(3)));
      learn(store);
    }
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("shop/store.db"));
        Statement sql = connection.createStatement()) {
      sql.execute(
          "INSERT INTO changes SELECT day, 1, id, NULL, label FROM images WHERE split ="
              + " 'regression'");
      int version = sql.executeQuery("PRAGMA user_version").getInt(1);
      sql.execute("PRAGMA user_version = " + (version - 1));
    }
    try (Store store = Store.open(folder.resolve("shop"))) {
      requireSound(store);
      ingest(store, cats(0, 12, Set.of(4)));
      assertThat(learn(store).images()).isEqualTo(11);
      requireSound(store);
    }
  }
}
