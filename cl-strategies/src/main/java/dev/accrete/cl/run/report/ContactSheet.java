package dev.accrete.cl.run.report;

import dev.accrete.cl.data.ImageSet;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Samples of an image set on one sheet: a column for each of some classes. */
final class ContactSheet {
  private static final int THUMB = 64;
  private static final int GAP = 2;

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
    Graphics2D pen = sheet.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    for (int column = 0; column < classes.size(); column++) {
      List<Integer> members = members(set, classes.get(column));
      for (int row = 0; row < rows && !members.isEmpty(); row++) {
        int pick = members.get((int) ((2L * row + 1) * members.size() / (2L * rows)));
        pen.drawImage(image(set, pick), column * pitch, row * pitch, THUMB, THUMB, null);
      }
    }
    pen.dispose();
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

  private static BufferedImage image(ImageSet set, int index) {
    int plane = set.height() * set.width();
    byte[] pixels = new byte[set.channels() * plane];
    set.read(index, pixels, 0);
    BufferedImage image = new BufferedImage(set.width(), set.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < plane; i++) {
      int red = Byte.toUnsignedInt(pixels[i]);
      int green = Byte.toUnsignedInt(pixels[plane + i]);
      int blue = Byte.toUnsignedInt(pixels[2 * plane + i]);
      image.setRGB(i % set.width(), i / set.width(), red << 16 | green << 8 | blue);
    }
    return image;
  }

  private static byte[] jpeg(BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, "jpg", out)) {
        throw new IllegalStateException("this Java runtime cannot write JPEG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return out.toByteArray();
  }
}
