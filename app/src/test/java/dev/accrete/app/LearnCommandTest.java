package dev.accrete.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Day by day on the command line: learn, predict, eval. */
class LearnCommandTest {
  @TempDir private Path folder;

  private record Result(int status, String out, String err) {}

  private static Result run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new Result(status, out.toString(), err.toString());
  }

  /** A folder with some images of one shade for each class. */
  private Path day(String name, String... classes) throws IOException {
    Path day = folder.resolve(name);
    for (String each : classes) {
      Path of = Files.createDirectories(day.resolve(each));
      for (int i = 0; i < 4; i++) {
        BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_3BYTE_BGR);
        for (int p = 0; p < 400; p++) {
          image.setRGB(p % 20, p / 20, each.hashCode() * 7919 + 3 * i);
        }
        assertThat(ImageIO.write(image, "png", of.resolve(i + ".png").toFile())).isTrue();
      }
    }
    return day;
  }

  private Result learn(Path day, String... options) {
    Stream<String> fixed =
        Stream.of("learn", folder.resolve("my shop").toString(), "--data", "images:" + day);
    return run(Stream.concat(fixed, Stream.of(options)).toArray(String[]::new));
  }

  @Test
  void newClassesComeAndTheModelKnowsThem() throws IOException {
    Result first =
        learn(
            day("monday", "Äpfel", "pears"),
            "--strategy",
            "slda",
            "--model",
            "small-cnn",
            "--image-size",
            "16",
            "--backend",
            "reference");
    assertThat(first.err()).doesNotContain("accrete:");
    assertThat(first.status()).isZero();
    assertThat(first.out()).contains("day 1: 8 images").contains("new: pears, Äpfel");
    Path tuesday = day("tuesday", "figs", "pears");
    Result second = learn(tuesday, "--backend", "reference");
    assertThat(second.status()).isZero();
    assertThat(second.out()).contains("day 2").contains("3 classes, new: figs");

    String model = folder.resolve("my shop/model.safetensors").toString();
    String fig = tuesday.resolve("figs/1.png").toString();
    Result predicted = run("predict", "--model", model, "--json", fig, folder + "/nothing.jpg");
    assertThat(predicted.status()).isEqualTo(1);
    assertThat(predicted.out()).contains("\"class\":\"figs\"").contains("Äpfel");
    assertThat(predicted.err()).contains("nothing.jpg");

    Result scored = run("eval", "--model-file", model, "--data", "images:" + tuesday);
    assertThat(scored.status()).isZero();
    assertThat(scored.out()).contains("accuracy").contains("on 8 images");
    Result other =
        run("eval", "--model-file", model, "--data", "images:" + day("other", "plums", "figs"));
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.err()).contains("does not know: plums").contains("it knows");
  }

  @Test
  void whatIsSettledIsNotChangedWithoutAWord() throws IOException {
    Path day = day("monday", "a", "b");
    List<String> options =
        List.of("--strategy", "slda", "--model", "small-cnn", "--image-size", "16");
    assertThat(learn(day, options.toArray(String[]::new)).status()).isZero();
    Result changed = learn(day, "--strategy", "naive");
    assertThat(changed.status()).isEqualTo(2);
    assertThat(changed.err()).contains("--strategy is settled");
    Result wrong =
        run(
            "learn",
            folder.resolve("new").toString(),
            "--data",
            "images:" + day,
            "--set",
            "epochs=3");
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err()).contains("'epochs'").contains("first.epochs");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void theSameDayIsLearnedTwiceOnlyIfSomebodyInsists() throws IOException {
    Path day = day("monday", "a", "b");
    List<String> options =
        List.of("--strategy", "slda", "--model", "small-cnn", "--image-size", "16");
    assertThat(learn(day, options.toArray(String[]::new)).status()).isZero();
    byte[] before = Files.readAllBytes(folder.resolve("my shop/learner.safetensors"));

    Result twice = learn(day("the same elsewhere", "a", "b"));
    assertThat(twice.status()).isEqualTo(1);
    assertThat(twice.err())
        .contains("accrete: the learner in " + folder.resolve("my shop"))
        .contains("has learned just these 8 images")
        .contains("--again");
    assertThat(folder.resolve("my shop/learner.safetensors")).hasBinaryContent(before);

    Result again = learn(day, "--again");
    assertThat(again.status()).isZero();
    assertThat(again.out()).contains("day 2: 8 images");
    assertThat(learn(day("tuesday", "b", "c")).out()).contains("day 3");
  }

  @Test
  void settingsAreListed() {
    Result all = run("settings");
    assertThat(all.out()).contains("ar1-star").contains("AR1*").contains("slda");
    Result one = run("settings", "ar1-star");
    assertThat(one.out()).contains("si.density").contains("above 0 and at most 1");
    assertThat(run("settings", "magic").status()).isEqualTo(2);
  }
}
