package dev.accrete.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.bench.work.JsonFile;
import dev.accrete.core.AccreteException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GpuCommandTest {
  @TempDir private Path folder;
  private final StringWriter console = new StringWriter();

  private int call(String... arguments) throws Exception {
    GpuCommand command = new GpuCommand();
    new CommandLine(command).setOut(new PrintWriter(console)).parseArgs(arguments);
    return command.call();
  }

  /** A report in which {@code a} takes {@code millis} where it took 1 ms. */
  private void writeReport(double millis) throws Exception {
    Question question = Answers.question(10, "a");
    Path file = folder.resolve("baseline.json");
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Map<String, String> families = Map.of("a", "<ops>");
    GpuSuite before = new GpuSuite(new Answers(Answers.DEVICE, Map.of("a", 1.0)), 3, nowhere);
    Baselines.readOrNone(file).update(before.run(question, families, "r1", Optional.empty()));
    GpuSuite after = new GpuSuite(new Answers(Answers.DEVICE, Map.of("a", millis)), 3, nowhere);
    JsonFile.write(
        folder.resolve("gpu.json"),
        after.run(question, families, "r2", Optional.of(Baselines.read(file))));
  }

  @Test
  void listsCases() throws Exception {
    assertThat(call("--list", "--only", "^step:")).isZero();
    assertThat(console.toString()).contains("step:ar1-star").doesNotContain("Conv2d");
  }

  @Test
  void kindsOfKernelsAreComparedOnDemandAlone() throws Exception {
    assertThat(call("--list")).isZero();
    assertThat(console.toString()).contains("MatMul:8192").doesNotContain("hopper");
    console.getBuffer().setLength(0);
    assertThat(call("--list", "--cores")).isZero();
    assertThat(console.toString())
        .contains("MatMul:8192x8192:8192x8192:bf16:hopper", "tf32:portable")
        .doesNotContain("step:");
  }

  @Test
  void showsWhatWasMeasuredBesidePeers() throws Exception {
    writeReport(1);
    Files.writeString(
        folder.resolve("peers.jsonl"),
        """
        some library warns of something
        {"peer":"torch 2","device":"d","name":"a","mode":"eager","ms":3.0,"samples":[3.0],"note":""}
        {"peer":"torch 2","device":"d","name":"a","mode":"graph","ms":2.0,"samples":[],"note":""}
        {"peer":"torch 2","device":"d","name":"a","mode":"compiled","ms":0,"samples":[],"note":"no"}
        """);
    assertThat(call("--render", "--out", folder.toString())).isZero();
    assertThat(console.toString())
        .contains("GPU A")
        .contains("same 1.00")
        .contains("torch 2, graph");
    assertThat(folder.resolve("gpu.html"))
        .content()
        .startsWith("<!doctype html>")
        .contains("&lt;ops&gt;")
        .contains("class=same")
        .contains("torch 2, graph")
        .doesNotContain("http");
  }

  @Test
  void librariesAreShownBesideOursAndNeverJudged() throws Exception {
    Question question = Answers.question(10, "a", "a:cublas", "a:cudnn");
    Map<String, Double> medians = Map.of("a", 1.0, "a:cublas", 0.5);
    Map<String, String> families = Map.of("a", "op", "a:cublas", "op", "a:cudnn", "op");
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    GpuReport fast =
        new GpuSuite(new Answers(Answers.DEVICE, medians), 3, nowhere)
            .run(question, families, "r1", Optional.empty());
    Baselines known = Baselines.readOrNone(folder.resolve("baseline.json"));
    known.update(fast);
    Answers slower = new Answers(Answers.DEVICE, Map.of("a", 1.0, "a:cublas", 2.0));
    JsonFile.write(
        folder.resolve("gpu.json"),
        new GpuSuite(slower, 3, nowhere).run(question, families, "r2", Optional.of(known)));
    // Neither that it became slower nor that another failed is a fault of ours.
    assertThat(call("--render", "--out", folder.toString())).isZero();
    assertThat(console.toString())
        .containsPattern("\\na +[01]\\.\\d+ .* [12]\\.\\d+ \\(cublas, compared\\)")
        .containsPattern("\\na:cublas +[12]\\.\\d+ .* - +[12]\\.\\d+ \\(compared\\)")
        .contains("not measured (1): holds NaN", "3 cases, 1 judged, 0 slower, 0 failed")
        .doesNotContain("a:cudnn");
    assertThat(folder.resolve("gpu.html")).content().contains("a:cublas", "not measured (1)");
  }

  @Test
  void librariesCanBeLeftOut() throws Exception {
    assertThat(call("--list", "--no-vendors")).isZero();
    assertThat(console.toString()).contains("MatMul:8192").doesNotContain(":cublas", ":cudnn");
  }

  @Test
  void aRegressionIsAnExitCodeOfItsOwn() throws Exception {
    writeReport(1.2);
    assertThat(call("--render", "--out", folder.toString())).isEqualTo(3);
    assertThat(console.toString()).contains("slower 1.20").contains("1 slower");
  }

  @Test
  void saysWhyThereIsNoPeer() throws Exception {
    Path file = folder.resolve("peers.jsonl");
    Files.writeString(
        file,
        "{\"peer\":\"t\",\"device\":\"d\",\"name\":\"a\",\"mode\":\"m\",\"ms\":0,\"note\":\"no"
            + " GPU\"}\n");
    writeReport(1);
    call("--render", "--out", folder.toString());
    assertThat(console.toString()).contains("no GPU");
    Files.writeString(file, "{\"peer\":\n");
    assertThatThrownBy(() -> Peers.read(file))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("no result");
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> call("--update-baseline"))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("--baseline FILE");
    assertThatThrownBy(() -> call("--only", "no such case"))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("--list");
    assertThatThrownBy(() -> call("--only", "("))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("no regular expression");
    assertThatThrownBy(() -> call("--samples", "1"))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("at least 6");
    assertThatThrownBy(() -> call("--render", "--out", folder.resolve("none").toString()))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("does not exist");
  }
}
