package dev.accrete.production.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.data.ProgressListener;
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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every place where something of an image may be: after it was forgotten the whole folder is
 * searched for its file, its pixels, its digest, and the names that go with it.
 */
class TracesTest {
  private static final IngestOptions OPEN = IngestOptions.defaults().withNewClasses();
  private static final String BOB = "Unforgettable Bob";
  private static final byte[] PHOTO = TestImages.png("cat", 777);

  @TempDir(factory = MemoryDisk.class)
  private Path folder;

  private final Backend backend = TestImages.backend();
  private Path home;
  private Store store;

  @BeforeEach
  void make() {
    open("shop", "slda");
  }

  private void open(String name, String strategy) {
    home = folder.resolve(name);
    store = Store.init(home, TestImages.config(strategy));
  }

  @AfterEach
  void close() {
    store.close();
    backend.close();
  }

  private DayReport ingest(Source day) {
    return store.ingest(day, OPEN, ProgressListener.NONE);
  }

  private int learn() {
    return store.update(backend, ProgressListener.NONE).orElseThrow().id();
  }

  private void promote(int version) {
    store.promote(version, Promotion.by("test").forced().because("test"));
  }

  private ForgetReport forget(What what, String value) {
    return store.forget(
        new ForgetRequest(what, value, "test", "asked for"),
        backend,
        plan -> {},
        ProgressListener.NONE);
  }

  private static Item photo(String name, String label, Optional<String> subject) {
    return new Item(name, label, subject, Map.of(), Optional.empty(), () -> PHOTO);
  }

  /** A day of other images, and the photo. */
  private static Source withPhoto(String day, int from, String label, Optional<String> subject) {
    List<Item> items = TestImages.items(from, from + 10, "cat", "dog");
    items.add(photo("the photo.png", label, subject));
    return Source.of(day, items);
  }

  private static String sha() {
    return Digests.of(PHOTO);
  }

