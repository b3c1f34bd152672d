package dev.accrete.production.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.production.serve.http.Limits;
import dev.accrete.production.serve.http.Tokens;
import dev.accrete.production.store.TestImages;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what. */
class TokensTest {
  @TempDir private Path folder;

  private TestServer.Reply send(
      TestServer server, String method, String path, String body, String token)
      throws InterruptedException {
    HttpRequest.Builder request =
        server
            .request(path)
            .header(TestServer.TYPE, "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return server.send(request.build());
  }

  @Test
  void eachRoleMayDoWhatTheOnesBeforeItMay() throws InterruptedException, IOException {
    Path file = folder.resolve("tokens");
    String predict = Tokens.make(file, "predict", "camera-7");
    String teach = Tokens.make(file, "teach", "ann@shop");
    String operate = Tokens.make(file, "operate", "root");
    assertThat(Files.readString(file)).doesNotContain(predict, teach, operate);
    try (TestServer server =
        new TestServer(folder)
            .taught()
            .start(TestServer.options().at("127.0.0.1", 0, Optional.of(file)))) {
      String label = "{\"id\": \"x\", \"label\": \"cat\"}";
      assertThat(send(server, "GET", "/v1/status", "", "").status()).isEqualTo(401);
      assertThat(send(server, "GET", "/v1/status", "", "").header("WWW-Authenticate"))
          .isEqualTo("Bearer");
      assertThat(send(server, "GET", "/v1/status", "", predict + "x").status()).isEqualTo(401);
      assertThat(send(server, "GET", "/v1/status", "", predict).status()).isEqualTo(200);
      TestServer.Reply forbidden = send(server, "POST", "/v1/feedback", label, predict);
      assertThat(forbidden.status()).isEqualTo(403);
      assertThat(forbidden.json().at("/error/message").asText())
          .isEqualTo("the token 'camera-7' has the role predict, this needs teach");
      assertThat(send(server, "POST", "/v1/feedback", label, teach).status()).isEqualTo(404);
      assertThat(send(server, "POST", "/v1/rollback", "{}", teach).status()).isEqualTo(403);
      assertThat(send(server, "POST", "/v1/rollback", "{}", operate).status()).isEqualTo(409);
      assertThat(send(server, "POST", "/v1/feedback", label, operate).status()).isEqualTo(404);
      assertThat(send(server, "GET", "/v1/status", "", teach).json().at("/caller/name").asText())
          .isEqualTo("ann@shop");
      for (String open : new String[] {"/", "/openapi.yaml", "/v2/health/live"}) {
        assertThat(send(server, "GET", open, "", "").status()).isEqualTo(200);
      }
      assertThat(send(server, "GET", "/metrics", "", "").status()).isEqualTo(401);

      // A token that is taken away is refused without a restart, and a damaged file takes none.
      Files.writeString(file, Files.readString(file).replaceFirst("predict camera-7 .*\n", ""));
      while (send(server, "GET", "/v1/status", "", predict).status() == 200) {
        Thread.sleep(20);
      }
      Files.writeString(file, "nonsense\n");
      Thread.sleep(200);
      assertThat(send(server, "GET", "/v1/status", "", operate).status()).isEqualTo(200);

      // Without a file nobody may do anything, until it is back.
      Files.delete(file);
      while (send(server, "GET", "/v1/status", "", operate).status() == 200) {
        Thread.sleep(20);
      }
      String back = Tokens.make(file, "operate", "root");
      while (send(server, "GET", "/v1/status", "", back).status() == 401) {
        Thread.sleep(20);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "operate root",
        "boss root 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "operate ro/ot 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "operate root 9f86",
        "operate root zz86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "# nothing but a remark"
      })
  void aFileThatIsNoneIsRefusedWithItsLine(String line) throws IOException {
    Path file = Files.writeString(folder.resolve("tokens"), "\n" + line + "\n");
    assertThatThrownBy(() -> new Tokens(file))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("accrete token");
  }

  @Test
  void aNameIsGivenOnce() throws IOException {
    Path file = folder.resolve("tokens");
    Tokens.make(file, "teach", "ann");
    assertThatThrownBy(() -> Tokens.make(file, "operate", "ann"))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("'ann'");
    assertThatThrownBy(() -> Tokens.make(file, "anybody", "bob"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Tokens.make(file, "teach", "b b"))
        .isInstanceOf(IllegalArgumentException.class);
    // A line that was typed in by hand, without an end, stays whole.
    Files.writeString(file, Files.readString(file).strip());
    Tokens.make(file, "operate", "bob");
    assertThat(Files.readAllLines(file)).hasSize(2);
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    assertThat(new Tokens(file)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0", "::"})
  void withoutTokensOnlyThisMachineIsAnswered(String host) {
    assertThatThrownBy(() -> TestServer.options().at(host, 0, Optional.empty()))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("--tokens");
    assertThat(TestServer.options().at("::1", 0, Optional.empty()).host()).isEqualTo("::1");
    assertThat(TestServer.options().at("localhost", 0, Optional.empty()).port()).isZero();
  }

  private static String raw(TestServer server, String method, String path, String... headers)
      throws IOException {
    try (Socket socket = server.connect()) {
      OutputStream out = socket.getOutputStream();
      String request =
          method
              + " "
              + path
              + " HTTP/1.1\r\n"
              + String.join("\r\n", headers)
              + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void pagesOfOtherSitesCannotUseAServerWithoutTokens() throws IOException {
    try (TestServer server = new TestServer(folder).taught().start()) {
      int port = server.server().uri().getPort();
      String ours = "Host: localhost:" + port;
      // A name that its owner made to point here.
      assertThat(raw(server, "POST", "/v1/rollback", "Host: evil.example"))
          .startsWith("HTTP/1.1 403 ")
          .contains("other_host");
      assertThat(raw(server, "POST", "/v1/rollback", ours, "Origin: https://evil.example"))
          .startsWith("HTTP/1.1 403 ")
          .contains("other_origin");
      assertThat(raw(server, "POST", "/v1/rollback", ours, "Sec-Fetch-Site: cross-site"))
          .startsWith("HTTP/1.1 403 ");
      assertThat(raw(server, "POST", "/v1/rollback", ours, "Origin: null"))
          .startsWith("HTTP/1.1 403 ");
      assertThat(raw(server, "POST", "/v1/rollback", ours, "Origin: http://localhost:" + port))
          .startsWith("HTTP/1.1 409 ");
      assertThat(raw(server, "POST", "/v1/rollback", "Host: 127.0.0.1:" + port))
          .startsWith("HTTP/1.1 409 ");
    }
  }

  @Test
  void whoAsksTooOftenIsToldWhenToComeBack() throws InterruptedException {
    try (TestServer server =
        new TestServer(folder)
            .taught()
            .start(TestServer.options().with(Limits.defaults().withRate(1)))) {
      TestServer.Reply last = server.get("/v1/status");
      for (int i = 0; i < 20 && last.status() == 200; i++) {
        last = server.get("/v1/status");
      }
      assertThat(last.status()).isEqualTo(429);
      assertThat(last.json().at("/error/code").asText()).isEqualTo("too_many_requests");
      assertThat(Integer.parseInt(last.header("Retry-After"))).isBetween(1, 2);
      assertThat(server.get("/v2/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void aNameInAPathMayHoldAnything() throws InterruptedException {
    try (TestServer server = new TestServer(folder).taught().start()) {
      TestServer.Form form = new TestServer.Form();
      for (int i = 0; i < 6; i++) {
        form.file("images", i + ".png", TestImages.png("eel", i));
      }
      String name = "<img src=x onerror=alert(1)>/../a+b & \"c\"";
      String path = java.net.URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
      TestServer.Reply reply = server.post("/v1/classes/" + path + "/images", form);
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      assertThat(reply.json().at("/newClasses/0").asText()).isEqualTo(name);
      assertThat(server.post("/v1/classes/%0a/images", form).status()).isEqualTo(400);
    }
  }
}
