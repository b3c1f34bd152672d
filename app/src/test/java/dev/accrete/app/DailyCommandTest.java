package dev.accrete.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code daily} and what tells of it afterwards, as a user has them. */
class DailyCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String shop;
  private String inbox;
  private Path told;

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.execute(new PrintWriter(out), new PrintWriter(err), args);
  }

  private int daily(String... more) {
    String[] args = new String[4 + more.length];
    args[0] = "daily";
    args[1] = "--backend=vector";
    args[2] = shop;
    args[3] = inbox;
    System.arraycopy(more, 0, args, 4, more.length);
    return run(args);
  }

  /** Noise in the colours of two classes; returns the folder of class folders. */
  private Path day(String name, int from, int to) throws IOException {
    for (String label : new String[] {"cat", "dog"}) {
      Path of = Files.createDirectories(folder.resolve(name).resolve(label));
      for (int i = from; i < to; i++) {
        Random random = new Random(label.hashCode() * 31L + i);
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < 256; p++) {
          int level = random.nextInt(128);
          image.setRGB(p % 16, p / 16, label.equals("cat") ? 0x700000 + level : level << 16 | 0x70);
        }
        assertThat(ImageIO.write(image, "png", of.resolve(label + i + ".png").toFile())).isTrue();
      }
    }
    return folder.resolve(name);
  }

  private void gate(String rules) throws IOException {
    Files.writeString(
        folder.resolve("shop/policy.yaml"),
        """
        ingest: {regression-share: 0.4}
        gate: {min-images: 5, load-and-query: false, recall-floor: 0%s}
        notify: {command: "cat >> '%s'; echo >> '%s'"}
        """
            .formatted(rules, told, told));
  }

  private static final String NEVER = ", values: [{metric: accuracy, limit: 1.5}]";

  @BeforeEach
  void init() throws IOException {
    shop = folder.resolve("shop").toString();
    inbox = Files.createDirectory(folder.resolve("inbox")).toString();
    told = folder.resolve("told");
    String[] init = {"--model=small-cnn", "--image-size=16", "--strategy=slda"};
    assertThat(run("store", "init", shop, init[0], init[1], init[2])).as(err.toString()).isZero();
    gate("");
  }

  @Test
  void whatIsNoDayIsToldAndTheOthersGoOn() throws IOException {
    day("inbox/a", 0, 20);
    Files.createDirectory(folder.resolve("inbox/b"));
    Files.writeString(folder.resolve("inbox/c.zip"), "PK");
    day("inbox/d", 20, 40);
    assertThat(daily("--json")).as(err.toString()).isEqualTo(3);
    assertThat(out.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("\"day\":\"a\",\"kind\":\"promoted\""),
            line -> assertThat(line).contains("\"day\":\"b\",\"kind\":\"failed\""),
            line -> assertThat(line).contains("\"kind\":\"failed\"", "c.zip is no sound ZIP"),
            line ->
                assertThat(line)
                    .contains("\"day\":\"d\",\"kind\":\"promoted\"")
                    .containsPattern(
                        "\"accuracy\":\\{\"value\":[01]\\.\\d+,\"images\":\\d+,\"before\""));
    String measured = "accuracy \\d+\\.\\d% \\(\\d+ images\\)";
    assertThat(run("store", "show", shop)).isZero();
    assertThat(out.toString()).containsPattern("2  update .* " + measured + " .*champion");
    assertThat(run("history", shop)).isZero();
    assertThat(out.toString()).containsPattern("champion +1 -> 2 +" + measured + " +promote");
    assertThat(told).content().contains("holds no image", "is no sound ZIP").hasLineCount(2);

    day("inbox/b", 40, 60);
    Files.delete(folder.resolve("inbox/c.zip"));
    assertThat(daily()).as(err.toString()).isZero();
    assertThat(out.toString()).contains("a: unchanged", "b: promoted", "d: unchanged");
    assertThat(told).content().hasLineCount(2);
  }

  @Test
  void aLoopThatCannotGoOnIsTold() throws IOException {
    day("inbox/a", 0, 20);
    assertThat(daily("--retrain-every=0")).isEqualTo(1);
    assertThat(err.toString()).contains("--retrain-every is 0");
    assertThat(told).content().contains("\"stopped\"", "--retrain-every is 0").hasLineCount(1);
  }

  @Test
  void whatIsOverIsToldOnce() throws IOException {
    day("inbox/a", 0, 20);
    assertThat(daily()).as(err.toString()).isZero();
    gate(NEVER);
    day("inbox/b", 20, 40);
    assertThat(daily()).as(err.toString()).isEqualTo(3);
    assertThat(out.toString())
        .contains("b: blocked", "must be at least 1.5")
        .containsPattern("version 2, accuracy \\d+\\.\\d%, was \\d+\\.\\d% \\(\\d+ images\\)");
    assertThat(told).content().hasLineCount(1);

    assertThat(daily()).as(err.toString()).isZero();
    assertThat(out.toString()).contains("b: blocked before").doesNotContain("must be at least");
    assertThat(daily("--json")).isZero();
    assertThat(out.toString()).contains("\"over\":true");
    assertThat(told).content().hasLineCount(1);
  }
}
