package dev.accrete.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PretrainCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int pretrain(List<String> args) {
    List<String> all = new ArrayList<>(List.of("pretrain"));
    all.addAll(args);
    return Main.execute(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
  }

  private List<String> line(Path images, String... more) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "--data=images:" + images,
                "--model=mlp:4",
                "--phases=16x1",
                "--mini-batch=4",
                "--backend=reference",
                "--out",
                folder.resolve("my out").toString()));
    line.addAll(List.of(more));
    return line;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--phases=8x1 | the image size is 8, must be at least 16",
        "--phases=16x0 | the number of epochs is 0, must be at least 1",
        "--phases=64 | '64' is not a phase; write SIZExEPOCHS",
        "--phases= | '' is not a phase",
        "--phases=100000x1 | the image size is 100000",
        "--mini-batch=0 | --mini-batch is 0, must be at least 1",
        "--mini-batch=2147483647 | --mini-batch is 2147483647",
        "--learning-rate=-1 | --learning-rate is -1, must be above 0",
        "--learning-rate=1e30 | at most 1000",
        "--weight-decay=-5 | --weight-decay is -5, must be at least 0",
        "--label-smoothing=1 | --label-smoothing is 1, must be at least 0 and below 1",
        "--warmup-steps=-1 | --warmup-steps is -1",
        "--shift=2 | --shift is 2",
        "--crop-area=0 | --crop-area is 0, must be at least 0.01 and at most 1",
        "--cut-mix=-1 | --cut-mix is -1, must be at least 0 and at most 1",
        "--threads=-1 | --threads is -1",
        "--threads=100000 | --threads is 100000",
        "--data=foo:bar | unknown data 'foo'",
        "--data=images: | names no folder",
        "--data=images:/no/such/folder | there is no folder /no/such/folder",
        "--model=magic | cannot build model 'magic'",
        "--start=/no/such/file | there is no file /no/such/file",
      })
  void aWrongOptionEndsWithTwoAndSaysWhy(String option, String message) throws IOException {
    List<String> line = line(Files.createDirectory(folder.resolve("images")));
    String name = option.substring(0, option.indexOf('=') + 1);
    line.removeIf(given -> given.startsWith(name));
    line.add(option);
    assertThat(pretrain(line)).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("accrete: ")
        .contains(message)
        .doesNotContain("internal error", "\tat ");
    assertThat(folder.resolve("my out")).doesNotExist();
  }

  @Test
  void theCardTellsACommandThatDoesTheSameAnywhere() throws IOException {
    Path images = TinyFolder.create(folder.resolve("my images"));
    Path relative = Path.of("").toAbsolutePath().relativize(images);
    assertThat(pretrain(line(relative, "--seed", "3"))).as(err.toString()).isZero();
    Path card = folder.resolve("my out/model-card.md");
    assertThat(Files.readString(card))
        .contains("--data 'images:" + images + "'")
        .contains("--out '" + folder.resolve("my out") + "'")
        .contains("--seed 3");
    assertThat(out.toString()).contains("validation top-1", "backbone.safetensors");

    Path others = TinyFolder.create(folder.resolve("others"));
    Files.delete(others.resolve("train/class0/0.png"));
    assertThat(pretrain(line(others, "--seed", "3"))).isEqualTo(1);
    assertThat(err.toString()).contains("another training", "--out");
    assertThat(Files.readString(card)).contains("my images");
  }

  @Test
  void resultsAreKeptApartFromDataAndFromForeignFiles() throws IOException {
    Path images = TinyFolder.create(folder.resolve("images"));
    List<String> inside = line(images);
    inside.set(inside.size() - 1, images.resolve("train/out").toString());
    assertThat(pretrain(inside)).isEqualTo(1);
    assertThat(err.toString()).contains("lies in the data folder");
    assertThat(images.resolve("train/out")).doesNotExist();

    Files.createDirectory(folder.resolve("my out"));
    Files.writeString(folder.resolve("my out/notes"), "mine");
    assertThat(pretrain(line(images))).isEqualTo(1);
    assertThat(err.toString()).contains("not empty", "notes");
  }
}
