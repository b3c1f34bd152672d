package dev.accrete.cl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    assertThatThrownBy(() -> Images.read(train, 0)).hasMessageContaining("neither JPEG nor PNG");
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
    assertThatThrownBy(() -> ImageFolder.test(alone, 8)).hasMessageContaining("holds no .jpg");
  }

  @Test
  void fingerprintFollowsContentNotPlace() throws IOException {
    String before = ImageFolder.train(root, 4).fingerprint();
    assertThat(ImageFolder.train(root, 4).fingerprint()).isEqualTo(before);
    assertThat(ImageFolder.train(root, 5).fingerprint()).isNotEqualTo(before);

    Images.write(root.resolve("train/cat/z.jpg"), 18, 18, 0xff0000);
    assertThat(ImageFolder.train(root, 4).fingerprint()).isNotEqualTo(before);
  }
}
