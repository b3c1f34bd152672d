package dev.accrete.production.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Reason;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.store.ForgetRequest.What;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that go, with all that was made of them. */
class ForgettingTest {
  private static final IngestOptions OPEN = IngestOptions.defaults().withNewClasses();

  @TempDir(factory = MemoryDisk.class)
  private Path folder;

  private final Backend backend = TestImages.backend();

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
    Version version = store.update(backend, ProgressListener.NONE).orElseThrow();
    store.promote(version.id(), Promotion.by("test").forced().because("test"));
    return version;
  }

  private ForgetReport forget(Store store, What what, String value) {
    return store.forget(
        new ForgetRequest(what, value, "test", "asked for"),
        backend,
        plan -> {},
        ProgressListener.NONE);
  }

  private static void requireSound(Store store) {
    CheckReport report = store.check(ProgressListener.NONE);
    assertThat(report.wrong()).isEmpty();
    assertThat(report.leftovers()).isEmpty();
  }

  /** Images of which some show a subject. */
  private static List<Item> items(int from, int to, String subject, String... labels) {
    List<Item> items = new ArrayList<>();
    for (Item item : TestImages.items(from, to, labels)) {
      items.add(
          new Item(
              item.name(),
              item.label(),
              Optional.of(subject),
              Map.of("of", subject),
              Optional.empty(),
              item.content()));
    }
    return items;
  }

  /** Whether a text stands in any file of a store. */
  private static boolean isAnywhere(Path store, String text) throws IOException {
    byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
    try (Stream<Path> files = Files.walk(store)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (content.contains(new String(wanted, StandardCharsets.ISO_8859_1))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Images are taken out of the first; the second is learned anew. */
  @ParameterizedTest
  @ValueSource(strings = {"slda", "cwr-star"})
  void aSubjectIsGoneAsIfItHadNeverBeen(String strategy) throws IOException {
    try (Store store = make("shop", strategy);
        Store other = make("other", strategy)) {
      List<Item> monday = items(0, 12, "Ann", "cat", "dog");
      List<Item> withHim = new ArrayList<>(monday);
      withHim.addAll(items(40, 48, "Unforgettable Bob", "cat", "dog"));
      ingest(store, Source.of("monday", withHim));
      learn(store);
      ingest(store, TestImages.day("tuesday", 60, 70, "cat", "dog"));
      learn(store);
      String his = "";
      try (StoredImages images = store.trainingImages("monday")) {
        for (int i = 0; i < images.size(); i++) {
          if (images.image(i).subject().equals(Optional.of("Unforgettable Bob"))) {
            his = images.image(i).sha256();
          }
        }
      }
      store.attach(2, "card.html", "a picture of him".getBytes(StandardCharsets.UTF_8));
      assertThat(isAnywhere(folder.resolve("shop"), his)).isTrue();

      ForgetReport report = forget(store, What.SUBJECT, "Unforgettable Bob");
      assertThat(report.images()).isEqualTo(16);
      assertThat(report.removed()).containsExactly(1, 2);
      Version made = report.version().orElseThrow();
      assertThat(made.id()).isEqualTo(3);
      assertThat(made.kind()).isEqualTo(VersionKind.FORGET);
      assertThat(store.aliases())
          .isEqualTo(new Aliases(OptionalInt.of(3), OptionalInt.empty(), OptionalInt.empty()));
      assertThat(store.ledger().getLast())
          .satisfies(
              entry -> {
                assertThat(entry.action()).isEqualTo("forget");
                assertThat(entry.forced()).isTrue();
                assertThat(entry.reason()).isEqualTo("asked for");
              });
      assertThat(store.version(1).model()).isEqualTo(Kept.FORGOTTEN);
      assertThatThrownBy(() -> store.model(2)).hasMessageContaining("not there any more");

      ingest(other, Source.of("monday", monday));
      learn(other);
      ingest(other, TestImages.day("tuesday", 60, 70, "cat", "dog"));
      Version straight = learn(other);
      assertThat(made.dataDigest()).isEqualTo(straight.dataDigest());
      assertThat(made.fresh()).isEqualTo(strategy.equals("cwr-star"));
      if (made.fresh()) {
        assertThat(made.learnerDigest()).isEqualTo(straight.learnerDigest());
      }

      // His name stands in the certificate and nowhere else; of his images nothing is left.
      assertThat(isAnywhere(folder.resolve("shop"), his)).isFalse();
      assertThat(isAnywhere(folder.resolve("shop"), "\"of\":\"Unforgettable Bob\"")).isFalse();
      assertThat(isAnywhere(folder.resolve("shop"), "a picture of him")).isFalse();
      assertThat(store.tombstones().getLast().certificate())
          .contains("Unforgettable Bob", "asked for", "\"images\":16")
          .contains(store.version(2).modelDigest(), made.modelDigest());
      assertThat(store.day("monday").orElseThrow().train() + store.heldOut("monday").size())
          .isEqualTo(24);
      requireSound(store);

      // The same day with one more image does not bring him back.
      withHim.addAll(items(80, 81, "Ann", "cat"));
      DayReport again = ingest(store, Source.of("monday", withHim));
      assertThat(again.reasons()).containsEntry(Reason.FORGOTTEN, 16);
      assertThat(again.added()).isEqualTo(1);
      DayReport back =
          store.ingest(Source.of("monday", withHim), OPEN.readmitting(), ProgressListener.NONE);
      assertThat(back.added()).isEqualTo(16);
      learn(store);
      requireSound(store);
    }
  }

  @Test
  void aClassIsGoneWithItsName() throws IOException {
    try (Store store = make("shop")) {
      ingest(store, TestImages.day("monday", 0, 12, "cat", "dog", "Mr Miller"));
      learn(store);
      store.recordPrediction(
          new PredictionRecord(
              "p1", Instant.now(), 1, Optional.empty(), "Mr Miller", 1, "{\"top\":\"Mr Miller\"}"));
      ForgetReport report = forget(store, What.CLASS, "Mr Miller");
      assertThat(report.images()).isEqualTo(12);
      assertThat(report.version().orElseThrow().classes()).containsExactly("cat", "dog");
      assertThat(store.classes()).hasSize(3).doesNotContain("Mr Miller");
      assertThat(store.prediction("p1").orElseThrow().detail()).doesNotContain("Miller");
      assertThat(store.version(1).classes()).doesNotContain("Mr Miller");
      requireSound(store);
      assertThatThrownBy(() -> forget(store, What.CLASS, "Mr Miller"))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("no image of class");
      // The name may come back, under another number.
      DayReport again = ingest(store, TestImages.day("tuesday", 50, 56, "cat", "Mr Miller"));
      assertThat(again.newClasses()).containsExactly("Mr Miller");
      assertThat(store.classes()).hasSize(4);
      learn(store);
      requireSound(store);
    }
  }

  @Test
  void oneImageByTheBeginningOfItsDigest() {
    try (Store store = make("shop")) {
      ingest(store, TestImages.day("monday", 0, 12, "cat", "dog"));
      learn(store);
      String digest;
      try (StoredImages images = store.trainingImages("monday")) {
        digest = images.image(3).sha256();
      }
      ForgetReport report = forget(store, What.IMAGE, digest.substring(0, 12));
      assertThat(report.images()).isEqualTo(1);
      assertThat(report.version().orElseThrow().images()).isEqualTo(store.version(1).images() - 1);
      assertThatThrownBy(() -> store.original(digest)).hasMessageContaining("no image");
      requireSound(store);
      assertThatThrownBy(() -> forget(store, What.IMAGE, "cat")).hasMessageContaining("no digest");
      assertThatThrownBy(() -> forget(store, What.IMAGE, digest))
          .hasMessageContaining("no image of image");
      assertThatThrownBy(() -> new ForgetRequest(What.IMAGE, digest, "test", " "))
          .hasMessageContaining("needs a reason");
    }
  }

  @Test
  void whatNoVersionKnowsNeedsNoVersion() {
    try (Store store = make("shop")) {
      ingest(store, TestImages.day("monday", 0, 12, "cat", "dog"));
      learn(store);
      ingest(store, Source.of("tuesday", items(40, 44, "Bob", "cat", "dog")));
      ForgetReport report = forget(store, What.SUBJECT, "Bob");
      assertThat(report.images()).isEqualTo(8);
      assertThat(report.version()).isEmpty();
      assertThat(report.removed()).isEmpty();
      assertThat(store.aliases().champion()).hasValue(1);
      assertThat(store.update(backend, ProgressListener.NONE)).isEmpty();
      requireSound(store);
    }
  }

  @Test
  void aCandidateThatKnowsThemIsDroppedAndMadeAgain() {
    try (Store store = make("shop")) {
      ingest(store, TestImages.day("monday", 0, 12, "cat", "dog"));
      learn(store);
      List<Item> tuesday = items(40, 44, "Bob", "cat", "dog");
      tuesday.addAll(items(50, 56, "Ann", "cat", "dog"));
      ingest(store, Source.of("tuesday", tuesday));
      store.update(backend, ProgressListener.NONE);
      ForgetReport report = forget(store, What.SUBJECT, "Bob");
      assertThat(report.removed()).containsExactly(2);
      assertThat(report.version()).isEmpty();
      assertThat(store.aliases())
          .isEqualTo(new Aliases(OptionalInt.of(1), OptionalInt.empty(), OptionalInt.empty()));
      Version again = store.update(backend, ProgressListener.NONE).orElseThrow();
      assertThat(again.days()).containsExactly("tuesday");
      assertThat(again.images() - store.version(1).images()).isLessThanOrEqualTo(12);
      requireSound(store);
    }
  }

  @Test
  void ifNothingIsLeftThereIsNoChampion() {
    try (Store store = make("shop")) {
      ingest(store, Source.of("monday", items(0, 12, "Bob", "cat", "dog")));
      learn(store);
      ForgetReport report = forget(store, What.SUBJECT, "Bob");
      assertThat(report.version()).isEmpty();
      assertThat(store.aliases().champion()).isEmpty();
      assertThat(store.regressionSet().size()).isZero();
      requireSound(store);
      ingest(store, TestImages.day("tuesday", 20, 30, "cat", "dog"));
      assertThat(learn(store).id()).isEqualTo(2);
    }
  }

  /** A learner that can take images out goes on; whoever made it answers for how exact that is. */
  @Test
  void aLearnerThatCanForgetIsAsked() {
    make("shop").close();
    List<Integer> asked = new ArrayList<>();
    Unlearning unlearning =
        (learner, images) -> {
          asked.add(images.size());
          return true;
        };
    try (Store store =
        StoreFolder.open(
            folder.resolve("shop"),
            StoreLimits.defaults(),
            unlearning,
            Probe.NONE,
            Clock.systemUTC())) {
      List<Item> monday = items(0, 12, "Ann", "cat", "dog");
      monday.addAll(items(40, 48, "Bob", "cat", "dog"));
      ingest(store, Source.of("monday", monday));
      learn(store);
      Version made = forget(store, What.SUBJECT, "Bob").version().orElseThrow();
      assertThat(asked).hasSize(1);
      assertThat(made.fresh()).isFalse();
      assertThat(made.images()).isEqualTo(store.version(1).images() - asked.getFirst());
      requireSound(store);
    }
  }

  @Test
  void whatWasSetAsideOfASubjectGoesToo() {
    try (Store store = make("shop")) {
      List<Item> monday = items(0, 6, "Ann", "cat", "dog");
      byte[] blank = TestImages.blank(0);
      monday.add(
          new Item("bob.png", "cat", Optional.of("Bob"), Map.of(), Optional.empty(), () -> blank));
      ingest(store, Source.of("monday", monday));
      assertThat(store.quarantine("monday")).hasSize(1);
      assertThat(forget(store, What.SUBJECT, "Bob").images()).isZero();
      assertThat(store.quarantine("monday")).isEmpty();
      assertThatThrownBy(() -> forget(store, What.SUBJECT, "Bob"))
          .hasMessageContaining("no image of subject 'Bob'");
    }
  }
}
