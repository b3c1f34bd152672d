package dev.accrete.production.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.Model;
import dev.accrete.nn.Prediction;
import dev.accrete.nn.Predictor;
import dev.accrete.production.serve.live.Batching;
import dev.accrete.production.serve.live.Classifier;
import dev.accrete.production.serve.workshop.MemoryWorkshop;
import dev.accrete.production.store.TestImages;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Versions take each other's place while requests come. */
@Timeout(300)
class SwapTest {
  private static final int SWAPS = 100;
  private static final int CLIENTS = 6;
  private static final int IMAGES = 8;

  @TempDir private Path folder;

  /** Counts what was opened and closed. */
  private static final class Counted implements Classifier.Factory {
    private final Classifier.Factory factory;
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    Counted(Classifier.Factory factory) {
      this.factory = factory;
    }

    @Override
    public Classifier open(Model model, int together) {
      Classifier inner = factory.open(model, together);
      int open = opened.incrementAndGet() - closed.get();
      most.accumulateAndGet(open, Math::max);
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
          return inner.probabilities(pixels, rows);
        }

        @Override
        public void close() {
          inner.close();
          closed.incrementAndGet();
        }
      };
    }
  }

  private static Map<Integer, List<Prediction>> expected(TestServer server) {
    Map<Integer, List<Prediction>> expected = new ConcurrentHashMap<>();
    for (int version = 1; version <= 3; version++) {
      try (Predictor predictor = server.workshop().model(version).open(server.backend())) {
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
          predictions.add(predictor.predict(TestImages.png("cat", 100 + i)));
        }
        expected.put(version, predictions);
      }
    }
    return expected;
  }

  private static int ask(TestServer server, Map<Integer, List<Prediction>> expected, int image)
      throws InterruptedException {
    TestServer.Reply reply =
        server.post("/v1/classify", "image/png", TestImages.png("cat", 100 + image));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    int version = reply.json().path("version").asInt();
    List<Prediction.Candidate> wanted =
        expected.getOrDefault(version, List.of()).get(image).candidates();
    JsonNode classes = reply.json().at("/images/0/classes");
    assertThat(classes).hasSameSizeAs(wanted);
    for (int k = 0; k < wanted.size(); k++) {
      assertThat(classes.path(k).path("class").asText()).isEqualTo(wanted.get(k).name());
      assertThat(classes.path(k).path("probability").asDouble())
          .isCloseTo(wanted.get(k).probability(), within(1e-5));
    }
    return version;
  }

  @Test
  void noAnswerIsLostOrMixedWhileVersionsChange() throws InterruptedException, ExecutionException {
    try (TestServer server = new TestServer(folder).taught()) {
      MemoryWorkshop workshop = server.workshop();
      workshop.teach(List.of(TestServer.lesson("eel", 0, 8)), "test");
      workshop.teach(List.of(TestServer.lesson("fox", 0, 8)), "test");
      Map<Integer, List<Prediction>> expected = expected(server);
      Counted counted = new Counted(Classifier.factory(server.backend()));
      Batching batching = new Batching(4, Duration.ofMillis(1), 512);
      server.start(TestServer.options().with(batching), workshop, counted);
      AtomicBoolean done = new AtomicBoolean();
      Map<Integer, Integer> answers = new ConcurrentHashMap<>();
      try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
        List<Future<?>> running = new ArrayList<>();
        for (int c = 0; c < CLIENTS; c++) {
          int first = c;
          running.add(
              clients.submit(
                  () -> {
                    for (int i = first; !done.get(); i++) {
                      answers.merge(ask(server, expected, i % IMAGES), 1, Integer::sum);
                    }
                    return first;
                  }));
        }
        try {
          // 3 to 1, to 2, to 3: a new one is loaded each time. Every fifth goes back and forth.
          for (int swap = 0; swap < SWAPS; swap++) {
            TestServer.Reply moved =
                swap % 5 == 4
                    ? server.post("/v1/rollback", "{}")
                    : server.post("/v1/promote", "{\"version\": " + next(workshop) + "}");
            assertThat(moved.status()).as(moved.text()).isEqualTo(200);
            assertThat(moved.json().path("live").asBoolean()).isTrue();
          }
        } finally {
          done.set(true);
        }
        for (Future<?> client : running) {
          client.get();
        }
      }
      assertThat(answers.keySet()).containsExactlyInAnyOrder(1, 2, 3);
      server.server().close();
      assertThat(counted.closed).hasValue(counted.opened.get());
      assertThat(counted.opened.get()).isGreaterThan(SWAPS / 2);
      // The one that answers, its successor, the one before, and one that is being left.
      assertThat(counted.most.get()).isLessThanOrEqualTo(5);
    }
  }

  private static int next(MemoryWorkshop workshop) {
    return workshop.aliases().champion().orElseThrow() % 3 + 1;
  }

  @Test
  void aVersionThatCannotBeLoadedLeavesTheOldOneAtWork() throws InterruptedException {
    try (TestServer server = new TestServer(folder).taught()) {
      server.workshop().teach(List.of(TestServer.lesson("eel", 0, 8)), "test");
      server.workshop().promote(OptionalInt.of(1), false, "", "test");
      AtomicBoolean broken = new AtomicBoolean();
      Classifier.Factory sound = Classifier.factory(server.backend());
      server.start(
          TestServer.options(),
          server.workshop(),
          (model, most) -> {
            if (broken.get()) {
              throw new AccreteException("the file is damaged");
            }
            return sound.open(model, most);
          });
      broken.set(true);

      TestServer.Reply moved = server.post("/v1/promote", "{\"version\": 2}");

      assertThat(moved.status()).isEqualTo(200);
      assertThat(moved.json().path("live").asBoolean()).isFalse();
      assertThat(moved.json().at("/serving/failure/version").asInt()).isEqualTo(2);
      assertThat(moved.json().at("/serving/failure/message").asText())
          .isEqualTo("the file is damaged");
      assertThat(server.classify("cat", 1).json().path("version").asInt()).isEqualTo(1);
      assertThat(server.get("/v2/health/ready").status()).isEqualTo(200);
      assertThat(server.get("/metrics").text())
          .contains("accrete_swaps_total{model=\"shop\",result=\"failed\"}");

      broken.set(false);
      for (int i = 0; i < 1_000 && version(server) != 2; i++) {
        Thread.sleep(10);
      }
      assertThat(version(server)).isEqualTo(2);
      assertThat(server.get("/v1/status").json().at("/models/0").has("failure")).isFalse();
    }
  }

  @Test
  void aVersionWhoseAnswersAreNoProbabilitiesIsNotPutToWork() throws InterruptedException {
    try (TestServer server = new TestServer(folder).taught()) {
      server.start(
          TestServer.options(),
          server.workshop(),
          (model, most) ->
              new Classifier() {
                @Override
                public List<String> classes() {
                  return model.classes();
                }

                @Override
                public int imageSize() {
                  return TestImages.SIDE;
                }

                @Override
                public double[] probabilities(byte[] pixels, int rows) {
                  return new double[] {Double.NaN, Double.NaN};
                }

                @Override
                public void close() {
                  // Nothing to free.
                }
              });
      assertThat(server.classify("cat", 1).status()).isEqualTo(503);
      assertThat(server.classify("cat", 1).json().at("/error/message").asText())
          .contains("probabilities that sum to NaN");
    }
  }

  private static int version(TestServer server) throws InterruptedException {
    return server.classify("cat", 1).json().path("version").asInt();
  }
}
