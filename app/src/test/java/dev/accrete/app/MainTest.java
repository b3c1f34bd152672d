package dev.accrete.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MainTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.execute(new PrintWriter(out), new PrintWriter(err), args);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run --scenario nicv9 | unknown scenario 'nicv9'",
        "run --strategy magic | unknown strategy 'magic'",
        "run --image-size 3 | --image-size is 3",
        "run --image-size large | 'large' is not an int",
        "run --scoring twice | expected one of [ONCE, PUBLISHED]",
        "run --resume | --resume needs --out",
        "run --hyper mini-batch | KEY=VALUE",
        "run --nonsense | Unknown option: '--nonsense'",
        "dem | Did you mean: accrete demo",
        "eval | name a run with --out DIR",
        "demo --threads 0 | --threads is 0",
        "run --data foo:bar | unknown data 'foo'",
        "run --data images: | names no folder",
        "run --model magic | there is no such model",
        "run --scenario nicv2-80 | no official schedule of 80",
        "run --run 77 | run is 77",
        "run --first 392 | the stream has only 391",
        "run --image-size 1025 | --image-size is 1025",
        "run --cumulative-at 3 | --cumulative-at is for strategies",
        "run --data images:x --test-frames-every 3 | is for data with frames",
        "cache --clear --prune 1G | mutually exclusive",
        "eval --out x --test-every 2 | eval cannot change --test-every",
      })
  void aWrongCommandLineEndsWithTwoAndSaysWhy(String line, String message) {
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).startsWith("accrete: ").containsIgnoringCase(message);
    assertThat(err.toString()).doesNotContain("Exception", "\tat ");
  }

  @Test
  void withoutACommandItSaysWhichThereAre() {
    assertThat(run()).isZero();
    assertThat(out.toString()).contains("demo", "run", "eval", "info");
  }

  @Test
  void infoNamesBackendsAndTheirState() {
    assertThat(run("info", "--ops")).isZero();
    assertThat(out.toString()).contains("backend reference", "image cache", "| Conv2d |");
  }

  @Test
  void whatCannotBeDoneEndsWithOneAndOneLine() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    assertThat(run("run", "--out", file.resolve("run").toString())).isEqualTo(1);
    assertThat(run("run", "--resume", "--out", folder.resolve("none").toString())).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(2).allMatch(line -> line.startsWith("accrete: "));
  }

  @Test
  void debugShowsWhere() {
    String none = folder.resolve("none").toString();
    assertThat(run("run", "--debug", "--resume", "--out", none)).isEqualTo(1);
    assertThat(err.toString()).contains("AccreteException", "\tat ");
  }

  @Test
  void dataThatAreNotThereAreNamed() {
    Path missing = folder.resolve("missing");
    String out = folder.resolve("run").toString();
    assertThat(run("run", "--data", "core50:" + missing, "--out", out)).isEqualTo(1);
    assertThat(err.toString()).contains(missing.toString());
    assertThat(run("run", "--resume", "--out", out)).isEqualTo(1);
    assertThat(err.toString()).contains("there is no run in");
  }

  @Test
  void aRunLeavesItsFilesAndCanBeTested() throws IOException {
    String dir = folder.resolve("run").toString();
    assertThat(
            run(
                "run",
                "--scenario=ni:2",
                "--strategy=naive,slda",
                "--data=images:" + TinyFolder.create(folder.resolve("images")),
                "--model=mlp:4",
                "--image-size=8",
                "--backend=reference",
                "--hyper=mini-batch=4",
                "--hyper=slda:slda.shrinkage=0.1",
                "--out=" + dir))
        .as(err.toString())
        .isZero();
    try (Stream<Path> files = Files.list(Path.of(dir))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("config.json", "batches.csv", "summary.json", "report.html", "checkpoints");
    }
    assertThat(out.toString()).contains("naive", "slda", "report: " + dir);
    assertThat(run("eval", "--out", dir, "--strategy", "naive")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("naive after 2 experiences: accuracy");
    assertThat(run("compare", dir, dir)).isZero();
    assertThat(out.toString()).endsWith("identical\n");
    Path images = folder.resolve("images");
    for (String split : new String[] {"train", "test"}) {
      Files.move(images.resolve(split + "/class1"), images.resolve(split + "/zebra"));
    }
    assertThat(run("eval", "--out", dir)).isEqualTo(1);
    assertThat(err.toString()).contains("was made with inputs = train ", "this run has train ");
    assertThat(run("eval", "--out", dir, "--seed", "3")).isEqualTo(2);
    assertThat(run("run", "--resume", "--out", dir, "--seed", "3")).isEqualTo(1);
    assertThat(err.toString()).contains("has seed = 0", "--seed 3");
    assertThat(run("run", "--resume", "--out", dir, "--image-size", "3")).isEqualTo(2);
    assertThat(run("eval", "--out", dir, "--strategy", "foo")).isEqualTo(2);
    assertThat(err.toString()).contains("unknown strategy 'foo'").doesNotContain("internal error");
  }

  @Test
  void imagesThatAreLeftOutAreCounted() throws IOException {
    Path images = TinyFolder.create(folder.resolve("images"));
    Files.writeString(images.resolve("train/class0/0.png"), "no picture");
    String dir = folder.resolve("run").toString();
    List<String> line =
        List.of(
            "run",
            "--scenario=ni:2",
            "--strategy=naive",
            "--data=images:" + images,
            "--model=mlp:4",
            "--image-size=8",
            "--backend=reference",
            "--skip-corrupt",
            "--out=" + dir);
    List<String> beyond = new ArrayList<>(line);
    beyond.add("--first=3");
    assertThat(run(beyond.toArray(String[]::new))).isEqualTo(2);
    assertThat(err.toString()).contains("the stream has only 2 experiences");
    assertThat(Path.of(dir)).doesNotExist();
    assertThat(run(line.toArray(String[]::new))).as(err.toString()).isZero();
    assertThat(out.toString()).contains("cannot be decoded: 1 training and 0 test images");
    assertThat(Files.readString(Path.of(dir, "summary.json"))).contains("\"train\" : 1");
    assertThat(Files.readString(Path.of(dir, "report.html"))).contains("1 training and 0 test");
  }

  @Test
  void helpIsWholeLines() {
    assertThat(run("pretrain", "--help")).isZero();
    assertThat(out.toString()).contains("model-card.md.").doesNotContain("Optional");
    assertThat(run("eval", "--help")).isZero();
    assertThat(out.toString().replaceAll("\\s+", " ")).contains("are told by name.");
  }

  @Test
  void resultsAreNeverWrittenAmongTheData() throws IOException {
    Path images = TinyFolder.create(folder.resolve("images"));
    String out = images.resolve("train/run").toString();
    assertThat(run("run", "--data", "images:" + images, "--out", out)).isEqualTo(1);
    assertThat(err.toString()).contains("lies in the data folder");
    assertThat(Path.of(out)).doesNotExist();
  }
}
