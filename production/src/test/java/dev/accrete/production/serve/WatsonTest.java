package dev.accrete.production.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.accrete.production.store.TestImages;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manner of Watson. */
class WatsonTest {
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

  private static TestServer.Form examples(String... labels) {
    TestServer.Form form = new TestServer.Form();
    for (String label : labels) {
      form.file(label + "_positive_examples", label + ".zip", TestServer.zip(label, 0, 10));
    }
    return form;
  }

  private static String best(JsonNode reply) {
    return reply.at("/images/0/classifiers/0/classes/0/class").asText();
  }

  @Test
  void aClassifierIsMadeExtendedAskedAndDeleted() throws InterruptedException {
    TestServer.Form form = examples("ant", "bee").text("name", "Small animals");
    TestServer.Reply made = server.post("/v3/classifiers?version=2018-03-19", form);
    assertThat(made.status()).as(made.text()).isEqualTo(200);
    assertThat(made.json().path("status").asText()).isEqualTo("ready");
    assertThat(TestServer.texts(made.json().path("classes"), "class"))
        .containsExactly("ant", "bee");
    String id = made.json().path("classifier_id").asText();
    assertThat(id).startsWith("Small-animals_");

    TestServer.Form ask =
        new TestServer.Form()
            .file("images_file", "x.png", TestImages.png("bee", 30))
            .text("classifier_ids", id)
            .text("threshold", "0.2");
    TestServer.Reply asked = server.post("/v3/classify", ask);
    assertThat(asked.status()).as(asked.text()).isEqualTo(200);
    assertThat(best(asked.json())).isEqualTo("bee");
    assertThat(asked.json().at("/images/0/classifiers/0/classifier_id").asText()).isEqualTo(id);
    assertThat(asked.json().path("images_processed").asInt()).isEqualTo(1);
    assertThat(asked.json().path("custom_classes").asInt()).isEqualTo(2);

    TestServer.Reply grown = server.post("/v3/classifiers/" + id, examples("cow"));
    assertThat(grown.status()).as(grown.text()).isEqualTo(200);
    assertThat(TestServer.texts(grown.json().path("classes"), "class"))
        .containsExactly("ant", "bee", "cow");
    assertThat(server.get("/v3/classifiers/" + id).json().path("retrained").asText()).isNotBlank();
    JsonNode all = server.get("/v3/classifiers").json().path("classifiers");
    assertThat(TestServer.texts(all, "classifier_id")).containsExactly("shop", id);
    assertThat(server.get("/v3/classifiers?verbose=true").json().at("/classifiers/1/classes"))
        .hasSize(3);
    // The same model under the other doors.
    assertThat(server.get("/v2/models/" + id + "/ready").status()).isEqualTo(200);

    assertThat(server.delete("/v3/classifiers/" + id).status()).isEqualTo(200);
    assertThat(server.get("/v3/classifiers/" + id).status()).isEqualTo(404);
    assertThat(server.delete("/v3/classifiers/" + id).status()).isEqualTo(404);
    assertThat(server.delete("/v3/classifiers/shop").status()).isEqualTo(409);
  }

  @Test
  void negativeExamplesAreNeverAnswered() throws InterruptedException {
    TestServer.Form form =
        examples("ant")
            .file("negative_examples", "no.zip", TestServer.zip("sky", 0, 10))
            .text("name", "ants");
    String id = server.post("/v3/classifiers", form).json().path("classifier_id").asText();
    TestServer.Form ask =
        new TestServer.Form()
            .file("images_file", "ant.png", TestImages.png("ant", 30))
            .text("classifier_ids", id);
    assertThat(best(server.post("/v3/classify", ask).json())).isEqualTo("ant");
    TestServer.Form sky =
        new TestServer.Form()
            .file("images_file", "sky.png", TestImages.png("sky", 30))
            .text("threshold", "0")
            .text("classifier_ids", id);
    JsonNode classes =
        server.post("/v3/classify", sky).json().at("/images/0/classifiers/0/classes");
    assertThat(TestServer.texts(classes, "class")).containsExactly("ant");
    assertThat(classes.path(0).path("score").asDouble()).isLessThan(0.5);
    assertThat(server.delete("/v3/classifiers/" + id).status()).isEqualTo(200);
  }

