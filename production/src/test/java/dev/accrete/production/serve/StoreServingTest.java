package dev.accrete.production.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Reason;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.review.Served;
import dev.accrete.production.serve.api.Keep;
import dev.accrete.production.serve.live.Classifier;
import dev.accrete.production.serve.live.Trial;
import dev.accrete.production.serve.workshop.StoreWorkshop;
import dev.accrete.production.store.DayCheck;
import dev.accrete.production.store.DayReport;
import dev.accrete.production.store.Evaluation;
import dev.accrete.production.store.Feedback;
import dev.accrete.production.store.PredictionRecord;
import dev.accrete.production.store.Promotion;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.TestImages;
import dev.accrete.production.store.VersionKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of a store, and a second process that looks at the same store. */
class StoreServingTest {
  @TempDir private Path folder;
  private TestServer server;
  private Store other;

  @BeforeEach
  void start() {
    Store store = Store.init(folder.resolve("my shop"), TestImages.config("slda"));
    server = new TestServer(folder.resolve("unused"));
    start(store, TestServer.options());
    other = Store.open(folder.resolve("my shop"));
  }

  private void start(Store store, ServeOptions options) {
    server.start(
        options,
        new StoreWorkshop(store, server.backend(), Duration.ofDays(30), Clock.systemUTC()),
        Classifier.factory(server.backend()));
  }

  @AfterEach
  void stop() {
    server.close();
    assertThat(other.check(ProgressListener.NONE).wrong()).isEmpty();
    other.close();
  }

  private TestServer.Reply teach(String label, int from, int to, String subject)
      throws InterruptedException {
    return server.post(
        "/v1/classes/" + label + "/images" + (subject.isEmpty() ? "" : "?subject=" + subject),
        "application/zip",
        TestServer.zip(label, from, to));
  }

  private void teachTwo() throws InterruptedException {
    for (String label : List.of("cat", "dog")) {
      TestServer.Reply reply = teach(label, 0, 12, "");
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      assertThat(reply.json().path("status").asText()).isEqualTo("live");
    }
  }

  private String best(String label, int number) throws InterruptedException {
    return server.classify(label, number).json().at("/images/0/classes/0/class").asText();
  }

  @Test
  void anEmptyStoreIsTaughtCorrectedAndRolledBack() throws InterruptedException {
    assertThat(server.classify("cat", 1).status()).isEqualTo(503);
    teachTwo();
    assertThat(best("cat", 50)).isEqualTo("cat");
    assertThat(best("dog", 50)).isEqualTo("dog");
    assertThat(server.get("/v1/status").json().at("/models/0/name").asText()).isEqualTo("my-shop");

    TestServer.Reply answer = server.classify("cat", 51);
    String id = answer.json().at("/images/0/id").asText();
    assertThat(
            server
                .post("/v1/feedback", "{\"id\": \"" + id + "\", \"label\": \"lynx\"}")
                .json()
                .path("corrected")
                .asInt())
        .isEqualTo(1);
    PredictionRecord record = other.prediction(id).orElseThrow();
    assertThat(record.answer()).isEqualTo("cat");
    assertThat(record.version()).isEqualTo(2);
    assertThat(other.feedback(id)).extracting(Feedback::label).containsExactly("lynx");
    assertThat(other.original(record.image().orElseThrow()))
        .hasBinaryContent(TestImages.png("cat", 51));
    Served served = Served.of(record);
    assertThat(served.confidence() + served.second()).isLessThanOrEqualTo(1 + 1e-6);

    TestServer.Reply back = server.post("/v1/rollback", "{\"reason\": \"too many dogs\"}");
    assertThat(back.status()).as(back.text()).isEqualTo(200);
    assertThat(back.json().path("live").asBoolean()).isTrue();
    assertThat(best("dog", 50)).isEqualTo("cat");
    assertThat(server.get("/v1/ledger").json().at("/movements").toString())
        .contains("rollback: too many dogs")
        .contains("promote by force: taught dog");
    assertThat(server.get("/v1/versions").json().at("/versions/0/origin").asText())
        .startsWith("teach: taught-");
  }

