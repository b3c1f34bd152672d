package dev.accrete.cl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFolderTest {
  @TempDir Path root;

  @BeforeEach
  void twoClasses() {
    Images.write(root.resolve("train/dog/b.png"), 8, 8, 0x0000ff);
    Images.write(root.resolve("train/dog/a.PNG.png"), 8, 8, 0x00ff00);
    Images.write(root.resolve("train/cat/z.jpg"), 16, 16, 0xff0000);
    Images.write(root.resolve("val/dog/1.png"), 8, 8, 0x00ff00);
    Images.write(root.resolve("val/cat/2.png"), 8, 8, 0xff0000);
  }

  @Test
  void classesAndFilesAreInAlphabeticalOrder() throws IOException {
    Files.writeString(root.resolve("train/dog/notes.txt"), "not an image");
    ImageSet train = ImageFolder.train(root, 4);

    assertThat(train.classNames()).containsExactly("cat", "dog");
    assertThat(train.size()).isEqualTo(3);
    assertThat(train.label(0)).isZero();
    assertThat(train.label(1)).isEqualTo(1);
    assertThat(train.describe(0)).endsWith("z.jpg");
    assertThat(train.describe(1)).endsWith("a.PNG.png");
    assertThat(train.describe(2)).endsWith("b.png");
    assertThat(ImageFolder.test(root, 4).classNames()).isEqualTo(train.classNames());
  }

  @Test
  void pixelsArePlanarAndResized() {
    byte[] green = Images.read(ImageFolder.train(root, 2), 1);

    assertThat(green).containsExactly(0, 0, 0, 0, 127, 255, 127, 255, 0, 0, 0, 0);
  }

  @Test
  void classTableGivesNames() throws IOException {
    Files.writeString(root.resolve("classes.tsv"), "dog\tGood boy, Canis\nbird\tnone\n");

    assertThat(ImageFolder.train(root, 4).classNames()).containsExactly("cat", "Good boy, Canis");
  }

  @Test
  void greyFilesKeepTheirLevels() {
    BufferedImage grey = new BufferedImage(3, 3, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 9; i++) {
      grey.getRaster().setSample(i % 3, i / 3, 0, 100 + i);
    }
    Images.write(root.resolve("train/cat/a.png"), grey);

    assertThat(Images.read(ImageFolder.train(root, 3), 0))
        .startsWith(100, 101, 102, 103, 104, 105, 106, 107, 108, 100, 101);
  }

  @Test
  void transparentPixelsLieOnWhite() {
    BufferedImage clear = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);
    clear.setRGB(0, 0, 0xff102030);
    clear.setRGB(1, 0, 0x80000000);
    Images.write(root.resolve("train/cat/a.png"), clear);

    assertThat(Images.read(ImageFolder.train(root, 2), 0))
        .containsExactly(0x10, 127, 255, 255, 0x20, 127, 255, 255, 0x30, 127, 255, 255);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 40, 150, 330})
  void truncatedFilesAreErrorsThatNameTheFile(int length) throws IOException {
    for (String name : new String[] {"big.jpg", "big.png"}) {
      Path file = root.resolve("train/cat/" + name);
      BufferedImage noise = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
      java.util.Random random = new java.util.Random(1);
      for (int i = 0; i < 1024; i++) {
        noise.setRGB(i % 32, i / 32, random.nextInt());
      }
      Images.write(file, noise);
      assertThat(Files.size(file)).isGreaterThan(700);
      Images.truncate(file, length == 330 ? (int) Files.size(file) * 3 / 4 : length);
      ImageSet train = ImageFolder.train(root, 8);

      assertThatThrownBy(() -> Images.read(train, 0))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(name)
          .hasMessageContaining("--skip-corrupt");
      Files.delete(file);
    }
  }

  @Test
  void filesOfAnotherKindAreErrors() throws IOException {
    Files.writeString(root.resolve("train/cat/a.jpg"), "This is not a picture at all.");
    ImageSet train = ImageFolder.train(root, 8);

    assertThatThrownBy(() -> Images.read(train, 0)).hasMessageContaining("judging by its content");
  }

  @Test
  void missingFoldersSayWhatIsExpected() throws IOException {
    assertThatThrownBy(() -> ImageFolder.train(root.resolve("nowhere"), 8))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("nowhere");
    Path alone = Files.createDirectory(root.resolve("alone"));
    Files.createDirectories(alone.resolve("train"));
    assertThatThrownBy(() -> ImageFolder.train(alone, 8)).hasMessageContaining("no class folders");
    Images.write(alone.resolve("train/x/1.png"), 4, 4, 0);
    assertThatThrownBy(() -> ImageFolder.test(alone, 8))
        .hasMessageContaining("neither test/ nor val/");
    Files.createDirectories(alone.resolve("test/y"));
    assertThatThrownBy(() -> ImageFolder.test(alone, 8)).hasMessageContaining("does not exist in");
    Files.delete(alone.resolve("test/y"));
    Files.createDirectories(alone.resolve("test/x"));
    assertThatThrownBy(() -> ImageFolder.test(alone, 8)).hasMessageContaining("holds no image");
  }

  @Test
  void fingerprintFollowsContentAlone() throws IOException {
    Path file = root.resolve("train/cat/z.jpg");
    String before = ImageFolder.train(root, 4).fingerprint();
    assertThat(ImageFolder.train(root, 4).fingerprint()).isEqualTo(before);
    assertThat(ImageFolder.train(root, 5).fingerprint()).isNotEqualTo(before);

    FileTime time = Files.getLastModifiedTime(file);
    Files.setLastModifiedTime(file, FileTime.fromMillis(12_345_678));
    assertThat(ImageFolder.train(root, 4).fingerprint()).isEqualTo(before);

    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);
    Files.setLastModifiedTime(file, time);
    assertThat(ImageFolder.train(root, 4).fingerprint()).isNotEqualTo(before);
  }

  @Test
  void aFileThatChangesAfterTheLookIsNotMixedIn() {
    ImageSet train = ImageFolder.train(root, 4);
    assertThat(train.fingerprint()).hasSize(32);
    Images.write(root.resolve("train/cat/z.jpg"), 18, 18, 0x00ff00);

    assertThatThrownBy(() -> Images.read(train, 0))
        .isInstanceOf(DataException.class)
        .isNotInstanceOf(DamagedImageException.class)
        .hasMessageContaining("has changed since the start");
    assertThat(Images.read(train, 1)).hasSize(48);
  }

  @Test
  void labelsAreContentToo() throws IOException {
    String before = ImageFolder.train(root, 4).fingerprint();
    Files.move(root.resolve("train/dog/b.png"), root.resolve("train/cat/zz.png"));

    assertThat(ImageFolder.train(root, 4).fingerprint()).isNotEqualTo(before);
  }

  @Test
  void subFoldersAndOtherKindsAreRead() throws IOException {
    byte[] jpeg = Files.readAllBytes(root.resolve("train/cat/z.jpg"));
    for (String name : List.of("a.jfif", "b.JPEG", "c.jpe", "deep/er/d.jpg")) {
      Path file = root.resolve("train/cat").resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, jpeg);
    }
    Images.write(root.resolve("train/cat/e.bmp"), 4, 4, 0);
    Images.write(root.resolve("train/cat/f.gif"), 8, 8, 0);
    ImageSet train = ImageFolder.train(root, 4);

    assertThat(train.size()).isEqualTo(9);
    assertThat(IntStream.range(0, 7).mapToObj(train::describe))
        .allMatch(name -> name.contains("cat"))
        .isSorted();
    assertThat(train.describe(3)).endsWith(Path.of("deep", "er", "d.jpg").toString());
    for (int i = 0; i < train.size(); i++) {
      assertThat(Images.read(train, i)).hasSize(48);
    }
  }

  @Test
  void whatIsLeftOutIsCountedAndMayBeAnError() throws IOException {
    Files.writeString(root.resolve("train/dog/notes.txt"), "");
    Files.writeString(root.resolve("val/dog/more.TXT"), "");
    Files.writeString(root.resolve("val/cat/scan.tif"), "");
    Images.write(root.resolve("train/stray.png"), 4, 4, 0);
    Files.writeString(root.resolve("train/.hidden"), "");

    assertThat(ImageFolder.open(root, 4, OnIgnored.REPORT).train().size()).isEqualTo(3);
    assertThatThrownBy(() -> DataSpec.parse("images-strict:" + root).open().labelled(4))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("4 files (1 .tif, 2 .txt, 1 outside the class folders) not read");
    for (Path folder : List.of(root, root.resolve("val"))) {
      DataSource strict = DataSpec.parse("images-strict:" + folder).open();
      assertThatThrownBy(() -> strict.test(4))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("not read");
      assertThatThrownBy(() -> strict.day(4))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("not read");
      DataSource lenient = DataSpec.parse("images:" + folder).open();
      assertThat(lenient.test(4).size()).isEqualTo(2);
      assertThat(lenient.day(4).size()).isGreaterThan(1);
    }
    FolderScan scan = new FolderScan();
    assertThat(scan.images(root.resolve("train/dog"))).hasSize(2);
    assertThat(scan.ignored()).hasValue("1 file (1 .txt)");
  }

  @Test
  void tinyImageNetAsItIsUnpacked() throws IOException {
    Path tiny = root.resolve("tiny");
    for (String name : List.of("n01", "n02")) {
      for (int i = 0; i < 2; i++) {
        Images.write(tiny.resolve("train/" + name + "/images/" + name + "_" + i + ".png"), 4, 4, i);
      }
      Files.writeString(tiny.resolve("train/" + name + "/" + name + "_boxes.txt"), "boxes");
    }
    Images.write(tiny.resolve("test/images/test_0.png"), 4, 4, 0);
    for (int i = 0; i < 3; i++) {
      Images.write(tiny.resolve("val/images/val_" + i + ".png"), 4, 4, 0x10 * i);
    }
    Path table = tiny.resolve("val/val_annotations.txt");
    Files.writeString(
        table,
        "val_0.png\tn02\t0\t0\t9\t9\nval_1.png\tn01\t1\t1\t2\t2\nval_2.png\tn02\t0\t0\t9\t9\n");
    LabelledData data = ImageFolder.open(tiny, 4, OnIgnored.REPORT);

    assertThat(data.train().size()).isEqualTo(4);
    assertThat(data.test().size()).isEqualTo(3);
    assertThat(data.test().describe(0)).endsWith("val_1.png");
    assertThat(data.test().label(0)).isZero();
    assertThat(data.test().label(2)).isEqualTo(1);

    Files.writeString(table, "val_7.png\tn02\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> ImageFolder.test(tiny, 4)).hasMessageContaining("val_7.png");
    Files.writeString(table, "val_1.png\tn09\n");
    assertThatThrownBy(() -> ImageFolder.test(tiny, 4)).hasMessageContaining("n09");
  }

  @Test
  void aTestFolderWithoutLabelsGivesWayToVal() throws IOException {
    Images.write(root.resolve("test/1.png"), 8, 8, 0);
    assertThat(ImageFolder.test(root, 4).size()).isEqualTo(2);
    Images.write(root.resolve("test/unknown/2.png"), 8, 8, 0);
    assertThat(ImageFolder.test(root, 4).size()).isEqualTo(2);

    Files.delete(root.resolve("val/dog/1.png"));
    Files.delete(root.resolve("val/cat/2.png"));
    Files.delete(root.resolve("val/dog"));
    Files.delete(root.resolve("val/cat"));
    assertThatThrownBy(() -> ImageFolder.test(root, 4))
        .hasMessageContaining("does not exist in train/")
        .hasMessageNotContaining("remove");
  }

  @Test
  void aClassMayHaveNoTestImages() throws IOException {
    Files.delete(root.resolve("val/dog/1.png"));
    ImageSet test = ImageFolder.test(root, 4);

    assertThat(test.size()).isEqualTo(1);
    assertThat(test.classNames()).containsExactly("cat", "dog");
    Files.createDirectory(root.resolve("train/empty"));
    assertThatThrownBy(() -> ImageFolder.train(root, 4))
        .hasMessageContaining("holds no image")
        .hasMessageNotContaining("remove");
  }

  @Test
  void aSplitByItselfHasItsOwnClasses() {
    ImageSet val = ImageFolder.alone(root.resolve("val"), 4);

    assertThat(val.classNames()).containsExactly("cat", "dog");
    assertThat(val.size()).isEqualTo(2);
  }

  @Test
  void theFolderAroundDaysIsNoDay() {
    Path days = root.resolve("days");
    for (String name : List.of("monday/cup/1.png", "monday/mug/1.png", "tuesday/cup/1.png")) {
      Images.write(days.resolve(name), 4, 4, 0);
    }
    // A class may keep its images in one folder, as in Tiny ImageNet, or in several.
    assertThat(ImageFolder.alone(days, 4).classNames()).containsExactly("monday", "tuesday");
    Images.write(days.resolve("tuesday/mug/1.png"), 4, 4, 0);
    assertThatThrownBy(() -> ImageFolder.alone(days, 4))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("name one of the folders below, such as " + days.resolve("monday"))
        .hasMessageContaining("whose sub-folders are the classes");
    assertThat(ImageFolder.alone(days.resolve("monday"), 4).classNames())
        .containsExactly("cup", "mug");
    Images.write(days.resolve("tuesday/2.png"), 4, 4, 0);
    assertThat(ImageFolder.alone(days, 4).size()).isEqualTo(5);
  }

  @Test
  void accentsMayBeEncodedInTwoWays() throws IOException {
    assumeNames("e\u0301");
    String apart = "cafe\u0301";
    String composed = "caf\u00e9";
    Images.write(root.resolve("train/" + apart + "/1.png"), 4, 4, 0);
    Images.write(root.resolve("test/" + composed + "/1.png"), 4, 4, 0);
    LabelledData data = ImageFolder.open(root, 4, OnIgnored.FAIL);
    assertThat(data.train().classNames()).containsExactly(composed, "cat", "dog");
    assertThat(data.test().size()).isEqualTo(1);
    assertThat(data.test().label(0)).isZero();

    Files.writeString(root.resolve("classes.tsv"), composed + "\tLe " + apart + "\n");
    assertThat(ImageFolder.train(root, 4).classNames()).contains("Le " + composed);
    Images.write(root.resolve("train/" + composed + "/1.png"), 4, 4, 0);
    int folders = Objects.requireNonNull(root.resolve("train").toFile().list()).length;
    Assumptions.assumeTrue(folders == 4, "this file system takes both for one");
    assertThatThrownBy(() -> ImageFolder.train(root, 4))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("two class folders", composed);
  }

  @Test
  void linksAreFollowedWhereverTheyLead(@TempDir Path elsewhere) throws IOException {
    Images.write(elsewhere.resolve("pool/1.png"), 8, 8, 0);
    link(root.resolve("train/bird"), elsewhere.resolve("pool"));
    link(root.resolve("train/dog/c.png"), elsewhere.resolve("pool/1.png"));
    ImageSet train = ImageFolder.train(root, 4);

    assertThat(train.classNames()).containsExactly("bird", "cat", "dog");
    assertThat(train.size()).isEqualTo(5);
  }

  @Test
  void deadLinksAndLoopsAreOneLine() throws IOException {
    Path dead = root.resolve("train/dog/c.png");
    link(dead, root.resolve("gone.png"));
    assertThatThrownBy(() -> ImageFolder.train(root, 4))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(dead.toString())
        .hasMessageContaining("gone.png, which does not exist");
    Files.delete(dead);

    Path self = root.resolve("train/dog/self.png");
    link(self, self);
    assertThatThrownBy(() -> ImageFolder.train(root, 4))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(self.toString());
    Files.delete(self);

    link(root.resolve("train/dog/up"), root.resolve("train"));
    assertThatThrownBy(() -> ImageFolder.train(root, 4))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("leads back to");
  }

  private static void link(Path link, Path target) throws IOException {
    try {
      Files.createSymbolicLink(link, target);
    } catch (UnsupportedOperationException e) {
      Assumptions.abort("no symbolic links here: " + e);
    }
  }

  @Test
  void namesInAnyScriptAreRead() throws IOException {
    assumeNames("ä猫");
    Images.write(root.resolve("train/猫/ä.png"), 4, 4, 0);

    ImageSet train = ImageFolder.train(root, 4);
    assertThat(train.classNames()).containsExactly("cat", "dog", "猫");
    assertThat(Images.read(train, 3)).hasSize(48);
  }

  private static void assumeNames(String letters) {
    Assumptions.assumeTrue(
        Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder().canEncode(letters),
        "this locale has no such names");
  }
}