  @Test
  void classesBelowTheThresholdAreLeftOut() throws InterruptedException {
    TestServer.Form ask =
        new TestServer.Form().file("images_file", "x.png", TestImages.png("cat", 30));
    JsonNode classes =
        server.post("/v3/classify", ask).json().at("/images/0/classifiers/0/classes");
    assertThat(TestServer.texts(classes, "class")).containsExactly("cat");
    TestServer.Form wrong =
        new TestServer.Form()
            .file("images_file", "x.png", TestImages.png("cat", 30))
            .text("threshold", "high");
    TestServer.Reply refused = server.post("/v3/classify", wrong);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().path("code").asInt()).isEqualTo(400);
    assertThat(refused.json().path("error").asText()).contains("threshold is 'high'");
  }

  @Test
  void twentyImagesAreTheMost() throws InterruptedException {
    TestServer.Form twenty =
        new TestServer.Form().file("images_file", "a.zip", TestServer.zip("cat", 0, 20));
    assertThat(server.post("/v3/classify", twenty).json().path("images")).hasSize(20);
    TestServer.Form more =
        new TestServer.Form().file("images_file", "a.zip", TestServer.zip("cat", 0, 21));
    assertThat(server.post("/v3/classify", more).status()).isEqualTo(413);
  }

  @Test
  void oneDamagedImageIsAnErrorAmongAnswers() throws InterruptedException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("bad.png", new byte[] {1});
    files.put("cat.png", TestImages.png("cat", 9));
    TestServer.Form form =
        new TestServer.Form().file("images_file", "a.zip", TestServer.zip(files));
    JsonNode images = server.post("/v3/classify", form).json().path("images");
    assertThat(images.path(0).at("/error/error_id").asText()).isEqualTo("unreadable_image");
    assertThat(images.path(1).at("/classifiers/0/classes/0/class").asText()).isEqualTo("cat");
  }

  @Test
  void whatDoesNotMakeAClassifierIsNamed() throws InterruptedException {
    assertThat(server.post("/v3/classifiers", examples("ant", "bee")).json().path("error").asText())
        .contains("'name'");
    assertThat(
            server
                .post("/v3/classifiers", examples("ant").text("name", "x"))
                .json()
                .path("error")
                .asText())
        .contains("two classes");
    TestServer.Form few =
        examples("ant")
            .file("bee_positive_examples", "b.zip", TestServer.zip("bee", 0, 9))
            .text("name", "x");
    assertThat(server.post("/v3/classifiers", few).json().path("error").asText())
        .contains("bee_positive_examples has 9 images, at least 10");
    TestServer.Form odd = new TestServer.Form().file("ant", "a.zip", TestServer.zip("ant", 0, 10));
    assertThat(server.post("/v3/classifiers", odd).status()).isEqualTo(400);
    TestServer.Form unreadable = new TestServer.Form().text("name", "x");
    Map<String, byte[]> junk = new LinkedHashMap<>();
    for (int i = 0; i < 10; i++) {
      junk.put("i" + i, new byte[] {1});
    }
    unreadable
        .file("ant_positive_examples", "a.zip", TestServer.zip(junk))
        .file("bee_positive_examples", "b.zip", TestServer.zip(junk));
    assertThat(server.post("/v3/classifiers", unreadable).status()).isEqualTo(409);
    // Nothing is left of what could not be made.
    assertThat(server.get("/v3/classifiers").json().path("classifiers")).hasSize(1);
    TestServer.Form url =
        new TestServer.Form()
            .text("url", "http://169.254.169.254/")
            .file("images_file", "x.png", TestImages.png("cat", 30));
    assertThat(server.post("/v3/classify", url).status()).isEqualTo(400);
  }

  @Test
  void aCustomersDataAreForgotten() throws InterruptedException {
    HttpRequest ask =
        server
            .request("/v3/classify")
            .header(TestServer.TYPE, new TestServer.Form().type())
            .header("X-Watson-Metadata", "customer_id=ann")
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    new TestServer.Form()
                        .file("images_file", "x.png", TestImages.png("cat", 31))
                        .bytes()))
            .build();
    String id = server.send(ask).json().at("/images/0/classifiers/0/answer_id").asText();
    TestServer.Reply gone = server.delete("/v3/user_data?customer_id=ann");
    assertThat(gone.status()).isEqualTo(200);
    assertThat(gone.json().at("/forgotten/0/answers").asInt()).isEqualTo(1);
    assertThat(gone.json().at("/forgotten/0/certificate").asText()).isNotBlank();
    assertThat(server.post("/v1/feedback", "{\"id\": \"" + id + "\", \"label\": \"cat\"}").status())
        .isEqualTo(404);
    assertThat(server.delete("/v3/user_data").status()).isEqualTo(400);

    // What cannot be opened could know ann too: that is not passed over in silence.
    server.broken().add("old_1");
    TestServer.Reply some = server.delete("/v3/user_data?customer_id=ann");
    server.broken().clear();
    assertThat(some.status()).isEqualTo(500);
    assertThat(some.text()).contains("old_1 is damaged");
  }
}
