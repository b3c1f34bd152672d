package dev.accrete.nn.image;

import static dev.accrete.nn.image.Pictures.chunk;
import static dev.accrete.nn.image.Pictures.decoded;
import static dev.accrete.nn.image.Pictures.png;
import static dev.accrete.nn.image.Pictures.resource;
import static dev.accrete.nn.image.Pictures.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Formats and colour models. */
class ImageFormatsTest {
  @ParameterizedTest
  @CsvSource({
    "cmyk.jpg, 4",
    "unsubsampled.jpg, 4",
    "progressive.jpg, 14",
    "rgb.jpg, 14",
    "lossy.webp, 16",
    "lossless.webp, 0"
  })
  void formatsGiveThePicture(String name, int tolerance) {
    byte[] expected = decoded(written(Pictures.gradient(), "png"), 16);
    byte[] found = decoded(resource(name), 16);

    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i] & 255).isCloseTo(expected[i] & 255, within(tolerance));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bmp", "gif"})
  void theJdkWritesWhatWeRead(String format) {
    BufferedImage image = Pictures.gradient();

    assertThat(decoded(written(image, format), 16)).isEqualTo(decoded(written(image, "png"), 16));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 9})
  void interlacedGifsOfAnyHeightAreRightOrRefused(int height) {
    BufferedImage image = new BufferedImage(height, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < height * height; i++) {
      image.setRGB(i % height, i / height, 0x1c2a00 * (i / height));
    }
    byte[] gif = written(image, "gif");

    if (height < 2 || height > 4) {
      assertThat(decoded(gif, height)).isEqualTo(decoded(written(image, "png"), height));
    } else {
      assertThatThrownBy(() -> decoded(gif, height)).hasMessageContaining("interlaced");
    }
  }

  @Test
  void transparentWebpLiesOnWhite() {
    byte[] found = decoded(resource("alpha.webp"), 16);

    assertThat(found[3] & 255).isEqualTo(48);
    assertThat(found[12] & 255).isEqualTo((192 * 128 + 255 * 127 + 127) / 255);
  }

  /** The reader that takes over the common case changes no bit. */
  @ParameterizedTest
  @ValueSource(strings = {"rgb.jpg", "progressive.jpg", "unsubsampled.jpg", "exif.jpg"})
  void bothJpegReadersGiveTheSameBits(String name) throws IOException {
    byte[] file = resource(name);
    assertThat(Format.JPEG.outline(new Bytes(file)).plain()).isTrue();
    List<byte[]> pixels = new ArrayList<>();
    for (String type : List.of(Format.JPEG.reader(Outline.SIMPLE), Format.ANY_JPEG)) {
      ImageReader reader = Readers.create(type);
      reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(file)), true, true);
      pixels.add(Pixels.of(reader.read(0), Outline.OPAQUE).levels());
      reader.dispose();
    }

    assertThat(pixels.get(0)).isEqualTo(pixels.get(1));
  }

  @Test
  void unusualJpegsGoToTheOtherReader() throws IOException {
    assertThat(Format.JPEG.outline(new Bytes(resource("cmyk.jpg"))).plain()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16})
  void greyKeepsItsLevels(int depth) {
    int step = depth / 8;
    byte[] rows = new byte[16 * (1 + 16 * step)];
    byte[] expected = new byte[256];
    for (int i = 0; i < 256; i++) {
      expected[i] = (byte) i;
      Arrays.fill(rows, place(i, step), place(i, step) + step, (byte) i);
    }

    assertThat(decoded(png(16, 16, depth, 0, rows), 16)).startsWith(expected).endsWith(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16})
  void greyWithAlphaLiesOnWhite(int depth) {
    int step = depth / 8 * 2;
    byte[] rows = new byte[16 * (1 + 16 * step)];
    for (int i = 0; i < 256; i++) {
      Arrays.fill(rows, place(i, step), place(i, step) + step / 2, (byte) 128);
      Arrays.fill(rows, place(i, step) + step / 2, place(i, step) + step, (byte) i);
    }
    byte[] found = decoded(png(16, 16, depth, 4, rows), 16);

    assertThat(found[128] & 255).isEqualTo(191);
    for (int alpha = 0; alpha < 256; alpha++) {
      int expected = (128 * alpha + 255 * (255 - alpha) + 127) / 255;
      assertThat(found[alpha] & 255).isEqualTo(expected);
      assertThat(found[512 + alpha] & 255).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4, 0.5, 128",
    "4, 1.5, 255",
    "4, -1, 0",
    "4, NaN, 0",
    "5, 0.25, 64",
    "2, 16384, 128",
    "2, 32767, 255",
    "2, -5, 0",
    "1, 32768, 128"
  })
  void greyOfAnyTypeKeepsItsLevels(int type, double sample, int level) {
    BufferedImage image = image(ColorSpace.CS_GRAY, type);
    image.getRaster().setSample(0, 0, 0, sample);
    byte[] found = new byte[3];
    ImageDecoder.decode(image, 1, found, 0);

    assertThat(found[0] & 255).isEqualTo(level);
    assertThat(found[2]).isEqualTo(found[0]);
  }

  /** Which of them Java can convert is its own affair, but there is no other error. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void coloursOfAnyTypeAreReadOrRefused(int type) {
    BufferedImage image = image(ColorSpace.CS_sRGB, type);
    byte[] found = new byte[3];
    try {
      ImageDecoder.decode(image, 1, found, 0);
      assertThat(found).containsExactly(0, 0, 0);
    } catch (ImageException e) {
      assertThat(e).hasMessageContaining("draw it into one of TYPE_INT_RGB");
    }
  }

  private static BufferedImage image(int space, int type) {
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(space), false, false, Transparency.OPAQUE, type);
    return new BufferedImage(model, model.createCompatibleWritableRaster(1, 1), false, null);
  }

  private static int place(int index, int step) {
    return index / 16 * (1 + 16 * step) + 1 + index % 16 * step;
  }

  @ParameterizedTest
  @CsvSource({"1, 0x40, 0 255", "2, 0x1b, 0 85 170 255", "4, 0x0f, 0 255"})
  void fewGreysAreSpreadOut(int depth, String packed, String levels) {
    String[] wanted = levels.split(" ", -1);
    int side = wanted.length;
    byte[] rows = new byte[2 * side];
    for (int j = 0; j < side; j++) {
      rows[2 * j + 1] = Integer.decode(packed).byteValue();
    }
    byte[] found = decoded(png(side, side, depth, 0, rows), side);

    for (int i = 0; i < side; i++) {
      assertThat(found[i] & 255).isEqualTo(Integer.parseInt(wanted[i]));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 16})
  void aTransparentGreyIsWhite(int depth) {
    byte[] row = depth == 2 ? new byte[] {0, 0x10} : new byte[] {0, 1};
    if (depth > 4) {
      row = Arrays.copyOf(new byte[] {0, 0, 1}, 1 + 2 * depth / 8);
    }
    if (depth == 16) {
      row = new byte[] {0, 0, 0, 0, 1};
    }
    byte[] rows = Arrays.copyOf(row, 2 * row.length);
    System.arraycopy(row, 0, rows, row.length, row.length);
    byte[] found = decoded(png(2, 2, depth, 0, rows, chunk("tRNS", new byte[] {0, 1})), 2);

    assertThat(found[0]).isZero();
    assertThat(found[1] & 255).isEqualTo(255);
  }

  @Test
  void aTransparentColourOfThePaletteIsWhite() {
    byte[] palette = {10, 20, 30, 40, 50, 60};
    byte[] rows = {0, 0, 1, 0, 1, 0};
    byte[] file =
        png(2, 2, 8, 3, rows, chunk("PLTE", palette), chunk("tRNS", new byte[] {(byte) 255, 0}));

    assertThat(decoded(file, 2)).startsWith(10, 255, 255, 10, 20, 255, 255, 20);
  }

  @Test
  void contentDecidesAndOtherFormatsAreNamed() {
    byte[] tiff = new byte[64];
    tiff[0] = 'I';
    tiff[1] = 'I';
    tiff[2] = '*';

    assertThatThrownBy(() -> decoded(tiff, 4))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("TIFF")
        .hasMessageContaining("convert it");
    byte[] heic = "\0\0\0\30ftypheic and more".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> decoded(heic, 4)).hasMessageContaining("HEIC");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1 2 3 4",
    "2, 2 1 4 3",
    "3, 4 3 2 1",
    "4, 3 4 1 2",
    "5, 1 3 2 4",
    "6, 3 1 4 2",
    "7, 4 2 3 1",
    "8, 2 4 1 3",
    "9, 1 2 3 4"
  })
  void picturesAreUpright(int orientation, String order) {
    byte[] rows = {0, 1, 2, 0, 3, 4};
    String[] levels = order.split(" ", -1);
    for (boolean little : new boolean[] {true, false}) {
      byte[] exif = chunk("eXIf", Pictures.exif(orientation, little));
      byte[] found = decoded(png(2, 2, 8, 0, rows, exif), 2);
      for (int i = 0; i < 4; i++) {
        assertThat(found[i]).isEqualTo(Byte.parseByte(levels[i]));
      }
    }
  }

  /** Red grows to the right in the stored picture, and downwards in the upright one. */
  @ParameterizedTest
  @ValueSource(strings = {"exif.jpg", "exif.webp"})
  void everyFormatIsTurned(String name) {
    byte[] found = decoded(resource(name), 16);

    assertThat(found[15 * 16] & 255).isGreaterThan(220);
    assertThat(found[15] & 255).isLessThan(20);
    assertThat(found[256] & 255).isGreaterThan(220);
  }

  @Test
  void theCropIsThatOfTheUprightPicture() {
    byte[] rows = {0, 1, 2, 0, 3, 4, 0, 5, 6};
    byte[] turned = decoded(png(2, 3, 8, 0, rows, chunk("eXIf", Pictures.exif(6, true))), 2);

    assertThat(turned).startsWith(5, 3, 6, 4);
  }

  @Test
  void genuineLargePicturesAreAccepted() {
    int width = 12_000;
    int height = 9_000;
    byte[] rows = new byte[height * (1 + width / 8)];
    for (int j = 0; j < height; j++) {
      int row = j * (1 + width / 8);
      Arrays.fill(rows, row + 1 + width / 16, row + 1 + width / 8, (byte) 255);
    }
    byte[] found = decoded(png(width, height, 1, 0, rows), 4);

    assertThat(found).startsWith(0, 0, -1, -1, 0, 0, -1, -1);
  }

  @Test
  void bombsAreRefusedWithAReason() {
    assertThatThrownBy(() -> decoded(png(100_000, 100_000, 1, 0, new byte[100]), 4))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("100000x100000")
        .hasMessageContaining("million");
  }

  @Test
  void whoTakesPicturesFromStrangersSetsALowerLimit() {
    byte[] picture = png(20, 10, 1, 0, new byte[10 * 4]);
    byte[] pixels = new byte[3 * 4 * 4];
    Picture.of(picture, "upload 7", 200).decode(4, pixels, 0);
    assertThatThrownBy(() -> Picture.of(picture, "upload 7", 199).decode(4, pixels, 0))
        .isInstanceOf(ImageException.class)
        .hasMessage(
            "cannot decode image upload 7: it claims 20x10 pixels, and more than 199 are not"
                + " decoded; if it is genuine, scale it down; replace the file");
  }
}
