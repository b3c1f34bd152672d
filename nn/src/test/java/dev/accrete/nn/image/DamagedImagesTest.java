package dev.accrete.nn.image;

import static dev.accrete.nn.image.Pictures.chunk;
import static dev.accrete.nn.image.Pictures.decoded;
import static dev.accrete.nn.image.Pictures.png;
import static dev.accrete.nn.image.Pictures.resource;
import static dev.accrete.nn.image.Pictures.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to a file, it ends as a picture or as the one exception. */
class DamagedImagesTest {
  private static final String[] RESOURCES = {
    "cmyk.jpg",
    "rgb.jpg",
    "progressive.jpg",
    "exif.jpg",
    "lossy.webp",
    "lossless.webp",
    "alpha.webp"
  };

  private static byte[] indexed(byte[]... chunks) {
    byte[][] all = Arrays.copyOf(chunks, chunks.length + 1);
    all[chunks.length] = chunk("PLTE", new byte[] {1, 2, 3, 90, 80, 70});
    return png(4, 4, 1, 3, new byte[] {0, 0x50, 0, 0x30, 0, 0x10, 0, 0x70}, all);
  }

  static Stream<byte[]> files() {
    return Stream.concat(
        Stream.of(RESOURCES).map(Pictures::resource),
        Stream.of(
            written(Pictures.gradient(), "png"),
            written(Pictures.gradient(), "bmp"),
            written(Pictures.gradient(), "gif"),
            indexed(),
            indexed(chunk("eXIf", Pictures.exif(6, true)))));
  }

  @Test
  void everyFlippedBitOfAPngIsNoticed() {
    byte[] file = indexed();
    for (int bit = 0; bit < 8 * file.length; bit++) {
      byte[] damaged = file.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);

      assertThatThrownBy(() -> decoded(damaged, 4))
          .as("bit %d", bit)
          .isInstanceOf(ImageException.class)
          .hasMessageStartingWith("cannot decode image a picture: ");
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyCutIsNoticed(byte[] file) {
    // A GIF ends with one byte that says so, after the picture.
    int needed = new Bytes(file).has(0, "GIF") ? file.length - 1 : file.length;
    for (int length = 0; length < needed; length++) {
      byte[] cut = Arrays.copyOf(file, length);

      assertThatThrownBy(() -> decoded(cut, 4))
          .as("%d of %d bytes", length, file.length)
          .isInstanceOf(ImageException.class)
          .hasMessageStartingWith("cannot decode image a picture: ");
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void randomDamageEndsAsTheOneException(byte[] file) {
    Random random = new Random(file.length);
    for (int round = 0; round < 400; round++) {
      byte[] damaged = file.clone();
      int flips = 1 + random.nextInt(8);
      for (int i = 0; i < flips; i++) {
        damaged[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        decoded(damaged, 4);
      } catch (ImageException e) {
        assertThat(e).hasMessageStartingWith("cannot decode image a picture: ");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 40, 150})
  void aGifWhosePixelsEndEarlyIsNoticed(int kept) {
    BufferedImage noise = new BufferedImage(24, 24, BufferedImage.TYPE_BYTE_GRAY);
    Random random = new Random(2);
    for (int i = 0; i < 576; i++) {
      noise.getRaster().setSample(i % 24, i / 24, 0, random.nextInt(256));
    }
    byte[] file = written(noise, "gif");
    assertThat(decoded(file, 24)).startsWith(decoded(written(noise, "png"), 24));
    int start = dataStart(file);
    assertThat(file[start] & 255).isGreaterThan(kept);
    byte[] cut = Arrays.copyOf(file, start + 1 + kept + 2);
    cut[start] = (byte) kept;
    cut[cut.length - 2] = 0;
    cut[cut.length - 1] = 0x3b;

    assertThatThrownBy(() -> decoded(cut, 24))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("of 576 pixels");
  }

  /** Where the length of the first block of pixels stands, in a file with a global palette. */
  private static int dataStart(byte[] file) {
    int at = 13 + (3 << ((file[10] & 7) + 1));
    while (file[at] == 0x21) {
      at += 2;
      while (file[at] != 0) {
        at += 1 + (file[at] & 255);
      }
      at++;
    }
    return at + 11 + ((file[at + 9] & 0x80) == 0 ? 0 : 3 << ((file[at + 9] & 7) + 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rgb.jpg", "progressive.jpg"})
  void aJpegWithoutDataButWithAnEndIsNoticed(String name) {
    byte[] file = resource(name);
    byte[] cut = Arrays.copyOf(file, file.length - 40);
    cut[cut.length - 2] = (byte) 0xff;
    cut[cut.length - 1] = (byte) 0xd9;

    assertThatThrownBy(() -> decoded(cut, 4)).isInstanceOf(ImageException.class);
  }

  /** Runs in a process of its own, for the folder is looked for once. */
  @Test
  void noFolderForTemporaryFilesIsNeeded() throws IOException, InterruptedException {
    assertThat(said("-Djava.io.tmpdir=" + File.separator + "nowhere", RESOURCES))
        .contains("decoded " + RESOURCES.length);
  }

  @Test
  void tooLittleMemoryIsSaidAsThat() throws IOException, InterruptedException {
    assertThat(said("-Xmx40m", "large"))
        .contains("the memory does not suffice to decode image a picture")
        .contains("MiB): give Java a larger heap (-Xmx), or scale the picture down")
        .doesNotContain("mini-batch");
  }

  private static String said(String option, String... names)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            option,
                            "-cp",
                            System.getProperty("java.class.path"),
                            DamagedImagesTest.class.getName()),
                        Stream.of(names))
                    .toList())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** The other process. */
  public static void main(String[] names) {
    int count = 0;
    for (String name : names) {
      try {
        decoded(name.equals("large") ? large() : resource(name), 16);
        count++;
      } catch (AccreteException e) {
        System.out.println(e.getMessage());
      }
    }
    System.out.println("decoded " + count);
  }

  private static byte[] large() {
    return png(5000, 5000, 2, 0, new byte[5000 * (1 + 5000 / 4)]);
  }
}
