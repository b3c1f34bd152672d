package dev.accrete.bench.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadTest {
  private static final String ANSWER = "{\"classes\":[{\"class\":\"cat\",\"probability\":1}]}";

  private final AtomicInteger received = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/classify",
        exchange -> {
          int image = exchange.getRequestBody().readAllBytes()[0];
          received.incrementAndGet();
          byte[] body = (image == 7 ? "no such image" : ANSWER).getBytes(StandardCharsets.UTF_8);
          // Known length and chunks in turns.
          exchange.sendResponseHeaders(image == 7 ? 422 : 200, image % 2 == 0 ? body.length : 0);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Load.Result load(int... images) throws InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    List<byte[]> bodies = IntStream.of(images).mapToObj(i -> new byte[] {(byte) i}).toList();
    return new Load(uri, 2, bodies).run(Duration.ofMillis(300));
  }

  @Test
  void everyRequestIsCounted() throws InterruptedException {
    Load.Result result = load(1, 2, 3);
    assertThat(result.requests()).isPositive().isEqualTo(received.get());
    assertThat(result.failed()).isZero();
    assertThat(result.p50Ms()).isPositive().isLessThanOrEqualTo(result.p99Ms());
    assertThat(result.maxMs()).isGreaterThanOrEqualTo(result.p99Ms());
    assertThat(result.perSecond() * result.seconds())
        .isCloseTo((double) result.requests(), offset(1e-6));
  }

  @Test
  void whatIsNotAnsweredWithProbabilitiesFailed() throws InterruptedException {
    Load.Result result = load(1, 7);
    assertThat(result.failed()).isPositive();
    assertThat(result.requests() + result.failed()).isEqualTo(received.get());
    assertThat(result.firstFailure()).isEqualTo("422 no such image");
  }

  @Test
  void aServerThatIsGoneIsAFailure() throws InterruptedException {
    server.stop(0);
    Load.Result result = load(1);
    assertThat(result.requests()).isZero();
    assertThat(result.failed()).isPositive();
    assertThat(result.firstFailure()).contains("ConnectException");
  }

  @Test
  void percentilesAreValuesThatOccurred() {
    long[] sorted = {1_000_000, 2_000_000, 3_000_000, 4_000_000};
    assertThat(Load.percentile(sorted, 0.5)).isEqualTo(2);
    assertThat(Load.percentile(sorted, 0.99)).isEqualTo(4);
    assertThat(Load.percentile(sorted, 0)).isEqualTo(1);
    assertThat(Load.percentile(new long[0], 0.5)).isZero();
  }

  @Test
  void partsAddUp() {
    Load.Result a = new Load.Result(1, 10, 0, 10, 1, 2, 3, 4, "");
    Load.Result b = new Load.Result(3, 10, 1, 10.0 / 3, 2, 1, 5, 3, "late");
    assertThat(a.and(b)).isEqualTo(new Load.Result(4, 20, 1, 5, 2, 2, 5, 4, "late"));
  }
}
