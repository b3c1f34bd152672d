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

  @Test
  void limitsAreThoseOfThePolicy() throws IOException {
    List<Finding> findings =
        check(file, samples, "max-load-seconds: 1e-9, max-latency-ms: 1e-9, max-memory-mib: 64");
    assertThat(findings).filteredOn(f -> !f.metric().startsWith("prob")).allMatch(Finding::failed);
  }

  @Test
  void otherProbabilitiesThanHereAreFound() throws IOException {
    double[] others = samples.probabilities().clone();
    others[7] += 2e-5;
    List<Finding> findings =
        check(file, new Samples(samples.classes(), samples.pixels(), ROWS, others), "");
    assertThat(findings.getFirst().status()).isEqualTo(Status.FAILED);
    assertThat(findings.getFirst().text())
        .contains("to class 'dog' of image 3 of 5")
        .contains("differ by at most 1.0E-5");
    double[] none = samples.probabilities().clone();
    none[0] = Double.NaN;
    assertThat(
            check(file, new Samples(samples.classes(), samples.pixels(), ROWS, none), "")
                .getFirst()
                .failed())
        .isTrue();
  }

  @Test
  void aModelOfOtherClassesIsFound() throws IOException {
    Samples others =
        new Samples(List.of("cat", "dog"), samples.pixels(), ROWS, new double[2 * ROWS]);
    assertThat(check(file, others, "").getFirst().text())
        .contains("gave 15 probabilities for 5 images, the model has 2 classes");
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
