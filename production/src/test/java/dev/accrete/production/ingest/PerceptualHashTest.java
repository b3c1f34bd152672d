package dev.accrete.production.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.nn.image.Picture;
import dev.accrete.production.store.TestImages;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What stays of a picture when it is scaled, compressed or lit otherwise. */
class PerceptualHashTest {
  private static final int SIDE = 32;

  private static byte[] pixels(byte[] encoded) {
    byte[] pixels = new byte[3 * SIDE * SIDE];
    Picture.of(encoded, "test").decode(SIDE, pixels, 0);
    return pixels;
  }

  /** The same picture, enlarged and compressed as JPEG. */
  private static byte[] again(byte[] encoded) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(encoded));
    BufferedImage large = new BufferedImage(90, 90, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = large.createGraphics();
    pen.drawImage(image, 0, 0, 90, 90, null);
    pen.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(large, "jpg", out)).isTrue();
    return out.toByteArray();
  }

  @Test
  void theSamePictureInAnotherFileIsNear() throws IOException {
    for (int i = 0; i < 20; i++) {
      byte[] one = pixels(TestImages.png("cat", i));
      byte[] other = pixels(again(TestImages.png("cat", i)));
      assertThat(
              PerceptualHash.distance(PerceptualHash.of(one, SIDE), PerceptualHash.of(other, SIDE)))
          .isLessThanOrEqualTo(8);
      assertThat(PerceptualHash.correlation(one, other, SIDE)).isGreaterThan(0.9);
    }
  }

  @Test
  void otherPicturesAreFar() {
    long[] hashes = new long[40];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = PerceptualHash.of(pixels(TestImages.png("cat", i)), SIDE);
      for (int j = 0; j < i; j++) {
        assertThat(PerceptualHash.distance(hashes[i], hashes[j])).isGreaterThan(8);
      }
    }
    byte[] one = pixels(TestImages.png("cat", 1));
    byte[] two = pixels(TestImages.png("cat", 2));
    assertThat(PerceptualHash.correlation(one, two, SIDE)).isLessThan(0.5);
    assertThat(PerceptualHash.correlation(one, pixels(TestImages.blank(0x808080)), SIDE)).isZero();
  }

  /** Averages over cells keep the mean of the whole image, whatever cells cut through. */
  @Property(tries = 50)
  void cellsShareThePixels(
      @ForAll @IntRange(min = 1, max = 40) int side,
      @ForAll @IntRange(min = 1, max = 12) int parts) {
    byte[] pixels = new byte[3 * side * side];
    double sum = 0;
    for (int i = 0; i < side * side; i++) {
      int level = i * 37 % 251;
      for (int c = 0; c < 3; c++) {
        pixels[c * side * side + i] = (byte) level;
      }
      sum += level;
    }
    double mean = 0;
    for (double cell : PerceptualHash.grey(pixels, side, parts, parts)) {
      mean += cell / (parts * parts);
    }
    assertThat(mean).isCloseTo(sum / (side * side), Offset.offset(1e-6));
  }

  @Test
  void propertiesTellColourAndContrast() {
    Properties grey = Properties.of(pixels(TestImages.blank(0x808080)), SIDE);
    assertThat(grey.brightness()).isCloseTo(128, Offset.offset(1.0));
    assertThat(grey.colour()).isZero();
    assertThat(grey.spread()).isLessThan(1e-6);
    Properties red = Properties.of(pixels(TestImages.blank(0xFF0000)), SIDE);
    assertThat(red.colour()).isEqualTo(255);
    assertThat(Properties.of(pixels(TestImages.png("cat", 1)), SIDE).spread()).isGreaterThan(10);
  }
}
