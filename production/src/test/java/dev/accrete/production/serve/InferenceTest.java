package dev.accrete.production.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.accrete.nn.Predictor;
import dev.accrete.nn.image.Picture;
import dev.accrete.production.store.TestImages;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Open Inference Protocol. */
class InferenceTest {
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

  private static byte[] pixels(String label, int number) {
    byte[] pixels = new byte[3 * TestImages.SIDE * TestImages.SIDE];
    Picture.of(TestImages.png(label, number), label).decode(TestImages.SIDE, pixels, 0);
    return pixels;
  }

  private static double[] expected(String label, int number) {
    try (Predictor predictor = server.workshop().model(1).open(server.backend())) {
      return predictor.probabilities(pixels(label, number), 1);
    }
  }

  private static void assertProbabilities(JsonNode reply, int row, double[] expected) {
    JsonNode data = reply.at("/outputs/0/data");
    for (int k = 0; k < expected.length; k++) {
      assertThat(data.path(row * expected.length + k).asDouble())
          .isCloseTo(expected[k], within(1e-5));
    }
  }

  @Test
  void theServerAndItsModelsAreDescribed() throws InterruptedException {
    assertThat(server.get("/v2").json().path("name").asText()).isEqualTo("accrete");
    assertThat(server.get("/v2/health/live").json().path("live").asBoolean()).isTrue();
    assertThat(server.get("/v2/health/ready").json().path("ready").asBoolean()).isTrue();
    JsonNode model = server.get("/v2/models/shop").json();
    assertThat(model.path("versions")).extracting(JsonNode::asText).containsExactly("1");
    assertThat(model.at("/inputs/1/shape"))
        .extracting(JsonNode::asInt)
        .containsExactly(-1, 3, 16, 16);
    assertThat(server.get("/v2/models/shop/versions/1").status()).isEqualTo(200);
    assertThat(server.get("/v2/models/shop/ready").status()).isEqualTo(200);
    assertThat(server.get("/v2/models/shop/versions/1/ready").status()).isEqualTo(200);
    TestServer.Reply other = server.get("/v2/models/other");
    assertThat(other.status()).isEqualTo(404);
    assertThat(other.json().path("error").asText()).isEqualTo("no model is called 'other'");
    assertThat(server.get("/v2/models/shop/versions/2").status()).isEqualTo(404);
    assertThat(server.get("/v2/models/shop/versions/x/ready").status()).isEqualTo(404);
  }

  @Test
  void encodedImagesAreAnsweredWithTheRequestsId() throws InterruptedException {
    String data =
        IntStream.range(40, 43)
            .mapToObj(i -> '"' + Base64.getEncoder().encodeToString(TestImages.png("cat", i)) + '"')
            .collect(Collectors.joining(","));
    String request =
        "{\"inputs\": [{\"data\": [%s], \"name\": \"image\", \"shape\": [3], \"datatype\": \"BYTES\"}],"
                .formatted(data)
            + " \"id\": \"my-17\", \"parameters\": {\"x\": [1, {}]}}";
    for (String path : new String[] {"/v2/models/shop/infer", "/v2/models/shop/versions/1/infer"}) {
      TestServer.Reply reply = server.post(path, request);
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      JsonNode json = reply.json();
      assertThat(json.path("id").asText()).isEqualTo("my-17");
      assertThat(json.path("model_name").asText()).isEqualTo("shop");
      assertThat(json.path("model_version").asText()).isEqualTo("1");
      assertThat(TestServer.texts(json.path("outputs"), "name"))
          .containsExactly("probabilities", "label", "answer_id");
      assertThat(json.at("/outputs/0/shape")).extracting(JsonNode::asInt).containsExactly(3, 2);
      for (int row = 0; row < 3; row++) {
        assertProbabilities(json, row, expected("cat", 40 + row));
        assertThat(json.at("/outputs/1/data/" + row).asText()).isEqualTo("cat");
      }
    }
  }

  @Test
  void pixelsAreAnsweredFlatAndNested() throws InterruptedException {
    byte[] pixels = pixels("dog", 44);
    String flat =
        IntStream.range(0, pixels.length)
            .mapToObj(i -> Integer.toString(pixels[i] & 255))
            .collect(Collectors.joining(","));
    String rows =
        IntStream.range(0, 48)
            .mapToObj(
                row ->
                    IntStream.range(0, 16)
                        .mapToObj(i -> (pixels[16 * row + i] & 255) + ".25")
                        .collect(Collectors.joining(",", "[", "]")))
            .collect(Collectors.joining(",", "[", "]"));
    String form =
        "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"%s\",\"shape\":[1,3,16,16],\"data\":[%s]}],"
            + "\"outputs\":[{\"name\":\"probabilities\"}]}";
    for (String request :
        new String[] {form.formatted("UINT8", flat), form.formatted("FP32", rows)}) {
      TestServer.Reply reply = server.post("/v2/models/shop/infer", request);
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      assertThat(reply.json().has("id")).isFalse();
      assertThat(reply.json().path("outputs")).hasSize(1);
      assertProbabilities(reply.json(), 0, expected("dog", 44));
    }
  }

  @Test
  void pixelsOfAnotherSizeAreBroughtToTheModels() throws InterruptedException {
    String data = "200,".repeat(3 * 20 * 10 - 1) + "200";
    String request =
        "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"UINT8\",\"shape\":[1,3,20,10],\"data\":[%s]}]}"
            .formatted(data);
    assertThat(server.post("/v2/models/shop/infer", request).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"inputs\": []}",
        "{\"inputs\": 3}",
        "{\"inputs\": [3]}",
        "{\"inputs\": [{\"name\": \"a\", \"datatype\": \"INT8\", \"shape\": [1], \"data\": [1]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"datatype\": \"BYTES\", \"shape\": [2], \"data\": [\"AA\"]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"?\"]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"AAAA\"]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [null]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [{}]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [",
        "{\"inputs\": [{\"name\": \"a\", \"datatype\": \"UINT8\", \"shape\": [1,3,1,1], \"data\": [1,2]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"datatype\": \"UINT8\", \"shape\": [1,1,1,3], \"data\": [1,2,3]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"datatype\": \"UINT8\", \"shape\": [1,3,1,1], \"data\": [1,2,256]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"datatype\": \"FP32\", \"shape\": [1,3,1,1], \"data\": [1,2,-0.5]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"datatype\": \"UINT8\", \"shape\": [2147483647,3,2147483647,2147483647],"
            + " \"data\": [1,2,3]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"datatype\": \"UINT8\", \"shape\": [1,3,1,1], \"data\": [1,2,3]}],"
            + " \"outputs\": [{\"name\": \"b\"}]}",
      })
  void whatIsNoRequestIsRefusedInOneLine(String request) throws InterruptedException {
    TestServer.Reply reply = server.post("/v2/models/shop/infer", request);
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    assertThat(reply.json().path("error").asText()).isNotBlank().doesNotContain("\n");
  }

  @Test
  void aTensorOfTooManyImagesIsRefused() throws InterruptedException {
    String data = "1,".repeat(65 * 3 - 1) + "1";
    String request =
        "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"UINT8\",\"shape\":[65,3,1,1],\"data\":[%s]}]}"
            .formatted(data);
    assertThat(server.post("/v2/models/shop/infer", request).status()).isEqualTo(413);
  }
}
