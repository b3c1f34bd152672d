package dev.accrete.production.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.production.serve.live.Alarms;
import dev.accrete.production.serve.live.Trial;
import dev.accrete.production.serve.workshop.SecondOpinion;
import dev.accrete.production.store.TestImages;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Candidates as shadows and as canaries. */
class TrialTest {
  @TempDir private Path folder;
  private TestServer server;

  @BeforeEach
  void make() {
    server = new TestServer(folder).taught();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Version 1 as the champion; a candidate that knows eels too, or the same under another name. */
  private void start(Trial trial) {
    server.workshop().teach(List.of(TestServer.lesson("eel", 0, 12)), "test");
    server.workshop().rollback(java.util.OptionalInt.of(1), "", "test");
    server.workshop().add(server.workshop().model(2), "knows eels", Map.of());
    server.start(TestServer.options().with(trial));
  }

  private static Alarms alarms(int least) {
    return new Alarms(0.02, 100, Duration.ofSeconds(10), 0.3, Duration.ofMinutes(1), least);
  }

  private List<SecondOpinion> opinions(int wanted) throws InterruptedException {
    for (int i = 0; i < 1_000 && server.workshop().opinions().size() < wanted; i++) {
      Thread.sleep(10);
    }
    return server.workshop().opinions();
  }

  @Test
  void aShadowIsAskedAndNotHeard() throws InterruptedException {
    start(Trial.none().withShadow(1));
    TestServer.Reply cat = server.classify("cat", 1);
    TestServer.Reply eel = server.classify("eel", 40);
    assertThat(cat.json().path("version").asInt()).isEqualTo(1);
    assertThat(eel.json().at("/images/0/classes/0/class").asText()).isNotEqualTo("eel");

    assertThat(opinions(2))
        .satisfiesExactly(
            first -> {
              assertThat(first.id()).isEqualTo(cat.json().at("/images/0/id").asText());
              assertThat(first.version()).isEqualTo(3);
              assertThat(first.label()).isEqualTo("cat");
              assertThat(first.agrees()).isTrue();
            },
            second -> {
              assertThat(second.id()).isEqualTo(eel.json().at("/images/0/id").asText());
              assertThat(second.label()).isEqualTo("eel");
              assertThat(second.agrees()).isFalse();
            });
    assertThat(server.get("/metrics").text())
        .contains("accrete_second_opinions_total{model=\"shop\",outcome=\"agreed\"} 1.0")
        .contains("accrete_second_opinions_total{model=\"shop\",outcome=\"disagreed\"} 1.0");
  }

  @Test
  void aShadowsShareIsChangedWhileItRuns() throws InterruptedException {
    start(Trial.none());
    server.classify("cat", 1);
    TestServer.Reply on = server.post("/v1/shadow", "{\"share\": 1}");
    assertThat(on.json().at("/serving/candidate").asInt()).isEqualTo(3);
    server.classify("cat", 2);
    assertThat(opinions(1)).hasSize(1);
    TestServer.Reply off = server.post("/v1/shadow", "{\"share\": 0}");
    assertThat(off.json().path("serving").has("candidate")).isFalse();
    assertThat(server.post("/v1/shadow", "{\"share\": 1.5}").status()).isEqualTo(400);
    assertThat(server.post("/v1/shadow", "{}").status()).isEqualTo(400);
    assertThat(server.post("/v1/canary", "{\"share\": 0.6}").status()).isEqualTo(400);
  }

  @Test
  void aCanaryWithoutACandidateSaysThatItWaits() throws InterruptedException {
    server.start();
    TestServer.Reply on = server.post("/v1/canary", "{\"share\": 0.1}");
    assertThat(on.status()).isEqualTo(200);
    assertThat(on.json().at("/serving/canary").asText())
        .isEqualTo("waits for a candidate, which gets 0.1000 of the requests");
    assertThat(server.post("/v1/canary", "{\"share\": 0}").json().at("/serving/canary").asText())
        .isEmpty();
  }

  @Test
  void aCanaryAnswersItsShareAndAlwaysTheSameImages() throws InterruptedException {
    start(Trial.none().withCanary(0.5).with(alarms(10_000)));
    int byCandidate = 0;
    for (int i = 0; i < 60; i++) {
      int version = server.classify("cat", i).json().path("version").asInt();
      assertThat(version).isIn(1, 3);
      assertThat(server.classify("cat", i).json().path("version").asInt()).isEqualTo(version);
      byCandidate += version == 3 ? 1 : 0;
    }
    assertThat(byCandidate).isBetween(15, 45);
    assertThat(server.get("/v1/status").json().at("/models/0/canaryShare").asDouble())
        .isEqualTo(0.5);
    // Every image that the canary answered is shown to the champion too.
    assertThat(opinions(2 * byCandidate)).hasSize(2 * byCandidate).allMatch(o -> o.version() == 1);
  }

  @Test
  void aCanaryThatDisagreesIsEnded() throws InterruptedException {
    start(Trial.none().withCanary(0.5).with(alarms(10)));
    for (int i = 0; i < 2_000 && share() > 0; i++) {
      assertThat(server.classify("eel", i % 200).status()).isEqualTo(200);
    }
    assertThat(share()).isZero();
    assertThat(server.get("/v1/status").json().at("/models/0/canary").asText())
        .startsWith("ended: disagreement: the candidate takes ");
    assertThat(server.get("/metrics").text())
        .contains("accrete_canary_returns_total{alarm=\"disagreement\",model=\"shop\"} 1.0");
    assertThat(server.get("/v1/ledger").json().at("/movements/0/reason").asText())
        .contains("ended by an alarm");
    for (int i = 0; i < 20; i++) {
      assertThat(server.classify("eel", i).json().path("version").asInt()).isEqualTo(1);
    }
    // Only a person begins it again.
    server.post("/v1/canary", "{\"share\": 0.5}");
    assertThat(share()).isEqualTo(0.5);
  }

  private double share() throws InterruptedException {
    return server.get("/v1/status").json().at("/models/0/canaryShare").asDouble();
  }

  @Test
  void aCandidateThatIsPromotedIsNotLoadedAgain() throws InterruptedException {
    start(Trial.none().withShadow(1).withCanary(0.1).with(alarms(10_000)));
    assertThat(server.get("/v2/models/shop/versions/3/ready").status()).isEqualTo(200);
    byte[] eel = TestImages.png("eel", 50);
    String request =
        "{\"inputs\":[{\"name\":\"i\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"%s\"]}]}"
            .formatted(java.util.Base64.getEncoder().encodeToString(eel));
    TestServer.Reply asked = server.post("/v2/models/shop/versions/3/infer", request);
    assertThat(asked.json().path("model_version").asText()).isEqualTo("3");
    assertThat(asked.json().at("/outputs/1/data/0").asText()).isEqualTo("eel");
    assertThat(server.post("/v2/models/shop/versions/2/infer", request).status()).isEqualTo(503);

    assertThat(server.post("/v1/promote", "{}").json().path("live").asBoolean()).isTrue();
    assertThat(server.classify("eel", 51).json().path("version").asInt()).isEqualTo(3);
    assertThat(server.get("/v1/status").json().at("/models/0").has("candidate")).isFalse();
  }

  @Test
  void aNewChampionAnswersAShareAtFirstAndThenAll() throws InterruptedException {
    start(Trial.none().withRollout(0.5, Duration.ofMillis(600)).with(alarms(10_000)));
    TestServer.Reply moved = server.post("/v1/promote", "{\"version\": 3}");
    assertThat(moved.json().path("live").asBoolean()).isFalse();
    assertThat(moved.json().at("/serving/candidate").asInt()).isEqualTo(3);
    assertThat(moved.json().at("/serving/canaryShare").asDouble()).isEqualTo(0.5);
    int answers = 0;
    while (server.get("/v1/status").json().at("/models/0/champion").asInt() == 1) {
      assertThat(server.classify("cat", answers++).json().path("version").asInt()).isIn(1, 3);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(server.classify("cat", i).json().path("version").asInt()).isEqualTo(3);
    }
    // Going back needs no trial.
    assertThat(server.post("/v1/rollback", "{}").json().path("live").asBoolean()).isTrue();
    // A lesson is wanted at once.
    TestServer.Reply taught =
        server.post("/v1/classes/fox/images", "application/zip", TestServer.zip("fox", 0, 8));
    assertThat(taught.json().path("status").asText()).isEqualTo("live");
  }

  @Test
  void aNewChampionThatAlarmsIsRolledBack() throws InterruptedException {
    start(Trial.none().withRollout(0.5, Duration.ofMinutes(10)).with(alarms(10)));
    server.post("/v1/promote", "{\"version\": 3}");
    for (int i = 0; i < 2_000 && share() > 0; i++) {
      assertThat(server.classify("eel", i % 200).status()).isEqualTo(200);
    }
    assertThat(share()).isZero();
    assertThat(server.workshop().aliases().champion()).hasValue(1);
    assertThat(server.get("/v1/ledger").json().at("/movements/0/reason").asText())
        .startsWith("alarm of the canary, disagreement: ");
    assertThat(server.classify("eel", 1).json().path("version").asInt()).isEqualTo(1);
  }
}
