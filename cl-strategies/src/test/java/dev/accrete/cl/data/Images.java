package dev.accrete.cl.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Makes small image files and sets for tests. */
final class Images {
  private Images() {}

  /** Writes a picture of one colour (with a darker left half, so that it is not too simple). */
  static Path write(Path file, int width, int height, int rgb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, x < width / 2 ? (rgb >> 1) & 0x7f7f7f : rgb);
      }
    }
    return write(file, image);
  }

  static Path write(Path file, BufferedImage image) {
    String name = file.toString();
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (!ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile())) {
        throw new IllegalArgumentException("no writer for " + file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  /** Keeps only the first part of a file. */
  static void truncate(Path file, int length) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, length));
  }

  static byte[] read(ImageSet set, int index) {
    byte[] image = new byte[set.channels() * set.height() * set.width()];
    set.read(index, image, 0);
    return image;
  }

  /** A set of {@code count} different images of two classes. */
  static InMemoryImageSet memory(int count, int size) {
    int bytes = 3 * size * size;
    byte[] pixels = new byte[count * bytes];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (31 * i + 7 * (i / bytes));
    }
    int[] labels = IntStream.range(0, count).map(i -> i % 2).toArray();
    return new InMemoryImageSet(
        "memory", size, size, java.util.List.of("even", "odd"), labels, pixels);
  }
}
