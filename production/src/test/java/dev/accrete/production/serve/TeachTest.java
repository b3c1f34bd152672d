package dev.accrete.production.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.accrete.production.store.TestImages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Corrections, lessons, versions and their movements under {@code /v1}. */
class TeachTest {
  @TempDir private Path folder;
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(folder).taught().start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String best(String label, int number) throws InterruptedException {
    return server.classify(label, number).json().at("/images/0/classes/0/class").asText();
  }

  private TestServer.Reply teach(String label, int from, int to) throws InterruptedException {
    TestServer.Form form = new TestServer.Form();
    for (int i = from; i < to; i++) {
      form.file("images", label + i + ".png", TestImages.png(label, i));
    }
    return server.post("/v1/classes/" + label + "/images", form);
  }

  @Test
  void aLabelComesAnyTimeLaterByTheIdAlone() throws InterruptedException {
    String cat = server.classify("cat", 1).json().at("/images/0/id").asText();
    String dog = server.classify("dog", 1).json().at("/images/0/id").asText();

    TestServer.Reply right =
        server.post("/v1/feedback", "{\"id\": \"" + cat + "\", \"label\": \"cat\"}");
    assertThat(right.status()).isEqualTo(200);
    assertThat(right.json().path("kept").asInt()).isEqualTo(1);
    assertThat(right.json().path("corrected").asInt()).isZero();
    TestServer.Reply several =
        server.post(
            "/v1/feedback",
            "[{\"id\": \"%s\", \"label\": \"wolf\"}, {\"id\": \"none\", \"label\": \"cat\"}]"
                .formatted(dog));
    assertThat(several.status()).isEqualTo(200);
    assertThat(several.json().path("kept").asInt()).isEqualTo(1);
    assertThat(several.json().path("corrected").asInt()).isEqualTo(1);
    assertThat(TestServer.texts(several.json().path("refused"), "id")).containsExactly("none");
    assertThat(right.json().path("unknown")).isEmpty();
    assertThat(several.json().path("unknown").toString()).isEqualTo("[\"wolf\"]");
    TestServer.Reply unknown =
        server.post("/v1/feedback", "{\"id\": \"none\", \"label\": \"cat\"}");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().at("/error/code").asText()).isEqualTo("no_such_answer");

