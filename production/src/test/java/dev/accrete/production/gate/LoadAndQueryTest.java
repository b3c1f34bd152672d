package dev.accrete.production.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Rng;
import dev.accrete.nn.Model;
import dev.accrete.nn.ModelSpec;
import dev.accrete.nn.Network;
import dev.accrete.nn.Predictor;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.Weights;
import dev.accrete.production.gate.Finding.Status;
import dev.accrete.production.policy.GatePolicy;
import dev.accrete.production.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadAndQueryTest {
  private static final int SIZE = 8;
  private static final int ROWS = 5;

  @TempDir private Path folder;
  private Path file;
  private Path scratch;
  private Samples samples;

  @BeforeEach
  void model() throws IOException {
    List<String> classes = List.of("cat", "dog", "fox");
    Network network = ModelSpec.parse("small-cnn", SIZE, classes.size());
    Model model =
        Model.of("small-cnn", SIZE, classes, Weights.initial(network, 3), Preprocessing.imageNet());
    file = folder.resolve("model.safetensors");
    model.save(file);
    scratch = Files.createDirectory(folder.resolve("scratch"));
    byte[] pixels = new byte[ROWS * 3 * SIZE * SIZE];
    Rng rng = Rng.of(1, 2);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) rng.nextInt(256);
    }
    try (Backend backend = Backends.create("reference", new BackendOptions(1));
        Predictor predictor = model.open(backend)) {
      samples = Samples.of(predictor, pixels, ROWS);
    }
  }

  private static GatePolicy policy(String keys) {
    return Policy.parse("gate: {" + keys + "}", "policy.yaml").gate();
  }

  private List<Finding> check(Path model, Samples wanted, String policy) throws IOException {
    Launch launch = Launch.in(scratch).on("vector").withThreads(1);
    List<Finding> findings = LoadAndQuery.check(model, wanted, policy(policy), launch);
    try (Stream<Path> left = Files.list(scratch)) {
      assertThat(left).as("left behind").isEmpty();
    }
    return findings;
  }

  @Test
  void aSoundModelIsLoadedAskedAndMeasured() throws IOException {
    List<Finding> findings = check(file, samples, "");
    assertThat(findings).allMatch(f -> f.status() == Status.PASSED, "passed");
    assertThat(findings)
        .extracting(Finding::metric)
        .containsExactly("probability-difference", "load-seconds", "latency-ms", "memory-mib");
    assertThat(findings).allMatch(f -> f.candidate().orElseThrow() >= 0);
    assertThat(findings.getLast().candidate().orElseThrow()).isGreaterThan(10);
    assertThat(findings.getFirst().text()).contains("same probabilities for 5 images");
  }

  private List<Finding> replied(double[] probabilities, String policy) {
    QueryFiles.Reply reply = new QueryFiles.Reply(1.5, 20, 100 << 20, probabilities);
    return LoadAndQuery.findings(reply, samples, policy(policy));
  }

  @Test
  void limitsAreThoseOfThePolicy() {
    double[] same = samples.probabilities();
    assertThat(replied(same, "max-load-seconds: 1.5, max-latency-ms: 20, max-memory-mib: 100"))
        .noneMatch(Finding::failed);
    assertThat(replied(same, "max-load-seconds: 1.4, max-latency-ms: 19, max-memory-mib: 99"))
        .filteredOn(Finding::failed)
        .extracting(Finding::text)
        .containsExactly(
            "time of a fresh process to load the model is 1.50 s, must be at most 1.4 s",
            "time of a fresh process to answer one image is 20.0 ms, must be at most 19 ms",
            "memory of a fresh process with the model is 100 MiB, must be at most 99 MiB");
  }

  @Test
  void otherProbabilitiesThanHereAreFound() {
    double[] others = samples.probabilities().clone();
    others[7] += 0.9e-5;
    assertThat(replied(others, "")).noneMatch(Finding::failed);
    others[7] += 0.2e-5;
    assertThat(replied(others, "").getFirst().failed()).isTrue();
    assertThat(replied(others, "").getFirst().text())
        .contains("to class 'dog' of image 3 of 5")
        .contains("differ by at most 1.0E-5");
    others[7] = Double.NaN;
    assertThat(replied(others, "").getFirst().failed()).isTrue();
    assertThat(replied(new double[10], "").getFirst().text())
        .contains("gave 10 probabilities for 5 images, the model has 3 classes");
  }

  @Test
  void whatCannotBeLoadedSaysWhy() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    List<Finding> findings = check(file, samples, "");
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().failed()).isTrue();
    assertThat(findings.getFirst().text()).contains("ended with 1: ").contains(file.toString());
  }

  @Test
  void whatNeverAnswersIsGivenUp() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe.safetensors"); // nobody writes to it: opening it waits
    int made = -1;
    try {
      made = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    } catch (IOException e) {
      assumeTrue(false, "there is no mkfifo here: " + e.getMessage());
    }
    assumeTrue(made == 0, "mkfifo made no pipe here");
    List<Finding> findings = check(pipe, samples, "query-time-out-seconds: 2");
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().text()).contains("gave no answer within 2 s");
  }

  @Test
  void aPolicyMayDoWithoutIt() throws IOException {
    List<Finding> findings = check(folder.resolve("none"), samples, "load-and-query: false");
    assertThat(findings).extracting(Finding::status).containsExactly(Status.IGNORED);
  }

  @Test
  void aFolderThatCannotBeWrittenIsAnErrorNotAVerdict() {
    Launch launch = Launch.in(folder.resolve("missing"));
    assertThatThrownBy(() -> LoadAndQuery.check(file, samples, policy(""), launch))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("gate.load-and-query");
  }
}
