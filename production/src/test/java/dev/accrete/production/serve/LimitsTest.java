package dev.accrete.production.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.production.serve.http.Limits;
import dev.accrete.production.store.TestImages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that mean harm, or ask too much, are refused and leave nothing behind. */
@Timeout(120)
class LimitsTest {
  private static final int BODY = 100_000;
  private static final int IMAGE = 20_000;
  private static final Duration READING = Duration.ofMillis(800);

  @TempDir private static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() {
    server =
        new TestServer(folder)
            .taught()
            .start(
                TestServer.options()
                    .with(
                        Limits.defaults()
                            .withBytes(BODY, 2 * BODY, IMAGE)
                            .withImages(1_000, 8)
                            .withTimes(READING, Duration.ofSeconds(10), Duration.ofSeconds(30))));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Whatever a test did, the server still answers, and no memory is taken. */
  @AfterEach
  void check() throws InterruptedException {
    assertThat(server.classify("cat", 1).status()).isEqualTo(200);
    String figures = server.get("/metrics").text();
    assertThat(figures).contains("accrete_body_bytes 0.0").contains("accrete_queue_images 0.0");
  }

  private static void assertRefused(TestServer.Reply reply, int status, String code) {
    assertThat(reply.json().at("/error/code").asText()).isEqualTo(code);
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.json().at("/error/message").asText()).isNotBlank();
  }

