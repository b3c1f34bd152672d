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
            "--strategy",
            "ar1-star",
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

  private static final String[] NEW = {
    "--strategy", "slda", "--model", "small-cnn", "--image-size", "16", "--backend", "reference"
  };

  private String home() {
    return folder.resolve("my shop").toString();
  }

  @Test
  void whatIsForgottenIsGoneFromLearnerAndModel() throws IOException {
    Path monday = day("monday", "figs", "pears");
    assertThat(learn(monday, NEW).status()).isZero();
    assertThat(learn(day("tuesday", "plums")).status()).isZero();
    String model = folder.resolve("my shop/model.safetensors").toString();
    String fig = monday.resolve("figs/1.png").toString();

    Result wrong = run("unlearn", home(), "--data", "images:" + day("other", "grapes"));
    assertThat(wrong.status()).isEqualTo(1);
    assertThat(wrong.err()).contains("never learned: grapes");
    Result forgot = run("unlearn", home(), "--data", "images:" + day("gone", "figs"));
    assertThat(forgot.err()).doesNotContain("accrete:");
    assertThat(forgot.status()).isZero();
    assertThat(forgot.out()).contains("forgot 4 images", "8 are left", "none of figs", "model: ");
    assertThat(run("predict", "--model", model, "--json", fig).out()).doesNotContain("\"figs\"");
    Result twice = run("unlearn", home(), "--data", "images:" + folder.resolve("gone"));
    assertThat(twice.status()).isEqualTo(1);
    assertThat(twice.err()).contains("4 of the 4 images", "forgotten already");
    assertThat(learn(folder.resolve("gone")).out()).contains("day 3").doesNotContain("new:");

    Result all = run("unlearn", home(), "--data", "images:" + monday);
    assertThat(all.out()).contains("none of figs, pears");
    Result rest = run("unlearn", home(), "--data", "images:" + folder.resolve("tuesday"));
    assertThat(rest.out()).contains("0 are left", "no model");
    assertThat(Path.of(model)).doesNotExist();
  }

  @Test
  void whatIsForgottenIsGoneFromTheLearnersOwnModelToo() throws IOException {
    Path monday = day("monday", "figs", "pears");
    assertThat(learn(monday, NEW).status()).isZero();
    Path own = folder.resolve("my shop/model.safetensors");
    String fig = monday.resolve("figs/1.png").toString();
    String out = folder.resolve("out.safetensors").toString();
    Result some =
        run("unlearn", home(), "--data", "images:" + day("gone", "figs"), "--model-out", out);
    assertThat(some.status()).isZero();
    assertThat(run("predict", "--model", own.toString(), "--json", fig).out())
        .doesNotContain("\"figs\"");
    Result all =
        run("unlearn", home(), "--data", "images:" + day("rest", "pears"), "--model-out", out);
    assertThat(all.out()).contains("no model");
    assertThat(own).doesNotExist();
    assertThat(Path.of(out)).doesNotExist();
  }

  @Test
  void imagesThatComeAgainAreCounted() throws IOException {
    Path monday = day("monday", "figs");
    assertThat(learn(monday, NEW).status()).isZero();
    Result tuesday = learn(day("tuesday", "figs", "pears"));
    assertThat(tuesday.status()).isZero();
    assertThat(tuesday.err()).contains("4 of the 8 images", "were learned before");
    Result forgot = run("unlearn", home(), "--data", "images:" + monday);
    assertThat(forgot.out()).contains("forgot 4 images", "4 of the images", "still known");
    assertThat(run("unlearn", home(), "--data", "images:" + monday).out())
        .contains("none of figs")
        .doesNotContain("still known");
  }

  @Test
  void aStrategyThatWaitsForADaySaysSo() throws IOException {
    String[] waits = {
      "--strategy", "joint", "--set", "joint.at=2", "--set", "joint.max-epochs=1",
      "--model", "small-cnn", "--image-size", "16", "--backend", "reference"
    };
    Result monday = learn(day("monday", "figs", "pears"), waits);
    assertThat(monday.status()).isZero();
    assertThat(monday.out()).contains("no model yet: joint");
    assertThat(folder.resolve("my shop/model.safetensors")).doesNotExist();
    assertThat(learn(day("tuesday", "plums")).out()).contains("day 2", "; model: ");
    assertThat(folder.resolve("my shop/model.safetensors")).exists();
  }

  @Test
  void learnersInFoldersAreMerged() throws IOException {
    assertThat(learn(day("monday", "figs"), NEW).status()).isZero();
    String other = folder.resolve("branch").toString();
    String[] there = {"learn", other, "--data", "images:" + day("there", "kiwis", "plums")};
    Stream<String> all = Stream.concat(Stream.of(there), Stream.of(NEW));
    assertThat(run(all.toArray(String[]::new)).status()).isZero();
    Result merged = run("merge", home(), other);
    assertThat(merged.err()).doesNotContain("accrete:");
    assertThat(merged.out()).contains("merged 8 images, 12 in all", "new: kiwis, plums", "model: ");
    Result again = run("merge", home(), other);
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).contains("8 of the 8 images").contains("count twice");
    Result none = run("merge", home(), folder.resolve("nowhere").toString());
    assertThat(none.status()).isEqualTo(1);
    assertThat(none.err()).contains("no learner in").contains("nowhere");
    Result nothing = run("unlearn", folder.resolve("nowhere").toString(), "--data", "images:x");
    assertThat(nothing.err()).contains("no learner in");
    assertThat(folder.resolve("nowhere")).doesNotExist();
  }

  @Test
  void aStrategyThatCannotForgetSaysSo() throws IOException {
    Path monday = day("monday", "figs");
    assertThat(
            learn(monday, "--strategy", "naive", "--model", "small-cnn", "--image-size", "16")
                .status())
        .isZero();
    Result forgot = run("unlearn", home(), "--data", "images:" + monday);
    assertThat(forgot.status()).isEqualTo(1);
    assertThat(forgot.err()).contains("naive cannot forget").contains("analytic");
    assertThat(run("unlearn", "--help").out()).contains("LEARNER", "--data", "--model-out");
  }
}