    assertThat(server.workshop().labels())
        .extracting("id", "label")
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(cat, "cat"),
            org.assertj.core.groups.Tuple.tuple(dog, "wolf"));
    assertThat(server.get("/metrics").text())
        .contains("accrete_feedback_total{outcome=\"agreed\"} 1.0")
        .contains("accrete_feedback_total{outcome=\"corrected\"} 1.0");
  }

  @Test
  void aDaysLabelsComeAsCsv() throws InterruptedException {
    String id = server.classify("cat", 1).json().at("/images/0/id").asText();
    String csv = "id,label\r\n" + id + ",\"cat, \"\"tabby\"\"\"\r\n\r\nother,dog\r\n";
    TestServer.Reply reply =
        server.post("/v1/feedback", "text/csv", csv.getBytes(StandardCharsets.UTF_8));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().path("kept").asInt()).isEqualTo(1);
    assertThat(server.workshop().labels().getFirst().label()).isEqualTo("cat, \"tabby\"");
    for (String wrong : List.of("", "id,label\n", "a,b,c\n", "a\n", "a,\n", "a,\"b\n")) {
      TestServer.Reply refused =
          server.post("/v1/feedback", "text/csv", wrong.getBytes(StandardCharsets.UTF_8));
      assertThat(refused.status()).as(wrong).isEqualTo(400);
      assertThat(refused.json().at("/error/code").asText()).isEqualTo("bad_csv");
    }
  }

  @Test
  void aNewClassIsKnownWhenTheReplyComes() throws InterruptedException {
    TestServer.Reply reply = teach("eel", 0, 10);

    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.json().path("status").asText()).isEqualTo("live");
    assertThat(reply.json().path("version").asInt()).isEqualTo(2);
    assertThat(reply.json().path("images").asInt()).isEqualTo(10);
    assertThat(reply.json().at("/newClasses/0").asText()).isEqualTo("eel");
    assertThat(best("eel", 77)).isEqualTo("eel");
    assertThat(best("cat", 77)).isEqualTo("cat");
    assertThat(best("dog", 77)).isEqualTo("dog");
    JsonNode classes = server.get("/v1/classes").json().path("classes");
    assertThat(classes).extracting(JsonNode::asText).containsExactly("cat", "dog", "eel");
  }

  @Test
  void anEmptyModelIsTaughtFromTheStart() throws InterruptedException {
    try (TestServer fresh = new TestServer(folder.resolve("fresh")).start()) {
      for (String label : List.of("ant", "bee")) {
        byte[] zip = TestServer.zip(label, 0, 8);
        assertThat(
                fresh
                    .post("/v1/classes/" + label + "/images", "application/zip", zip)
                    .json()
                    .path("status")
                    .asText())
            .isEqualTo("live");
      }
      assertThat(fresh.classify("bee", 30).json().at("/images/0/classes/0/class").asText())
          .isEqualTo("bee");
    }
  }

  @Test
  void imagesThatCannotBeReadAreLeftOutAndNamed() throws InterruptedException {
    TestServer.Form form =
        new TestServer.Form()
            .file("images", "broken.png", new byte[] {1, 2, 3})
            .file("images", "eel.png", TestImages.png("eel", 1));
    TestServer.Reply reply = server.post("/v1/classes/eel/images", form);
    assertThat(reply.json().path("images").asInt()).isEqualTo(1);
    assertThat(reply.json().at("/rejected/0/image").asText()).isEqualTo("broken.png");
    TestServer.Reply none =
        server.post("/v1/classes/eel/images", "image/png", new byte[] {1, 2, 3});
    assertThat(none.status()).isEqualTo(409);
    assertThat(none.json().at("/error/message").asText()).contains("none of the images");
    assertThat(server.post("/v1/classes/eel/images", new TestServer.Form()).status())
        .isEqualTo(400);
    assertThat(server.server().roster().main().version()).hasValue(2);
  }

  @Test
  void versionsMoveAndTheLedgerTellsOfIt() throws InterruptedException {
    assertThat(teach("eel", 0, 8).status()).isEqualTo(200);
    TestServer.Reply back = server.post("/v1/rollback", "{\"reason\": \"eels are fish\"}");
    assertThat(back.status()).as(back.text()).isEqualTo(200);
    assertThat(back.json().at("/aliases/champion").asInt()).isEqualTo(1);
    assertThat(back.json().at("/aliases/previous").asInt()).isEqualTo(2);
    assertThat(back.json().path("live").asBoolean()).isTrue();
    assertThat(server.classify("eel", 50).json().path("version").asInt()).isEqualTo(1);

    TestServer.Reply again = server.post("/v1/promote", "{\"version\": 2, \"reason\": \"no\"}");
    assertThat(again.json().at("/aliases/champion").asInt()).isEqualTo(2);
    assertThat(best("eel", 50)).isEqualTo("eel");
    TestServer.Reply same = server.post("/v1/promote", "{\"version\": 2}");
    assertThat(same.status()).isEqualTo(409);
    assertThat(same.json().at("/error/message").asText()).contains("the same model");
    assertThat(server.post("/v1/promote", "{\"version\": 9}").status()).isEqualTo(409);
    assertThat(server.post("/v1/promote", "{}").status()).isEqualTo(409);
    assertThat(server.post("/v1/promote", "{\"version\": 1, \"force\": true}").status())
        .isEqualTo(400);

    JsonNode ledger = server.get("/v1/ledger?most=2").json().path("movements");
    assertThat(ledger).hasSize(2);
    assertThat(ledger.path(0).path("to").asInt()).isEqualTo(2);
    assertThat(ledger.path(0).path("by").asText()).isEqualTo("local");
    assertThat(ledger.path(1).path("reason").asText()).isEqualTo("eels are fish");
    JsonNode versions = server.get("/v1/versions").json();
    assertThat(versions.path("versions")).hasSize(2);
    assertThat(versions.at("/versions/0/classes")).hasSize(3);
    assertThat(versions.at("/serving/champion").asInt()).isEqualTo(2);
  }

  @Test
  void whatMovesElsewhereIsNoticed() throws InterruptedException {
    assertThat(teach("eel", 0, 8).status()).isEqualTo(200);
    server.workshop().rollback(java.util.OptionalInt.empty(), "by another program", "other");
    for (int i = 0; i < 500 && server.classify("cat", 1).json().path("version").asInt() != 1; i++) {
      Thread.sleep(10);
    }
    assertThat(server.classify("cat", 1).json().path("version").asInt()).isEqualTo(1);
  }

  @Test
  void statusTellsWhatAnswers() throws InterruptedException {
    JsonNode status = server.get("/v1/status").json();
    assertThat(status.at("/models/0/name").asText()).isEqualTo("shop");
    assertThat(status.at("/models/0/champion").asInt()).isEqualTo(1);
    assertThat(status.at("/caller/role").asText()).isEqualTo("operate");
    assertThat(status.at("/models/0/canaryShare").asDouble()).isZero();
  }
}
