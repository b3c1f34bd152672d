package dev.accrete.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.nn.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  @TempDir private Path folder;
  private Path learner;
  private Path model;

  private record Result(int status, String out, String err) {}

  private static Result run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] line = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      line[i] = args[i].toString();
    }
    int status = Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), line);
    return new Result(status, out.toString(), err.toString());
  }

  private Result learn(String day, int shade, Object... options) throws IOException {
    Path data = TinyFolder.create(folder.resolve(day), shade);
    Object[] all = new Object[4 + options.length];
    all[0] = "learn";
    all[1] = learner;
    all[2] = "--data";
    all[3] = "images:" + data;
    System.arraycopy(options, 0, all, 4, options.length);
    return run(all);
  }

  @BeforeEach
  void aLearnerOfOneDay() throws IOException {
    learner = folder.resolve("my shop");
    model = learner.resolve("model.safetensors");
    Result learned =
        learn(
            "monday",
            0,
            "--strategy",
            "slda",
            "--model",
            "small-cnn",
            "--image-size",
            "8",
            "--backend",
            "reference");
    assertThat(learned.err()).doesNotContain("accrete:");
    assertThat(learned.status()).isZero();
  }

  @Test
  void aModelBecomesOnnx() throws IOException {
    Path out = folder.resolve("shop.onnx");
    Result exported = run("export", model, "--out", out);
    assertThat(exported.err()).isEmpty();
    assertThat(exported.status()).isZero();
    assertThat(exported.out()).contains(out.toString(), "small-cnn-8 of 2 classes");
    String content = new String(Files.readAllBytes(out), StandardCharsets.ISO_8859_1);
    assertThat(content)
        .contains("images", "probabilities", "[\"class0\",\"class1\"]", Model.load(model).digest());

    Path other = folder.resolve("no ending");
    assertThat(run("export", model, "--format", "onnx", "--out", other).status()).isZero();
    assertThat(other).hasSameBinaryContentAs(out);
  }

  @Test
  void aLearnerGivesWhatItKnowsNowNotWhatLiesBesideIt() throws IOException {
    Path tuesday = folder.resolve("tuesday.safetensors");
    assertThat(learn("tuesday", 9, "--model-out", tuesday).status()).isZero();
    Path out = folder.resolve("out.safetensors");
    assertThat(run("export", learner, "--out", out).status()).isZero();
    assertThat(out).hasSameBinaryContentAs(tuesday);
    assertThat(Files.mismatch(out, model)).isNotNegative();
  }

  @Test
  void whatIsExportedSurvives() throws IOException {
    byte[] before = Files.readAllBytes(model);
    Result self = run("export", model, "--format", "safetensors", "--out", model);
    assertThat(self.status()).isEqualTo(2);
    assertThat(self.err()).contains("is the model itself");
    Result among = run("export", learner, "--out", learner.resolve("learner.safetensors"));
    assertThat(among.status()).isEqualTo(2);
    assertThat(among.err()).contains("among the learner's own files");
    assertThat(Files.readAllBytes(model)).isEqualTo(before);
  }

  @Test
  void wrongPlacesAndFormatsAreSaidInOneLine() throws IOException {
    Path out = folder.resolve("out.onnx");
    assertRefused(2, "add --format", "export", model, "--out", folder.resolve("model.pb"));
    assertRefused(
        2, "does not end as safetensors", "export", model, "--out", out, "--format", "safetensors");
    assertRefused(
        2, "in a folder that exists", "export", model, "--out", folder.resolve("none/m.onnx"));
    assertRefused(2, "torch", "export", model, "--out", out, "--format", "torch");
    assertRefused(
        1, "nothing.safetensors", "export", folder.resolve("nothing.safetensors"), "--out", out);
    Path start = learner.resolve("start.safetensors");
    assertRefused(1, "knows no class", "export", start, "--out", out);
    Files.createDirectories(folder.resolve("run/models"));
    assertRefused(
        1,
        "such as one of those in " + folder.resolve("run/models"),
        "export",
        folder.resolve("run"),
        "--out",
        out);
    assertThat(out).doesNotExist();
  }

  private static void assertRefused(int status, String message, Object... line) {
    Result result = run(line);
    assertThat(result.status()).isEqualTo(status);
    assertThat(result.err())
        .startsWith("accrete: ")
        .contains(message)
        .doesNotContain("internal error");
    assertThat(result.err().lines().count()).isEqualTo(status);
  }
}
