package dev.accrete.nn.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  @TempDir Path folder;

  private static BufferedImage picture() {
    BufferedImage image = new BufferedImage(6, 4, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 6; x++) {
        image.setRGB(x, y, (10 * x) << 16 | (20 * y) << 8 | 200);
      }
    }
    return image;
  }

  private static byte[] png() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(picture(), "png", out)).isTrue();
    return out.toByteArray();
  }

  @Test
  void fileBytesAndImageGiveTheSamePlanes() throws IOException {
    Path file = Files.write(folder.resolve("a.png"), png());
    byte[] read = new byte[1 + 48];
    byte[] decoded = new byte[1 + 48];
    byte[] taken = new byte[1 + 48];

    ImageDecoder.decode(file, 4, read, 1);
    ImageDecoder.decode(png(), "a picture", 4, decoded, 1);
    ImageDecoder.decode(picture(), 4, taken, 1);

    assertThat(read).startsWith(0, 10, 20, 30, 40, 10).endsWith(200, 200);
    assertThat(Arrays.copyOfRange(read, 17, 25)).containsExactly(0, 0, 0, 0, 20, 20, 20, 20);
    assertThat(decoded).isEqualTo(read);
    assertThat(taken).isEqualTo(read);
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_INT_RGB})
  void aPartOfAnImageIsTakenFromItsPlace(int type) {
    BufferedImage whole = new BufferedImage(6, 4, type);
    whole.createGraphics().drawImage(picture(), 0, 0, null);
    byte[] planes = new byte[12];
    ImageDecoder.decode(whole.getSubimage(3, 1, 2, 2), 2, planes, 0);
    assertThat(planes).containsExactly(30, 40, 30, 40, 20, 20, 40, 40, 200, 200, 200, 200);
  }

  @Test
  void errorsNameTheSource() throws IOException {
    byte[] whole = png();
    byte[] pixels = new byte[48];
    assertThatThrownBy(() -> ImageDecoder.decode(new byte[0], "upload 7", 4, pixels, 0))
        .isInstanceOf(ImageException.class)
        .hasMessage("cannot decode image upload 7: its length is 0 bytes; replace the file");
    assertThatThrownBy(() -> ImageDecoder.decode(new byte[] {1, 2, 3}, "upload 7", 4, pixels, 0))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("upload 7");
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    assertThatThrownBy(() -> ImageDecoder.decode(half, "upload 7", 4, pixels, 0))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("upload 7");
    Path missing = folder.resolve("none.png");
    assertThatThrownBy(() -> ImageDecoder.decode(missing, 4, pixels, 0))
        .isInstanceOf(ImageException.class)
        .hasMessage("there is no file " + missing + "; check the path");
    assertThatThrownBy(() -> ImageDecoder.decode(folder, 4, pixels, 0))
        .isInstanceOf(ImageException.class)
        .hasMessage(folder + " is a folder, not an image; name an image file");
  }
}
