package dev.accrete.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code teach} as a user has it. */
class TeachCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.execute(new PrintWriter(out), new PrintWriter(err), args);
  }

  private int teach(String store, String label, Path... places) {
    String[] args = new String[4 + places.length];
    args[0] = "teach";
    args[1] = "--backend=vector";
    args[2] = store;
    args[3] = label;
    for (int i = 0; i < places.length; i++) {
      args[4 + i] = places[i].toString();
    }
    return run(args);
  }

  private String store(String policy) throws IOException {
    Path file = Files.writeString(folder.resolve("policy.yaml"), policy);
    String store = folder.resolve("my shop").toString();
    String[] init = {"--model=small-cnn", "--image-size=16", "--strategy=slda", "--policy=" + file};
    assertThat(run("store", "init", store, init[0], init[1], init[2], init[3]))
        .as(err.toString())
        .isZero();
    return store;
  }

  /** Pictures of noise in the colours of a class, into a folder; returns the folder. */
  private Path pictures(String name, String label, int from, int to) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    for (int i = from; i < to; i++) {
      Random random = new Random(label.hashCode() * 31L + i);
      BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
      int tint = label.hashCode() * 7919 & 0x7F7F7F;
      for (int p = 0; p < 256; p++) {
        image.setRGB(p % 16, p / 16, tint + random.nextInt(128) * 0x010101);
      }
      assertThat(ImageIO.write(image, "png", home.resolve(label + i + ".png").toFile())).isTrue();
    }
    return home;
  }

  private static final String EASY =
      """
      ingest: {regression-share: 0.4}
      gate: {min-images: 5, load-and-query: false, recall-floor: 0}
      """;

  @Test
  void aStoreIsTaughtFromFoldersZipsAndFiles() throws IOException {
    String store = store(EASY);
    pictures("photos/2026", "cat", 0, 40);
    Path cats = folder.resolve("photos");
    assertThat(teach(store, "cat", cats)).as(err.toString()).isZero();
    assertThat(out.toString())
        .containsPattern(
            "day taught-\\d{8}-\\d{6}-\\w{4}: \\d+ images of cat, a new class, to learn")
        .contains("version 1: ", "the first version, judged on ", "version 1 is in production");

    Path zip = folder.resolve("dogs.zip");
    Path dogs = pictures("dogs", "dog", 0, 40);
    try (OutputStream file = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(file)) {
      for (int i = 1; i < 40; i++) {
        entries.putNextEntry(new ZipEntry("some/where/" + i + ".png"));
        entries.write(Files.readAllBytes(dogs.resolve("dog" + i + ".png")));
      }
    }
    assertThat(teach(store, "dog", zip, dogs.resolve("dog0.png"))).as(out + " " + err).isZero();
    assertThat(out.toString())
        .contains("of dog, a new class, to learn")
        .containsPattern(
            "the gate: blessed, judged on \\d+ images, compared with version 1 on the \\d+ of them")
        .contains("version 2 is in production");
    assertThat(err.toString()).contains("learning ", "on top of version 1");
    run("history", store);
    assertThat(out.toString()).contains("taught dog").doesNotContain("forced");

    assertThat(teach(store, "cat", pictures("more", "cat", 40, 60))).as(err.toString()).isZero();
    assertThat(out.toString()).contains("images of cat to learn").contains("version 3 is in prod");
    assertThat(run("store", "check", store)).as(out.toString()).isZero();
  }

  @Test
  void onlyTheLessonIsLearned() throws IOException {
    String store = store(EASY);
    assertThat(teach(store, "cat", pictures("cats", "cat", 0, 40))).isZero();
    pictures("monday/eel", "eel", 0, 10);
    String monday = folder.resolve("monday").toString();
    assertThat(run("ingest", store, monday, "--new-classes", "--backend=vector")).isZero();
    assertThat(teach(store, "dog", pictures("dogs", "dog", 0, 40))).as(out + " " + err).isZero();
    assertThat(out.toString()).contains("2 classes");
    assertThat(run("update", store, "--backend=vector")).isZero();
    assertThat(out.toString()).contains("version 3").contains("3 classes");
  }

  @Test
  void aLessonThatTheGateBlocksStaysOutOfProduction() throws IOException {
    String store = store("gate: {load-and-query: false}");
    assertThat(teach(store, "cat", pictures("cats", "cat", 0, 10))).isZero();
    Files.writeString(
        Path.of(store, "policy.yaml"),
        "gate: {load-and-query: false, values: [{metric: accuracy, limit: 1.5}], too-few: block}");
    assertThat(teach(store, "dog", pictures("dogs", "dog", 0, 10)))
        .isEqualTo(EvaluateCommand.NOT_BLESSED)
        .isEqualTo(3);
    assertThat(out.toString())
        .contains("the gate: NOT BLESSED", "must be at least")
        .contains("version 1 stays in production")
        .contains("accrete promote '" + store + "' 2 --force --reason WHY");
    assertThat(run("store", "show", store)).isZero();
    assertThat(out.toString()).contains("champion 1, candidate 2").contains("blocked");
    assertThat(run("promote", store, "2", "--force", "--reason", "a dog is a dog")).isZero();
  }

  @Test
  void aFewImagesOfTwoClassesAreEnoughForAnEmptyStore() throws IOException {
    String store = store("gate: {load-and-query: false}");
    assertThat(teach(store, "cat", pictures("cats", "cat", 0, 6))).as(out + " " + err).isZero();
    assertThat(out.toString()).contains("the gate: blessed, the first version, judged on");
    assertThat(teach(store, "dog", pictures("dogs", "dog", 0, 6))).as(out + " " + err).isZero();
    assertThat(out.toString()).contains("  warning: ", "version 2 is in production");
    assertThat(teach(store, "eel", pictures("eels", "eel", 0, 2))).as(out + " " + err).isZero();
    assertThat(out.toString())
        .contains("  warning: recall of eel: no image was held out", "version 3 is in production");
  }

  @Test
  void whatCannotBeTaughtIsSaidInOneLine() throws IOException {
    String store = store(EASY);
    Path cats = pictures("cats", "cat", 0, 40);
    assertThat(run("teach", store, "cat")).isEqualTo(2);
    assertThat(teach(store, "cat", folder.resolve("nothing"))).isEqualTo(1);
    assertThat(err.toString()).contains("there is no " + folder.resolve("nothing"));
    assertThat(teach(store, "cat", Files.createDirectory(folder.resolve("empty")))).isEqualTo(1);
    assertThat(err.toString()).contains("holds no image; expected pictures");
    Path text = Files.writeString(folder.resolve("text.png"), "no picture");
    assertThat(teach(store, "cat", text)).isEqualTo(1);
    assertThat(err.toString()).contains("the lesson is refused", "text.png, ");
    assertThat(teach(store, "cat", cats, text)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("1 set aside", "  set aside: text.png, ");
    assertThat(teach(store, "cat", cats)).isEqualTo(1);
    assertThat(err.toString()).contains("the lesson is refused", "the same file as");
    assertThat(run("teach", store, "cat", cats.toString(), "--threads=0")).isEqualTo(2);
    assertThat(err.toString()).contains("--threads is 0");
  }
}
