package dev.accrete.production.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.accrete.nn.Prediction;
import dev.accrete.nn.Predictor;
import dev.accrete.production.store.TestImages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /v1/classify}: one image, several, a ZIP, and those that cannot be read. */
class ClassifyTest {
  @TempDir private static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer(folder).taught().start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void oneImageIsAnsweredAsTheModelAnswersIt() throws InterruptedException {
    try (Predictor predictor = server.workshop().model(1).open(server.backend())) {
      for (String label : List.of("cat", "dog")) {
        byte[] image = TestImages.png(label, 40);
        TestServer.Reply reply = server.post("/v1/classify", "image/png", image);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("model").asText()).isEqualTo("shop");
        assertThat(reply.json().path("version").asInt()).isEqualTo(1);
        JsonNode answer = reply.json().path("images").path(0);
        assertThat(answer.path("id").asText()).hasSize(26);
        Prediction expected = predictor.predict(image);
        assertThat(answer.path("classes")).hasSize(2);
        for (int k = 0; k < 2; k++) {
          JsonNode found = answer.path("classes").path(k);
          Prediction.Candidate wanted = expected.candidates().get(k);
          assertThat(found.path("class").asText()).isEqualTo(wanted.name());
          assertThat(found.path("probability").asDouble())
              .isCloseTo(wanted.probability(), within(1e-5));
        }
        assertThat(answer.path("classes").path(0).path("class").asText()).isEqualTo(label);
      }
    }
  }

  @Test
  void topAndThresholdChooseWhatIsTold() throws InterruptedException {
    byte[] image = TestImages.png("cat", 41);
    assertThat(server.post("/v1/classify?top=1", "image/png", image).json().at("/images/0/classes"))
        .hasSize(1);
    assertThat(server.post("/v1/classify?threshold=0.5", "", image).json().at("/images/0/classes"))
        .hasSize(1);
    TestServer.Reply wrong = server.post("/v1/classify?top=none", "image/png", image);
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.json().at("/error/message").asText())
        .isEqualTo("top is 'none', must be a whole number of 1 to 10000");
    assertThat(server.post("/v1/classify?threshold=2", "image/png", image).status()).isEqualTo(400);
  }

  @Test
  void imagesOfAFormAndOfItsZipsAreAnsweredInOrder() throws InterruptedException {
    Map<String, byte[]> packed = new LinkedHashMap<>();
    packed.put("a/", new byte[0]);
    packed.put("a/dog.png", TestImages.png("dog", 50));
    packed.put("__MACOSX/a/._dog.png", new byte[] {1});
    packed.put("a/broken.png", new byte[] {1, 2, 3});
    packed.put("a/cat.png", TestImages.png("cat", 51));
    TestServer.Form form =
        new TestServer.Form()
            .text("note", "not an image")
            .file("images", "one.png", TestImages.png("cat", 52))
            .file("images", "more.zip", TestServer.zip(packed))
            .file("images", "last.png", TestImages.png("dog", 53));

    TestServer.Reply reply = server.post("/v1/classify?top=1", form);

    assertThat(reply.status()).isEqualTo(200);
    JsonNode images = reply.json().path("images");
    assertThat(TestServer.texts(images, "image"))
        .containsExactly("one.png", "a/dog.png", "a/broken.png", "a/cat.png", "last.png");
    assertThat(images.path(0).at("/classes/0/class").asText()).isEqualTo("cat");
    assertThat(images.path(1).at("/classes/0/class").asText()).isEqualTo("dog");
    assertThat(images.path(2).at("/error/code").asText()).isEqualTo("unreadable_image");
    assertThat(images.path(2).at("/error/message").asText()).contains("a/broken.png");
    assertThat(images.path(2).has("id")).isFalse();
    assertThat(images.path(3).at("/classes/0/class").asText()).isEqualTo("cat");
    assertThat(images.path(4).at("/classes/0/class").asText()).isEqualTo("dog");
  }

  /** Java would read the last of them for each. */
  @Test
  void entriesOfOneNameInAZipAreNotTakenForEachOther() throws InterruptedException {
    byte[] zip = TestServer.zip("cat", 60, 63);
    String text = new String(zip, StandardCharsets.ISO_8859_1).replace("cat/61.png", "cat/60.png");
    JsonNode images =
        server
            .post("/v1/classify", "application/zip", text.getBytes(StandardCharsets.ISO_8859_1))
            .json()
            .path("images");
    assertThat(images).hasSize(3);
    for (int i = 0; i < 2; i++) {
      assertThat(images.path(i).toString()).contains("is the name of several entries");
    }
    assertThat(images.path(2).at("/classes/0/class").asText()).isEqualTo("cat");
  }

  @Test
  void aZipAloneIsAnswered() throws InterruptedException {
    byte[] zip = TestServer.zip("cat", 60, 63);
    for (String type : List.of("application/zip", "application/octet-stream")) {
      TestServer.Reply reply = server.post("/v1/classify", type, zip);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.json().path("images")).hasSize(3);
    }
  }

  @Test
  void whatCannotBeAnsweredIsNamed() throws InterruptedException {
    TestServer.Reply broken = server.post("/v1/classify", "image/jpeg", new byte[] {1, 2, 3});
    assertThat(broken.status()).isEqualTo(422);
    assertThat(broken.json().at("/error/code").asText()).isEqualTo("unreadable_image");
    assertThat(broken.json().at("/error/message").asText())
        .contains("'image'")
        .contains("no JPEG, PNG, WebP, BMP or GIF");
    assertThat(server.post("/v1/classify", "image/jpeg", new byte[0]).status()).isEqualTo(422);
    TestServer.Reply empty = server.post("/v1/classify", new TestServer.Form().text("a", "b"));
    assertThat(empty.status()).isEqualTo(400);
    assertThat(empty.json().at("/error/code").asText()).isEqualTo("no_image");
    assertThat(server.post("/v1/classify", "{}").status()).isEqualTo(415);
    assertThat(server.post("/v1/classify?model=other", "image/png", new byte[1]).status())
        .isEqualTo(404);
    assertThat(server.post("/v1/other", "{}").status()).isEqualTo(404);
    TestServer.Reply method = server.get("/v1/classify");
    assertThat(method.status()).isEqualTo(405);
    assertThat(method.json().at("/error/message").asText()).contains("POST");
  }

  @Test
  void aServerWithoutAVersionSaysSoAndIsNotReady() throws InterruptedException {
    try (TestServer fresh = new TestServer(folder.resolve("fresh")).start()) {
      TestServer.Reply reply = fresh.classify("cat", 1);
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.json().at("/error/code").asText()).isEqualTo("no_model");
      assertThat(reply.header("Retry-After")).isEqualTo("1");
      assertThat(fresh.get("/v2/health/ready").status()).isEqualTo(503);
      assertThat(fresh.get("/v2/health/live").status()).isEqualTo(200);
    }
    assertThat(server.get("/v2/health/ready").status()).isEqualTo(200);
  }

  @Test
  void everyAnswerIsKeptForLater() throws InterruptedException {
    TestServer.Reply reply =
        server.post("/v1/classify?subject=ann", "image/png", TestImages.png("cat", 70));
    String id = reply.json().at("/images/0/id").asText();
    server.server().roster().main().flush();

    assertThat(server.workshop().answers())
        .last()
        .satisfies(
            answer -> {
              assertThat(answer.id()).isEqualTo(id);
              assertThat(answer.version()).isEqualTo(1);
              assertThat(answer.label()).isEqualTo("cat");
              assertThat(answer.subject()).hasValue("ann");
              assertThat(answer.content()).hasValue(TestImages.png("cat", 70));
            });
  }
}