  private byte[] pixels() {
    try (StoredImages images = store.images()) {
      for (int i = 0; i < images.size(); i++) {
        if (images.image(i).sha256().equals(sha())) {
          byte[] pixels = new byte[3 * images.height() * images.width()];
          images.read(i, pixels, 0);
          return pixels;
        }
      }
    }
    throw new AssertionError("the photo is not in the store");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static boolean isAnywhere(Path folder, byte[] wanted) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.toString().contains(text(wanted))
            || text(Files.readAllBytes(file)).contains(text(wanted))) {
          return true;
        }
      }
      return false;
    }
  }

  private void requireGone(byte[] pixels) throws IOException {
    assertThat(isAnywhere(home, PHOTO)).as("the file").isFalse();
    assertThat(isAnywhere(home, pixels)).as("the pixels").isFalse();
    assertThat(isAnywhere(home, sha().getBytes(StandardCharsets.UTF_8))).as("digest").isFalse();
    requireSound();
  }

  /** A name may stand in the certificate, and nowhere else. */
  private void requireUnnamed(String name) throws IOException, SQLException {
    assertThat(
            Snapshot.of(home).stream()
                .filter(line -> line.contains(name) && !line.startsWith("tombstones|")))
        .isEmpty();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().startsWith("store.db")) {
          assertThat(text(Files.readAllBytes(file))).as("%s", file).doesNotContain(name);
        }
      }
    }
  }

  private void requireSound() {
    CheckReport report = store.check(ProgressListener.NONE);
    assertThat(report.wrong()).isEmpty();
    assertThat(report.leftovers()).isEmpty();
  }

  private void answer(String id, String label, Optional<byte[]> image, String detail) {
    Optional<String> kept = image.map(bytes -> store.keepImages(List.of(bytes)).getFirst());
    store.recordPrediction(new PredictionRecord(id, Instant.now(), 1, kept, label, 1, detail));
  }

  private static String ofBob() {
    return "{\"subject\":\"" + BOB + "\"}";
  }

  /** A version that was blocked learned it, then the day came again without it. */
  @Test
  void aCorrectedDayOfABlockedVersion() throws IOException {
    ingest(TestImages.day("monday", 0, 20, "cat", "dog"));
    promote(learn());
    ingest(withPhoto("tuesday", 30, "cat", Optional.empty()));
    int blocked = learn();
    byte[] pixels = pixels();
    store.recordEvaluation(
        new Evaluation(0, blocked, OptionalInt.of(1), Instant.now(), false, "[]", "{}"));
    assertThat(store.day("tuesday").orElseThrow().state()).isEqualTo(DayState.BLOCKED);
    ingest(TestImages.day("tuesday", 30, 40, "cat", "dog"));
    ForgetReport report = forget(What.IMAGE, sha());
    assertThat(report.images()).isEqualTo(1);
    assertThat(report.removed()).containsExactly(blocked);
    assertThat(report.version()).as("the champion did not know it").isEmpty();
    requireGone(pixels);
  }

  @Test
  void pagesAndWhatADayCheckRemembers() throws IOException {
    DayCheck remembers =
        images ->
            new DayCheck.Finding(
                Optional.empty(),
                Optional.of("{\"brightness\":0.123456}"),
                Optional.of(("seen " + images.sha256(0)).getBytes(StandardCharsets.UTF_8)));
    store.ingest(
        Source.of("monday", List.of(photo("a.png", "cat", Optional.empty()))),
        OPEN,
        remembers,
        ProgressListener.NONE);
    byte[] pixels = pixels();
    ingest(TestImages.day("tuesday", 0, 20, "cat", "dog"));
    promote(learn());
    store.attach(1, "card.html", PHOTO);
    assertThat(Files.readString(store.checkMemory().orElseThrow())).contains(sha());
    ForgetReport report = forget(What.IMAGE, sha());
    assertThat(store.checkMemory()).isEmpty();
    assertThat(store.day("monday").orElseThrow().drift()).isEmpty();
    assertThat(report.tombstone().certificate())
        .contains("\"pages\":1", "\"driftReference\":true", "\"driftOfDays\":1")
        .contains(sha().substring(0, 12) + "...");
    requireGone(pixels);
  }

  @Test
  void answersWithASubject() throws IOException, SQLException {
    ingest(TestImages.day("monday", 0, 20, "cat", "dog"));
    promote(learn());
    answer("p1", "cat", Optional.of(PHOTO), ofBob());
    answer("p2", "dog", Optional.of(PHOTO), "{}");
    answer("p3", "dog", Optional.empty(), "{}");
    store.recordFeedback(new Feedback("p1", "cat", Instant.now(), "test"));
    store.attach(1, "card.html", PHOTO);
    ForgetReport report = forget(What.SUBJECT, BOB);
    assertThat(report.images()).isZero();
    assertThat(report.answers()).as("all answers for one of his pictures").isEqualTo(2);
    assertThat(report.removed()).isEmpty();
    assertThat(store.prediction("p3")).isPresent();
    requireGone(PHOTO);
    requireUnnamed(BOB);
    assertThat(ingest(withPhoto("tuesday", 30, "cat", Optional.empty())).reasons())
        .containsEntry(Reason.FORGOTTEN, 1);
  }

  /** The server goes on while a version is made without him. */
  @Test
  void answersThatComeInMeanwhile() throws IOException, SQLException {
    ingest(withPhoto("monday", 0, "cat", Optional.of(BOB)));
    byte[] pixels = pixels();
    promote(learn());
    ForgetReport report =
        store.forget(
            new ForgetRequest(What.SUBJECT, BOB, "test", "asked for"),
            backend,
            plan -> answer("p1", "cat", Optional.of(PHOTO), ofBob()),
            ProgressListener.NONE);
    assertThat(report.answers()).isEqualTo(1);
    assertThat(store.prediction("p1")).isEmpty();
    requireGone(pixels);
    requireUnnamed(BOB);
  }

  @Test
  void anAnswersImageByItsDigest() throws IOException {
    ingest(TestImages.day("monday", 0, 20, "cat", "dog"));
    promote(learn());
    answer("p1", "cat", Optional.of(PHOTO), "{}");
    assertThat(forget(What.IMAGE, sha().substring(0, 10)).answers()).isEqualTo(1);
    requireGone(PHOTO);
  }

  @Test
  void answersWhoseImageShowsAClass() throws IOException, SQLException {
    ingest(TestImages.day("monday", 0, 20, "cat", "Mr Miller"));
    promote(learn());
    answer("guessed", "Mr Miller", Optional.of(TestImages.png("dog", 500)), "{}");
    answer("told", "cat", Optional.of(PHOTO), "{\"second\":\"Mr Miller\"}");
    store.recordFeedback(new Feedback("told", "Mr Miller", Instant.now(), "test"));
    answer("denied", "Mr Miller", Optional.of(TestImages.png("dog", 501)), "{}");
    store.recordFeedback(new Feedback("denied", "cat", Instant.now(), "test"));
    assertThat(forget(What.CLASS, "Mr Miller").answers()).isEqualTo(2);
    assertThat(store.prediction("denied").orElseThrow().answer()).isEqualTo("(forgotten class 0)");
    assertThat(isAnywhere(home, TestImages.png("dog", 500))).isFalse();
    assertThat(isAnywhere(home, TestImages.png("dog", 501))).isTrue();
    requireGone(PHOTO);
    requireUnnamed("Mr Miller");
  }

  /** Learners declare all classes there are, whether they learn an image of them or not. */
  @ParameterizedTest
  @ValueSource(strings = {"slda", "cwr-star"})
  void theNameOfAClassInFilesOfVersionsThatDidNotLearnIt(String strategy)
      throws IOException, SQLException {
    store.close();
    open("name-" + strategy, strategy);
    ingest(TestImages.day("monday", 0, 12, "cat", "dog"));
    ingest(TestImages.day("tuesday", 20, 32, "cat", "Mr Miller"));
    promote(
        store
            .update(backend, UpdateOptions.by("test").only("monday"), ProgressListener.NONE)
            .orElseThrow()
            .id());
    assertThat(isAnywhere(home.resolve("versions"), "Mr Miller".getBytes(StandardCharsets.UTF_8)))
        .isTrue();
    ForgetReport report = forget(What.CLASS, "Mr Miller");
    assertThat(report.removed()).containsExactly(1);
    assertThat(report.version().orElseThrow().classes()).doesNotContain("Mr Miller");
    requireUnnamed("Mr Miller");
    requireSound();
    assertThat(learn()).isEqualTo(3);
    requireSound();
  }

  @Test
  void whatAGateFoundOfASubject() throws IOException, SQLException {
    ingest(withPhoto("monday", 0, "cat", Optional.of(BOB)));
    promote(learn());
    ingest(TestImages.day("tuesday", 30, 40, "cat", "dog"));
    int second = learn();
    String about =
        "{\"slice\":\"subject=" + BOB + "\",\"values\":{\"subject\":\"" + BOB + "\"},\"x\":0.77}";
    String other = "{\"slice\":\"class=cat\",\"text\":\"as for " + BOB + ", no\",\"x\":0.5}";
    store.recordEvaluation(
        new Evaluation(
            0,
            second,
            OptionalInt.of(1),
            Instant.now(),
            true,
            "[" + about + "," + other + "]",
            "{\"slices\":[" + about + "]}"));
    byte[] pixels = pixels();
    forget(What.SUBJECT, BOB);
    Evaluation left = store.evaluations(second).getFirst();
    assertThat(left.reasons())
        .isEqualTo(
            "[{\"slice\":\"class=cat\",\"text\":\"as for (forgotten subject), no\",\"x\":0.5}]");
    assertThat(left.metrics()).isEqualTo("{\"slices\":[]}");
    requireGone(pixels);
    requireUnnamed(BOB);
  }

  @Test
  void whatWasSetAsideBecauseOfIt() throws IOException, SQLException {
    ingest(withPhoto("monday", 0, "cat", Optional.empty()));
    byte[] pixels = pixels();
    // The same file with a subject: set aside as a duplicate, and yet it says whom it shows.
    ingest(withPhoto("tuesday", 30, "cat", Optional.of(BOB)));
    List<Item> near = TestImages.items(60, 70, "cat", "dog");
    near.add(photo("again.png", "dog", Optional.empty()));
    ingest(Source.of("wednesday", near));
    assertThat(store.quarantine("wednesday").getFirst().detail()).contains("the photo.png");
    ForgetReport report = forget(What.SUBJECT, BOB);
    assertThat(report.images()).isEqualTo(1);
    assertThat(report.tombstone().certificate()).contains("\"setAside\":2");
    requireGone(pixels);
    requireUnnamed(BOB);
    requireUnnamed("the photo.png");
  }

  @Test
  void aSubjectThatOnlyAnswersNameTakesImagesAlong() throws IOException, SQLException {
    ingest(withPhoto("monday", 0, "cat", Optional.empty()));
    byte[] pixels = pixels();
    promote(learn());
    answer("p1", "cat", Optional.of(PHOTO), ofBob());
    assertThat(store.knowsSubject(BOB)).isTrue();
    assertThat(forget(What.SUBJECT, BOB).answers()).isEqualTo(1);
    assertThat(store.knowsSubject(BOB)).isFalse();
    requireGone(pixels);
    requireUnnamed(BOB);
  }

  @Test
  void whatAKilledServerWasAboutToKeep() throws IOException {
    ingest(withPhoto("monday", 0, "cat", Optional.empty()));
    byte[] pixels = pixels();
    Path unfinished = Files.createDirectories(home.resolve("tmp/put-killed"));
    Files.write(unfinished.resolve(sha()), PHOTO);
    forget(What.IMAGE, sha());
    new Disk(Probe.NONE).remove(unfinished);
    requireGone(pixels);
  }

  @Test
  void anImageThatIsBeingKeptIsNotReleased() throws IOException {
    ingest(TestImages.day("monday", 0, 20, "cat", "dog"));
    promote(learn());
    answer("old", "cat", Optional.of(PHOTO), "{}");
    String digest = store.keepImages(List.of(PHOTO)).getFirst();
    store.releaseImages(Instant.now().plusSeconds(60));
    store.gc();
    store.recordPrediction(
        new PredictionRecord("new", Instant.now(), 1, Optional.of(digest), "cat", 1, "{}"));
    assertThat(Files.readAllBytes(store.original(digest))).isEqualTo(PHOTO);
    requireSound();
    assertThat(store.releaseImages(Instant.now().plusSeconds(60))).isEqualTo(1);
    store.gc();
    requireGone(PHOTO);
  }

  @Test
  void anImageThatIsForgottenWhileItIsKeptIsNotNamed() throws IOException {
    ingest(TestImages.day("monday", 0, 20, "cat", "dog"));
    promote(learn());
    answer("old", "cat", Optional.of(PHOTO), ofBob());
    String digest = store.keepImages(List.of(PHOTO)).getFirst();
    forget(What.SUBJECT, BOB);
    store.recordPrediction(
        new PredictionRecord("new", Instant.now(), 1, Optional.of(digest), "cat", 1, "{}"));
    assertThat(store.prediction("new").orElseThrow().image()).isEmpty();
    requireGone(PHOTO);
    // Nor is it kept when it is asked about again.
    answer("again", "cat", Optional.of(PHOTO), "{}");
    requireGone(PHOTO);
  }

  /** It is forgotten just before its file gets its name. */
  @Test
  void anImageThatIsForgottenWhileItIsWrittenIsRemovedAgain() throws Exception {
    ingest(withPhoto("monday", 0, "cat", Optional.of(BOB)));
    promote(learn());
    new Disk(Probe.NONE).remove(home.resolve("blobs").resolve(sha().substring(0, 2)));
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch forgotten = new CountDownLatch(1);
    Probe probe =
        operation -> {
          if (operation.startsWith("make") && operation.contains("blobs")) {
            written.countDown();
            await(forgotten);
          }
        };
    AtomicReference<Future<List<String>>> kept = new AtomicReference<>();
    try (Store server = StoreFolder.open(home, StoreLimits.defaults(), probe, Clock.systemUTC());
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      store.forget(
          new ForgetRequest(What.SUBJECT, BOB, "test", "asked for"),
          backend,
          plan -> {
            kept.set(threads.submit(() -> server.keepImages(List.of(PHOTO))));
            await(written);
          },
          ProgressListener.NONE);
      forgotten.countDown();
      assertThat(kept.get().get()).containsExactly(sha());
    }
    requireGone(PHOTO);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What nobody names may be announced while it is being removed. */
  @Test
  void aLeftoverIsNotRemovedFromUnderWhoeverKeepsIt() throws Exception {
    ingest(TestImages.day("monday", 0, 20, "cat", "dog"));
    promote(learn());
    answer("old", "cat", Optional.of(PHOTO), "{}");
    store.releaseImages(Instant.now().plusSeconds(60));
    store.gc();
    Path blob = home.resolve("blobs").resolve(sha().substring(0, 2)).resolve(sha());
    Files.createDirectories(blob.getParent());
    Files.write(blob, PHOTO);
    AtomicReference<Future<List<String>>> keeping = new AtomicReference<>();
    try (ExecutorService server = Executors.newSingleThreadExecutor()) {
      Probe probe =
          operation -> {
            if (operation.startsWith("remove") && operation.endsWith(sha())) {
              keeping.set(server.submit(() -> store.keepImages(List.of(PHOTO))));
              await(keeping.get());
            }
          };
      try (Store collector =
          StoreFolder.open(home, StoreLimits.defaults(), probe, Clock.systemUTC())) {
        collector.gc();
      }
      String digest = keeping.get().get().getFirst();
      store.recordPrediction(
          new PredictionRecord("new", Instant.now(), 1, Optional.of(digest), "cat", 1, "{}"));
    }
    requireSound();
  }

  /** Long enough for one that need not wait. */
  private static void await(Future<?> work) {
    try {
      work.get(2, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      assertThat(work.isDone()).isFalse();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Rows of earlier versions of this program spell a name as its file system does. */
  @Test
  void aSubjectIsForgottenHoweverItIsSpelled() throws IOException, SQLException {
    String composed = "Zo\u00e9 Unforgettable";
    String apart = "Zoe\u0301 Unforgettable";
    ingest(withPhoto("monday", 0, "cat", Optional.of(composed)));
    byte[] pixels = pixels();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home + "/store.db");
        PreparedStatement sql =
            connection.prepareStatement("UPDATE images SET subject = ? WHERE subject = ?")) {
      sql.setString(1, apart);
      sql.setString(2, composed);
      assertThat(sql.executeUpdate()).isEqualTo(1);
    }
    promote(learn());
    answer("p1", "dog", Optional.of(TestImages.png("dog", 900)), "{\"subject\":\"" + apart + "\"}");
    assertThat(store.knowsSubject(composed)).isTrue();
    ForgetReport report = forget(What.SUBJECT, composed);
    assertThat(report.images()).isEqualTo(1);
    assertThat(report.answers()).isEqualTo(1);
    requireGone(pixels);
    requireUnnamed(apart);
    ingest(withPhoto("tuesday", 30, "cat", Optional.of(composed)));
    assertThat(store.quarantine("tuesday"))
        .extracting(Quarantined::reason)
        .contains(Reason.FORGOTTEN);
    assertThat(forget(What.SUBJECT, apart).tombstone().certificate()).contains(composed);
  }
}
