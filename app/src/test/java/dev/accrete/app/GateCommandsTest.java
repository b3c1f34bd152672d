package dev.accrete.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.production.store.PredictionRecord;
import dev.accrete.production.store.Store;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evaluate}, {@code review} and {@code policy} as a user has them. */
final class GateCommandsTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.execute(new PrintWriter(out), new PrintWriter(err), args);
  }

  /** Noise in a class's colours; some of the cats may be among the dogs. */
  private Path day(String name, int from, int to, int wrong) throws IOException {
    for (String label : new String[] {"cat", "dog"}) {
      for (int i = from; i < to; i++) {
        Random random = new Random(label.hashCode() * 31L + i);
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < 256; p++) {
          int level = random.nextInt(128);
          image.setRGB(p % 16, p / 16, label.equals("cat") ? 0x700000 + level : level << 16 | 0x70);
        }
        boolean moved = label.equals("cat") && i < from + wrong;
        Path of = Files.createDirectories(folder.resolve(name).resolve(moved ? "dog" : label));
        ImageIO.write(image, "png", of.resolve(label + i + ".png").toFile());
      }
    }
    return folder.resolve(name);
  }

  private String store(String policy) throws IOException {
    Path file = Files.writeString(folder.resolve("policy.yaml"), policy);
    String store = folder.resolve("shop").toString();
    assertThat(
            run(
                "store",
                "init",
                store,
                "--model=small-cnn",
                "--image-size=16",
                "--strategy=slda",
                "--policy=" + file))
        .as(err.toString())
        .isZero();
    return store;
  }

  @Test
  void aCandidateIsJudgedAndTheExitStatusTells() throws IOException {
    String store =
        store(
            """
            ingest: {regression-share: 0.4}
            gate: {min-images: 5, values: [{metric: accuracy, limit: 0.6}]}
            """);
    assertThat(run("evaluate", store)).isEqualTo(1);
    assertThat(err.toString()).contains("there is no candidate");
    assertThat(run("ingest", store, day("monday", 0, 30, 0).toString()))
        .as(err.toString())
        .isZero();
    assertThat(run("update", store, "--backend=vector")).isZero();
    assertThat(run("evaluate", store, "--backend=vector")).as(out + " " + err).isZero();
    assertThat(out.toString())
        .contains("1 is BLESSED, the first version", "a fresh process gives the same probabilities")
        .containsPattern("card: .*card\\.html");
    assertThat(run("promote", store)).isZero();
    assertThat(run("evaluate", store, "1")).isEqualTo(1);
    assertThat(err.toString()).contains("a model compared with itself");

    assertThat(run("ingest", store, day("tuesday", 30, 60, 0).toString())).isZero();
    assertThat(run("update", store, "--backend=vector")).isZero();
    Path strict =
        Files.writeString(
            folder.resolve("strict.yaml"),
            "gate: {load-and-query: false, values: [{metric: accuracy, limit: 1.5}]}");
    assertThat(run("evaluate", store, "--policy=" + strict, "--json"))
        .isEqualTo(EvaluateCommand.NOT_BLESSED)
        .isEqualTo(3);
    assertThat(out.toString())
        .startsWith("{")
        .contains("\"outcome\":\"NOT_BLESSED\"", "must be at least 1.5");
    assertThat(run("promote", store)).isEqualTo(1);
    Files.writeString(strict, "gate: {values: [{metric: accuracy, limit: 0, slice: camera=3}]}");
    assertThat(run("evaluate", store, "--policy=" + strict)).isEqualTo(1);
    assertThat(err.toString()).contains("no image has a camera");
  }

  @Test
  void aDayThatDriftedTooFarIsRefusedUntilSomebodyAcceptsIt() throws IOException {
    String store =
        store("ingest: {class-mix-refuse: 0.5}\ngate: {min-images: 2, load-and-query: false}\n");
    day("inbox/monday", 0, 30, 0);
    String inbox = folder.resolve("inbox").toString();
    assertThat(run("daily", store, inbox, "--backend=vector")).as(out + " " + err).isZero();
    // All cats of tuesday are among its dogs.
    Path tuesday = day("inbox/tuesday", 30, 60, 30);
    assertThat(run("daily", store, inbox, "--backend=vector")).as(err.toString()).isEqualTo(3);
    assertThat(out.toString())
        .contains("monday: unchanged", "tuesday: refused")
        .contains("class-mix drifted by", "above the limit of 0.5", "--accept-drift");
    assertThat(run("ingest", store, tuesday.toString(), "--backend=vector")).isEqualTo(1);
    assertThat(out.toString()).contains("day tuesday is REFUSED", "  drift: class-mix drifted by");
    assertThat(run("ingest", store, tuesday.toString(), "--backend=vector", "--accept-drift"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).contains("day tuesday: ", "  drift: class-mix drifted by");
    run("daily", store, inbox, "--backend=vector");
    assertThat(out.toString()).doesNotContain("refused").contains("tuesday: ", "version 2");
  }

  @Test
  void labelsThatAreLikelyWrongAreListed() throws IOException {
    String store = store("gate: {load-and-query: false}\n");
    assertThat(run("review", store)).isEqualTo(1);
    assertThat(err.toString()).contains("no day came in yet");
    assertThat(run("ingest", store, day("monday", 0, 40, 0).toString())).isZero();
    assertThat(run("update", store)).isZero();
    assertThat(run("promote", store)).isZero();
    assertThat(run("ingest", store, day("tuesday", 40, 60, 6).toString())).isZero();
    assertThat(run("review", store, "--top=4")).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("day tuesday, judged by version 1:", "dog/cat4", "perhaps", "more: --top")
        .containsPattern("\\d+ of \\d+ labels differ from what the model sees")
        .contains("The likeliest wrong come first: look from the top", "wrong so far: share of")
        .doesNotContain("worth a look");
    byte[] png = Files.readAllBytes(folder.resolve("tuesday/dog/dog45.png"));
    try (Store shop = Store.open(Path.of(store))) {
      String digest = shop.keepImages(List.of(png)).getFirst();
      Instant now = Instant.now();
      shop.recordPredictions(
          List.of(
              new PredictionRecord("p1", now, 1, Optional.of(digest), "cat", 0.5, "{}"),
              new PredictionRecord("p2", now, 1, Optional.empty(), "cat", 0.4, "{}")));
    }
    assertThat(run("review", store)).isZero();
    assertThat(out.toString())
        .contains("2 answers worth a look", "not kept")
        .containsPattern("p1 .*unsure +" + Pattern.quote(store) + ".*[0-9a-f]{64}");
    assertThat(run("review", store, "--json", "--day=tuesday")).isZero();
    assertThat(out.toString()).contains("\"suggestion\":\"cat\"").doesNotContain("\n{");
    assertThat(run("review", store, "--day=never")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no day 'never'");
    assertThat(run("review", store, "--top=0")).isEqualTo(2);
  }

  @Test
  void aPolicyIsPrintedAndChecked() throws IOException {
    assertThat(run("policy")).isZero();
    Path file = Files.writeString(folder.resolve("p.yaml"), out.toString());
    assertThat(out.toString()).startsWith("# What the owner").contains("regression-share: 0.1");
    assertThat(run("policy", file.toString())).isZero();
    assertThat(out.toString()).contains("p.yaml is sound; it says what is the default");
    Files.writeString(file, "gate: {recall-floor: 0.5}\n");
    assertThat(run("policy", file.toString(), "--full")).isZero();
    assertThat(out.toString()).contains("recall-floor: 0.5", "cost:");
    Files.writeString(file, "gate: {recall-flor: 0.5}\n");
    assertThat(run("policy", file.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "p.yaml line 1: there is no key gate.recall-flor; did you mean gate.recall-floor");
  }

  @Test
  void aStoreWithABrokenPolicyIsNotMade() throws IOException {
    Path file = Files.writeString(folder.resolve("policy.yaml"), "gates: {}\n");
    Path store = folder.resolve("shop");
    assertThat(run("store", "init", store.toString(), "--policy=" + file)).isEqualTo(1);
    assertThat(err.toString()).contains("there is no section gates; did you mean gate?");
    assertThat(store).doesNotExist();
  }
}
