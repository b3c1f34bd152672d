package dev.accrete.production.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

final class PicturesTest {
  private static BufferedImage picture(String uri) throws IOException {
    String begin = "data:image/png;base64,";
    assertThat(uri).startsWith(begin);
    return ImageIO.read(
        new ByteArrayInputStream(Base64.getDecoder().decode(uri.substring(begin.length()))));
  }

  @Test
  void aPictureKeepsItsPixels() throws IOException {
    byte[] pixels = new byte[3 * 4];
    pixels[1] = (byte) 200; // red of the second pixel
    pixels[4 + 2] = 100; // green of the third
    pixels[8 + 3] = (byte) 255; // blue of the last
    BufferedImage image = picture(Pictures.dataUri(pixels, 2, 96));
    assertThat(image.getRGB(0, 0) & 0xFFFFFF).isZero();
    assertThat(image.getRGB(1, 0) & 0xFFFFFF).isEqualTo(200 << 16);
    assertThat(image.getRGB(0, 1) & 0xFFFFFF).isEqualTo(100 << 8);
    assertThat(image.getRGB(1, 1) & 0xFFFFFF).isEqualTo(255);
  }

  @Test
  void aLargePictureIsReducedToMeans() throws IOException {
    byte[] pixels = new byte[3 * 16];
    pixels[0] = (byte) 255;
    pixels[1] = (byte) 255;
    BufferedImage image = picture(Pictures.dataUri(pixels, 4, 2));
    assertThat(image.getWidth()).isEqualTo(2);
    assertThat(image.getRGB(0, 0) & 0xFFFFFF).isEqualTo(128 << 16);
    assertThat(picture(Pictures.dataUri(new byte[3 * 25], 5, 2)).getWidth()).isEqualTo(1);
  }
}