  @Test
  void whatTheGateDidNotBlessNeedsForce() throws InterruptedException {
    teachTwo();
    other.ingest(
        TestImages.day("tuesday", 20, 30, "cat", "eel"),
        IngestOptions.defaults().withNewClasses(),
        ProgressListener.NONE);
    int made = other.update(server.backend(), ProgressListener.NONE).orElseThrow().id();

    TestServer.Reply refused = server.post("/v1/promote", "{}");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().at("/error/message").asText()).contains("was not evaluated");
    other.recordEvaluation(
        new Evaluation(
            0,
            made,
            OptionalInt.of(2),
            Instant.now(),
            true,
            "[]",
            "{\"slices\": [{\"metrics\": {\"accuracy\": {\"value\": 0.875}}}]}"));
    assertThat(server.post("/v1/promote", "{}").json().path("live").asBoolean()).isTrue();
    assertThat(best("eel", 60)).isEqualTo("eel");
    TestServer.Reply versions = server.get("/v1/versions");
    assertThat(versions.json().at("/versions/0/verdict").asText()).isEqualTo("blessed");
    assertThat(versions.json().at("/versions/0/figures/accuracy").asDouble()).isEqualTo(0.875);
  }

  @Test
  void aLessonTakesNothingElseIntoProduction() throws InterruptedException {
    teachTwo();
    other.ingest(
        TestImages.day("unjudged", 20, 30, "eel"),
        IngestOptions.defaults().withNewClasses(),
        ProgressListener.NONE);
    TestServer.Reply reply = teach("fox", 0, 10, "");
    assertThat(reply.json().path("images").asInt()).isEqualTo(10);
    assertThat(server.get("/v1/classes").json().path("classes").toString())
        .isEqualTo("[\"cat\",\"dog\",\"fox\"]");
    assertThat(other.version(3).kind()).isEqualTo(VersionKind.TEACH);
    // The evening's update learns what was left.
    assertThat(other.update(server.backend(), ProgressListener.NONE).orElseThrow().days())
        .containsExactly("unjudged");
  }

  @Test
  void theSameLessonTwiceIsRefusedAndNothingChanges() throws InterruptedException {
    teachTwo();
    TestServer.Reply again = teach("dog", 0, 12, "");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.json().at("/error/message").asText()).contains("the same file as");
    assertThat(other.aliases().champion()).hasValue(2);
  }

  @Test
  void aPromotionByAnotherProcessIsNoticed() throws InterruptedException {
    teachTwo();
    other.rollback(OptionalInt.of(1), "other", "tried");
    for (int i = 0; i < 500 && version() != 1; i++) {
      Thread.sleep(10);
    }
    assertThat(version()).isEqualTo(1);
    other.promote(2, Promotion.by("other").because("back").forced());
    for (int i = 0; i < 500 && version() != 2; i++) {
      Thread.sleep(10);
    }
    assertThat(version()).isEqualTo(2);
  }

  private int version() throws InterruptedException {
    return server.classify("cat", 1).json().path("version").asInt();
  }

  @Test
  void aDamagedVersionLeavesTheOldOneAtWork() throws Exception {
    teachTwo();
    other.rollback(OptionalInt.of(1), "other", "to damage the other");
    for (int i = 0; i < 500 && version() != 1; i++) {
      Thread.sleep(10);
    }
    teach("fox", 0, 10, "");
    teach("gnu", 0, 10, "");
    int last = other.aliases().champion().orElseThrow();
    Path file = other.modelFile(2);
    byte[] sound = Files.readAllBytes(file);
    byte[] damaged = sound.clone();
    damaged[sound.length / 2] ^= 1;
    Files.write(file, damaged);

    other.promote(2, Promotion.by("other").because("see").forced());
    for (int i = 0;
        i < 500 && !server.get("/v1/status").json().at("/models/0").has("failure");
        i++) {
      Thread.sleep(10);
    }
    assertThat(server.get("/v1/status").json().at("/models/0/failure/version").asInt())
        .isEqualTo(2);
    assertThat(version()).isEqualTo(last);
    Files.write(file, sound);
    for (int i = 0; i < 500 && version() != 2; i++) {
      Thread.sleep(10);
    }
    assertThat(version()).isEqualTo(2);
  }

  @Test
  void aSubjectIsForgottenEverywhere() throws InterruptedException {
    teachTwo();
    assertThat(teach("ann", 0, 10, "ann").status()).isEqualTo(200);
    String id =
        server
            .post("/v1/classify?subject=ann", "image/png", TestImages.png("cat", 80))
            .json()
            .at("/images/0/id")
            .asText();
    server.post("/v1/feedback", "{\"id\": \"" + id + "\", \"label\": \"dog\"}");
    Path original = other.original(other.prediction(id).orElseThrow().image().orElseThrow());
    assertThat(original).exists();

    TestServer.Reply gone = server.delete("/v3/user_data?customer_id=ann");

    assertThat(gone.status()).as(gone.text()).isEqualTo(200);
    assertThat(gone.json().at("/forgotten/0/images").asInt()).isEqualTo(10);
    assertThat(gone.json().at("/forgotten/0/answers").asInt()).isEqualTo(1);
    assertThat(gone.json().at("/forgotten/0/certificate").asText()).contains("ann");
    assertThat(other.prediction(id)).isEmpty();
    assertThat(server.get("/v1/classify").status()).isEqualTo(405);
    other.gc();
    assertThat(original).doesNotExist();
    assertThat(
            server.delete("/v3/user_data?customer_id=bob").json().at("/forgotten/0/images").asInt())
        .isZero();
    assertThat(version()).isEqualTo(gone.json().at("/forgotten/0/version").asInt());
  }

  @Test
  void aShadowsAnswersAreKeptBesideTheOthers() throws InterruptedException {
    teachTwo();
    other.ingest(
        TestImages.day("tuesday", 20, 30, "eel"),
        IngestOptions.defaults().withNewClasses(),
        ProgressListener.NONE);
    assertThat(other.update(server.backend(), ProgressListener.NONE)).isPresent();
    server.post("/v1/shadow", "{\"share\": 1}");
    String id = server.classify("eel", 70).json().at("/images/0/id").asText();
    for (int i = 0; i < 500 && shadow(id).isEmpty(); i++) {
      Thread.sleep(10);
    }
    assertThat(shadow(id).map(Served.Shadow::answer)).hasValue("eel");
    assertThat(server.server().roster().main().trial().shadow()).isEqualTo(1);
  }

  private Optional<Served.Shadow> shadow(String id) {
    return other.prediction(id).flatMap(record -> Served.of(record).shadow());
  }

  @Test
  void aServerThatStartsAgainGoesOnWhereItWas() throws InterruptedException {
    teachTwo();
    server.server().close();
    start(
        Store.open(folder.resolve("my shop")),
        TestServer.options().keeping(Keep.NONE).with(Trial.none()));
    assertThat(version()).isEqualTo(2);
    String id = server.classify("dog", 33).json().at("/images/0/id").asText();
    server.server().roster().main().flush();
    assertThat(other.prediction(id).orElseThrow().image()).isEmpty();
  }

  /** What production got wrong is the next day. */
  @Test
  void whatWasCorrectedIsKnownAfterTheNextUpdate() throws InterruptedException {
    teachTwo();
    for (int i = 0; i < 12; i++) {
      String id = server.classify("eel", i).json().at("/images/0/id").asText();
      TestServer.Reply reply =
          server.post("/v1/feedback", "{\"id\": \"" + id + "\", \"label\": \"eel\"}");
      assertThat(reply.json().path("unknown").toString()).isEqualTo("[\"eel\"]");
    }
    assertThat(best("eel", 70)).isNotEqualTo("eel");
    assertThat(other.waitingFeedback().labels()).isEqualTo(12);
    other
        .feedbackDays(true)
        .forEach(
            day ->
                other.ingest(
                    day, IngestOptions.defaults().withNewClasses(), ProgressListener.NONE));
    int made = other.update(server.backend(), ProgressListener.NONE).orElseThrow().id();
    other.promote(made, Promotion.by("test").because("see").forced());
    for (int i = 0; i < 500 && version() != made; i++) {
      Thread.sleep(10);
    }
    assertThat(best("eel", 70)).isEqualTo("eel");
    assertThat(best("cat", 70)).isEqualTo("cat");
    assertThat(other.feedbackDays(true)).isEmpty();
  }

  @Test
  void imagesOfOldAnswersAreLetGoUnlessALabelCame() throws InterruptedException {
    teachTwo();
    String first = server.classify("cat", 90).json().at("/images/0/id").asText();
    String second = server.classify("cat", 91).json().at("/images/0/id").asText();
    server.post("/v1/feedback", "{\"id\": \"" + second + "\", \"label\": \"cat\"}");
    assertThat(other.releaseImages(Instant.now().minusSeconds(3600))).isZero();
    assertThat(other.releaseImages(Instant.now().plusSeconds(1))).isEqualTo(1);
    assertThat(other.prediction(first).orElseThrow().image()).isEmpty();
    assertThat(other.prediction(second).orElseThrow().image()).isPresent();
    other.gc();
  }

  /** Whoever only asked has as much of a right as whoever taught. */
  @Test
  void aSubjectThatOnlyAskedLeavesACertificateAndDoesNotComeInAgain() throws InterruptedException {
    teachTwo();
    server.post("/v1/classify?subject=ann", "image/png", TestImages.png("cat", 80));
    TestServer.Reply gone = server.delete("/v3/user_data?customer_id=ann");
    assertThat(gone.json().at("/forgotten/0/answers").asInt()).isEqualTo(1);
    assertThat(other.tombstones()).hasSize(1);
    assertThat(gone.json().at("/forgotten/0/certificate").asText())
        .isEqualTo(other.tombstones().getFirst().certificate());
    DayReport again =
        other.ingest(
            Source.of("again", List.of(Item.of("1.png", "cat", () -> TestImages.png("cat", 80)))),
            IngestOptions.defaults(),
            ProgressListener.NONE);
    assertThat(again.reasons()).containsOnlyKeys(Reason.FORGOTTEN);
  }

  /** Nothing is done by halves while a day is taken in. */
  @Test
  void aSubjectIsForgottenWhollyOrNotAtAll() throws Exception {
    teachTwo();
    teach("ann", 0, 10, "ann");
    String id =
        server
            .post("/v1/classify?subject=ann", "image/png", TestImages.png("cat", 80))
            .json()
            .at("/images/0/id")
            .asText();
    server.server().roster().main().flush();
    DayCheck meanwhile =
        images -> {
          try {
            TestServer.Reply busy = server.delete("/v3/user_data?customer_id=ann");
            assertThat(busy.status()).as(busy.text()).isGreaterThanOrEqualTo(400);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          assertThat(other.prediction(id)).isPresent();
          return DayCheck.Finding.NOTHING;
        };
    other.ingest(
        TestImages.day("tuesday", 20, 26, "cat"),
        IngestOptions.defaults(),
        meanwhile,
        ProgressListener.NONE);
    TestServer.Reply gone = server.delete("/v3/user_data?customer_id=ann");
    assertThat(gone.json().at("/forgotten/0/images").asInt()).isEqualTo(10);
    assertThat(gone.json().at("/forgotten/0/answers").asInt()).isEqualTo(1);
    assertThat(other.prediction(id)).isEmpty();
  }
}