  @Test
  void longBodiesAreRefused() throws InterruptedException {
    assertRefused(server.post("/v1/classify", "image/png", new byte[BODY + 1]), 413, "too_large");
    // Without a length told beforehand.
    HttpRequest chunked =
        server
            .request("/v1/classify")
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(new byte[BODY + 1])))
            .build();
    assertRefused(server.send(chunked), 413, "too_large");
    assertRefused(
        server.post("/v1/feedback", "text/csv", new byte[(16 << 20) + 1]), 413, "too_large");
  }

  @Test
  void longFormsAreRefusedToo() throws InterruptedException {
    TestServer.Form form = new TestServer.Form().file("images", "a.png", new byte[BODY]);
    assertRefused(server.post("/v1/classify", form), 413, "too_large");
    HttpRequest chunked =
        server
            .request("/v1/classify")
            .header(TestServer.TYPE, form.type())
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(form.bytes())))
            .build();
    assertRefused(server.send(chunked), 413, "too_large");
  }

  @Test
  void formsOfCountlessPartsAreRefused() throws InterruptedException {
    TestServer.Form images = new TestServer.Form();
    for (int i = 0; i < 9; i++) {
      images.file("images", i + ".png", TestImages.png("cat", i));
    }
    assertRefused(server.post("/v1/classify", images), 413, "too_many_images");
    TestServer.Form bomb = new TestServer.Form();
    for (int i = 0; i < 500; i++) {
      bomb.text("t" + i, "x");
    }
    assertRefused(server.post("/v1/classify", bomb), 413, "too_large");
  }

  @Test
  void formsWithEndlessHeadersAreRefused() throws InterruptedException {
    String head =
        "--b\r\nContent-Disposition: form-data; name=\"" + "n".repeat(50_000) + "\"\r\n\r\n";
    TestServer.Reply reply =
        server.post(
            "/v1/classify",
            "multipart/form-data; boundary=b",
            (head + "x\r\n--b--\r\n").getBytes(StandardCharsets.US_ASCII));
    assertRefused(reply, 413, "too_large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--b",
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end",
        "no boundary at all",
        "--b\r\nnonsense\r\n--b--",
      })
  void brokenFormsAreRefused(String body) throws InterruptedException {
    TestServer.Reply reply =
        server.post(
            "/v1/classify",
            "multipart/form-data; boundary=b",
            body.getBytes(StandardCharsets.US_ASCII));
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    assertThat(reply.json().at("/error/message").asText()).isNotBlank();
  }

  @Test
  void aFormWithoutABoundaryIsRefused() throws InterruptedException {
    TestServer.Reply reply = server.post("/v1/classify", "multipart/form-data", new byte[10]);
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
  }

  @Test
  void aTooLongImageAmongOthersIsRefusedAlone() throws InterruptedException {
    TestServer.Form form =
        new TestServer.Form()
            .file("images", "long.png", new byte[IMAGE + 1])
            .file("images", "cat.png", TestImages.png("cat", 3));
    TestServer.Reply reply = server.post("/v1/classify", form);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().at("/images/0/error/message").asText()).contains("long.png");
    assertThat(reply.json().at("/images/1/classes/0/class").asText()).isEqualTo("cat");
  }

  @Test
  void aPictureOfTooManyPixelsIsRefusedBeforeItIsDecoded() throws InterruptedException {
    byte[] small = TestImages.png("cat", 1);
    ByteBuffer.wrap(small).putInt(16, 40).putInt(20, 26);
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(small, 12, 17);
    ByteBuffer.wrap(small).putInt(29, (int) crc.getValue());
    TestServer.Reply reply = server.post("/v1/classify", "image/png", small);
    assertRefused(reply, 422, "unreadable_image");
    assertThat(reply.json().at("/error/message").asText()).contains("40x26").contains("1000");
  }

  @Test
  void bombsInZipsAreRefused() throws InterruptedException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("bomb.png", new byte[50 * IMAGE]);
    files.put("cat.png", TestImages.png("cat", 4));
    TestServer.Reply reply = server.post("/v1/classify", "application/zip", TestServer.zip(files));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().at("/images/0/error/message").asText()).contains("unpacks to more");
    assertThat(reply.json().at("/images/1/classes/0/class").asText()).isEqualTo("cat");
  }

  @Test
  void zipsThatUnpackToTooMuchTogetherAreRefused() throws InterruptedException {
    TestServer.Form form = new TestServer.Form();
    for (int z = 0; z < 2; z++) {
      Map<String, byte[]> files = new LinkedHashMap<>();
      for (int i = 0; i < 4; i++) {
        files.put("z" + z + i, new byte[IMAGE]);
      }
      form.file("images", z + ".zip", TestServer.zip(files));
    }
    // 8 x 20,000 bytes are within twice the limit; nine would be too many images anyway.
    TestServer.Reply within = server.post("/v1/classify", form);
    assertThat(within.status()).isEqualTo(200);
    Map<String, byte[]> many = new LinkedHashMap<>();
    for (int i = 0; i < 9; i++) {
      many.put("i" + i, new byte[] {1});
    }
    assertRefused(
        server.post("/v1/classify", "application/zip", TestServer.zip(many)),
        413,
        "too_many_images");
  }

  @Test
  void zipsOfCountlessEntriesAreRefusedBeforeTheyAreRead() throws InterruptedException {
    byte[] zip = TestServer.zip("cat", 0, 2);
    ByteBuffer end = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int at = zip.length - 22;
    end.putShort(at + 8, (short) 0xFFFE).putShort(at + 10, (short) 0xFFFE);
    assertRefused(server.post("/v1/classify", "application/zip", zip), 413, "too_many_images");
  }

  @Test
  void brokenZipsAreRefused() throws InterruptedException {
    byte[] zip = TestServer.zip("cat", 0, 2);
    assertRefused(
        server.post("/v1/classify", "application/zip", Arrays.copyOf(zip, zip.length - 30)),
        400,
        "bad_zip");
    assertRefused(server.post("/v1/classify", "application/zip", new byte[5]), 400, "bad_zip");
    byte[] empty = TestServer.zip(Map.of());
    assertRefused(server.post("/v1/classify", "application/zip", empty), 400, "no_image");
    byte[] nested = TestServer.zip(Map.of("a.zip", zip));
    TestServer.Reply reply = server.post("/v1/classify", "application/zip", nested);
    assertThat(reply.json().at("/images/0/error/code").asText()).isEqualTo("unreadable_image");
    // A flipped bit in the data of an image: its checksum tells.
    byte[] flipped = zip.clone();
    flipped[100] ^= 4;
    TestServer.Reply damaged = server.post("/v1/classify", "application/zip", flipped);
    assertThat(damaged.status()).isEqualTo(200);
    assertThat(damaged.json().at("/images/0/error/message").asText()).isNotBlank();
    assertThat(damaged.json().at("/images/1/classes")).isNotEmpty();
  }

  @Test
  void jsonThatNeverEndsIsRefused() throws InterruptedException {
    assertRefused(server.post("/v1/feedback", "[".repeat(40_000)), 400, "bad_json");
    assertRefused(server.post("/v1/feedback", "null"), 400, "bad_json");
    assertRefused(server.post("/v1/feedback", "{\"id\": \"a\"}"), 400, "bad_json");
    assertRefused(
        server.post("/v1/feedback", "{\"id\": \"a\", \"label\": \"b\", \"c\": 1}"),
        400,
        "bad_json");
  }

  @Test
  void wrongJsonIsSaidInWordsOfJson() throws InterruptedException {
    String feedback = "/v1/feedback";
    Map<String, String> said =
        Map.of(
            "{\"id\": \"x\", \"lab\": \"truck\"}",
            "the key 'label' is missing, there is no key 'lab' (it has id, label)",
            "[{\"id\": \"x\", \"label\": \"a\"}, {\"id\": \"x\", \"label\": null}]",
            "the key 'label' is missing",
            "{\"id\": \"x\", \"label\": [1]}",
            "the value of 'label' is of another kind",
            "{\"id\": \"x\", \"label\": \" \"}",
            "a label needs the id of an answer and the name of a class",
            "5",
            "it is another kind of value",
            "{\"id\": \"x\", \"label\": \"a\"",
            "Unexpected end-of-input: expected close marker for Object");
    for (Map.Entry<String, String> one : said.entrySet()) {
      TestServer.Reply reply = server.post(feedback, one.getKey());
      assertThat(reply.json().at("/error/message").asText())
          .isEqualTo(
              "the body is not the JSON expected: " + one.getValue() + "; see /openapi.yaml");
    }
    assertThat(server.post("/v1/promote", "{\"vers\": 1}").text())
        .contains("there is no key 'vers' (it has version, force, reason)");
    assertThat(server.post("/v1/promote", "{\"version\": \"one\"}").text())
        .contains("the value of 'version' is of another kind");
    assertRefused(
        server.post(feedback, "{\"id\": \"x\", \"label\": \"" + "x".repeat(201) + "\"}"),
        400,
        "bad_class");
    assertRefused(server.post(feedback, "{\"id\": \"x\", \"label\": \"..\"}"), 400, "bad_class");
  }

  private static String head(String type) {
    return String.join(
        "\r\n",
        "POST /v1/classify HTTP/1.1",
        "Host: localhost",
        "Content-Type: " + type,
        "Content-Length: 1000",
        "",
        "");
  }

  private String slowly(String head, byte[] body, int gapMillis) throws InterruptedException {
    try (Socket socket = server.connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      for (byte b : body) {
        out.write(b);
        out.flush();
        Thread.sleep(gapMillis);
        if (socket.getInputStream().available() > 0) {
          break;
        }
      }
      return read(socket.getInputStream());
    } catch (SocketException e) {
      return "cut: " + e.getMessage();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String read(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] some = new byte[1000];
    for (int count = in.read(some); count > 0; count = in.read(some)) {
      all.write(some, 0, count);
      if (all.toString(StandardCharsets.UTF_8).endsWith("}")) {
        break;
      }
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aBodyThatDripsIsTurnedAway() throws InterruptedException {
    String head = head("image/png");
    assertThat(slowly(head, new byte[1000], 100)).startsWith("HTTP/1.1 408 ").contains("too_slow");
  }

  @ParameterizedTest
  @ValueSource(strings = {"image/png", "multipart/form-data; boundary=b"})
  void aBodyThatStallsIsTurnedAway(String type) throws InterruptedException {
    byte[] beginning = "--b\r\n".getBytes(StandardCharsets.US_ASCII);
    assertThat(slowly(head(type), beginning, 0)).startsWith("HTTP/1.1 408 ").contains("too_slow");
  }

  @Test
  void aFormThatDripsIsTurnedAway() throws InterruptedException {
    String head = head("multipart/form-data; boundary=b");
    assertThat(slowly(head, ("--b\r\n" + "x".repeat(900)).getBytes(StandardCharsets.US_ASCII), 100))
        .startsWith("HTTP/1.1 4");
  }

  @Test
  void aConnectionThatSaysNothingIsClosedAndStopsNobody() throws IOException, InterruptedException {
    try (Socket silent = server.connect();
        Socket half = server.connect()) {
      half.getOutputStream()
          .write("POST /v1/classify HTTP/1.1\r\nHos".getBytes(StandardCharsets.US_ASCII));
      assertThat(server.classify("dog", 5).status()).isEqualTo(200);
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      assertThat(read(half.getInputStream())).doesNotStartWith("HTTP/1.1 200");
    }
  }

  /** A client that keeps it for a while longer must not meet a connection that is being closed. */
  @Test
  void aConnectionWithAnAnswerIsKeptForAnother() throws IOException, InterruptedException {
    String get = "GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try (Socket socket = server.connect()) {
      for (int i = 0; i < 2; i++) {
        socket.getOutputStream().write(get.getBytes(StandardCharsets.US_ASCII));
        assertThat(read(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
        Thread.sleep(2 * READING.toMillis());
      }
    }
  }

  @Test
  void aBodyThatIsCutOffIsForgotten() throws IOException, InterruptedException {
    try (Socket socket = server.connect()) {
      String head = head("image/png") + "xx";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      Thread.sleep(100);
    }
    Thread.sleep(300);
  }
}
