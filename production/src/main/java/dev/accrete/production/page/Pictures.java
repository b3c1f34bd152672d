package dev.accrete.production.page;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures that stand in the page itself. */
public final class Pictures {
  private Pictures() {}

  /**
   * A picture as a data URI of a PNG.
   *
   * @param pixels u8 planar [3, side, side], red first
   * @param most height and width at most; larger ones are reduced by whole factors, each new pixel
   *     the mean of those it covers
   */
  public static String dataUri(byte[] pixels, int side, int most) {
    int factor = Math.max(1, Math.ceilDiv(side, most));
    int reduced = side / factor;
    BufferedImage image = new BufferedImage(reduced, reduced, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < reduced; y++) {
      for (int x = 0; x < reduced; x++) {
        int rgb = 0;
        for (int channel = 0; channel < 3; channel++) {
          rgb = rgb << Byte.SIZE | mean(pixels, channel * side * side, side, factor, y, x);
        }
        image.setRGB(x, y, rgb);
      }
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png(image));
  }

  private static int mean(byte[] pixels, int plane, int side, int factor, int y, int x) {
    int sum = 0;
    for (int dy = 0; dy < factor; dy++) {
      for (int dx = 0; dx < factor; dx++) {
        sum += Byte.toUnsignedInt(pixels[plane + (y * factor + dy) * side + x * factor + dx]);
      }
    }
    return (sum + factor * factor / 2) / (factor * factor);
  }

  // ImageIO.write would keep a cache file in a folder for temporary files, which may not be there.
  private static byte[] png(BufferedImage image) {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("png");
    if (!writers.hasNext()) {
      throw new IllegalStateException("this Java runtime cannot write PNG");
    }
    ImageWriter writer = writers.next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(image);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }
}
