package dev.accrete.cl.run.report;

import dev.accrete.cl.data.ImageSet;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Samples of an image set on one sheet: a column for each of some classes. */
final class ContactSheet {
  private static final int THUMB = 64;
  private static final int GAP = 2;
  private static final int RGB = 3;

  private ContactSheet() {}

  /** About {@code most} classes that have images, evenly spread. */
  static List<Integer> classes(ImageSet set, int most) {
    int[] present = IntStream.range(0, set.size()).map(set::label).distinct().sorted().toArray();
    int columns = Math.min(most, present.length);
    return IntStream.range(0, columns)
        .mapToObj(c -> present[(int) ((long) c * present.length / columns)])
        .toList();
  }

  /**
   * The sheet as a data URI.
   *
   * @param rows images of each class, evenly spread over those it has
   */
  static String dataUri(ImageSet set, List<Integer> classes, int rows) {
    int pitch = THUMB + GAP;
    BufferedImage sheet =
        new BufferedImage(
            classes.size() * pitch - GAP, rows * pitch - GAP, BufferedImage.TYPE_INT_RGB);
    for (int column = 0; column < classes.size(); column++) {
      List<Integer> members = members(set, classes.get(column));
      for (int row = 0; row < rows && !members.isEmpty(); row++) {
        int pick = members.get((int) ((2L * row + 1) * members.size() / (2L * rows)));
        draw(set, pick, sheet, column * pitch, row * pitch);
      }
    }
    return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg(sheet));
  }

  private static List<Integer> members(ImageSet set, int label) {
    List<Integer> members = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) {
      if (set.label(i) == label) {
        members.add(i);
      }
    }
    return members;
  }

  // Scaled by hand: Graphics2D looks for a display, which may be named but not there.
  private static void draw(ImageSet set, int index, BufferedImage sheet, int left, int top) {
    byte[] pixels = new byte[set.channels() * set.height() * set.width()];
    set.read(index, pixels, 0);
    for (int y = 0; y < THUMB; y++) {
      for (int x = 0; x < THUMB; x++) {
        int rgb = 0;
        for (int channel = 0; channel < RGB; channel++) {
          int plane = Math.min(channel, set.channels() - 1) * set.height() * set.width();
          rgb = rgb << Byte.SIZE | mean(pixels, plane, set.height(), set.width(), y, x);
        }
        sheet.setRGB(left + x, top + y, rgb);
      }
    }
  }

  /** The mean of the pixels that a pixel of the thumbnail covers, at least one. */
  private static int mean(byte[] pixels, int plane, int height, int width, int y, int x) {
    int fromY = y * height / THUMB;
    int toY = Math.max(fromY + 1, (y + 1) * height / THUMB);
    int fromX = x * width / THUMB;
    int toX = Math.max(fromX + 1, (x + 1) * width / THUMB);
    int sum = 0;
    for (int row = fromY; row < toY; row++) {
      for (int column = fromX; column < toX; column++) {
        sum += Byte.toUnsignedInt(pixels[plane + row * width + column]);
      }
    }
    int count = (toY - fromY) * (toX - fromX);
    return (sum + count / 2) / count;
  }

  // ImageIO.write would keep a cache file in a folder for temporary files, which may not be there.
  private static byte[] jpeg(BufferedImage image) {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("jpg");
    if (!writers.hasNext()) {
      throw new IllegalStateException("this Java runtime cannot write JPEG");
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
