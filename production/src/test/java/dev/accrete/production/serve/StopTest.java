package dev.accrete.production.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.nn.Model;
import dev.accrete.production.serve.live.Classifier;
import dev.accrete.production.store.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that stops finishes what it began. */
@Timeout(60)
class StopTest {
  @TempDir private Path folder;

  /** A model that waits to be let go on. */
  private static final class Held implements Classifier.Factory {
    private final Classifier.Factory factory;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private volatile boolean holding;

    Held(Classifier.Factory factory) {
      this.factory = factory;
    }

    @Override
    public Classifier open(Model model, int most) {
      Classifier inner = factory.open(model, most);
      return new Classifier() {
        @Override
        public List<String> classes() {
          return inner.classes();
        }

        @Override
        public int imageSize() {
          return inner.imageSize();
        }

        @Override
        public double[] probabilities(byte[] pixels, int rows) {
          if (holding) {
            asked.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
          return inner.probabilities(pixels, rows);
        }

        @Override
        public void close() {
          inner.close();
        }
      };
    }
  }

  @Test
  void aRequestUnderWayIsAnsweredAndNoneIsTakenAfterwards() throws Exception {
    try (TestServer server = new TestServer(folder).taught();
        ExecutorService threads = Executors.newCachedThreadPool()) {
      Held held = new Held(Classifier.factory(server.backend()));
      server.start(TestServer.options(), server.workshop(), held);
      held.holding = true;
      Future<TestServer.Reply> waiting = threads.submit(() -> server.classify("cat", 1));
      held.asked.await();

      Future<?> stopping = threads.submit(() -> server.server().close());
      try {
        // Longer than an idle connection is kept while the server stops.
        Thread.sleep(1_500);
        assertThat(stopping.isDone()).isFalse();
        assertThatThrownBy(() -> server.classify("cat", 2))
            .hasRootCauseInstanceOf(IOException.class);
      } finally {
        held.go.countDown();
      }

      TestServer.Reply reply = waiting.get();
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.json().at("/images/0/classes/0/class").asText()).isEqualTo("cat");
      stopping.get();
      assertThat(server.workshop().answers()).hasSize(1);
      assertThatThrownBy(() -> server.classify("cat", 3))
          .hasCauseInstanceOf(ConnectException.class);
    }
  }

  @Test
  void anUploadUnderWayIsReadToItsEnd() throws Exception {
    byte[] image = TestImages.png("dog", 1);
    try (TestServer server = new TestServer(folder).taught().start();
        ExecutorService threads = Executors.newCachedThreadPool();
        Socket socket = server.connect()) {
      OutputStream out = socket.getOutputStream();
      String head =
          "POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: "
              + image.length
              + "\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.write(image, 0, 100);
      out.flush();
      Thread.sleep(200);
      Future<?> stopping = threads.submit(() -> server.server().close());
      Thread.sleep(1_500);
      out.write(image, 100, image.length - 100);
      out.flush();

      InputStream in = socket.getInputStream();
      String reply = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(reply).startsWith("HTTP/1.1 200 ").contains("\"dog\"");
      stopping.get();
    }
  }
}
