package dev.accrete.nn.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes JPEG and PNG files to planar RGB of a given size; a damaged file is an error. */
public final class ImageDecoder {
  private static final int MAX_SIDE = 20_000;
  private static final long MAX_PIXELS = 100_000_000;
  private static final long MAX_FILE = 256L << 20;

  private ImageDecoder() {}

  /**
   * Decodes one file.
   *
   * @param size height and width of the result, in pixels; an image that is not square is cropped
   *     to its central square
   * @param destination receives {@code 3 * size * size} bytes: a plane of red, of green, of blue
   * @throws ImageException if the file is missing, truncated, corrupt or absurdly large
   */
  public static void decode(Path file, int size, byte[] destination, int offset) {
    byte[] bytes;
    try {
      long length = Files.size(file);
      if (length > MAX_FILE) {
        throw damaged(file.toString(), "its length is " + length + " bytes");
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw damaged(file.toString(), e);
    }
    decode(bytes, file.toString(), size, destination, offset);
  }

  /**
   * Decodes the content of one file.
   *
   * @param source what the bytes are, for errors
   * @throws ImageException if they are truncated, corrupt or absurdly many
   */
  public static void decode(byte[] bytes, String source, int size, byte[] destination, int offset) {
    if (bytes.length == 0 || bytes.length > MAX_FILE) {
      throw damaged(source, "its length is " + bytes.length + " bytes");
    }
    BufferedImage image;
    try {
      image = read(source, bytes);
    } catch (IOException e) {
      throw damaged(source, e);
    } catch (IllegalArgumentException | IndexOutOfBoundsException | NegativeArraySizeException e) {
      // ImageIO's decoders let these escape when a header lies.
      throw damaged(source, e);
    }
    decode(image, size, destination, offset);
  }

  /** Takes the pixels of an image that is decoded already. */
  public static void decode(BufferedImage image, int size, byte[] destination, int offset) {
    int planes = grey(image) ? 1 : 3;
    byte[] pixels = planar(image, planes);
    Resampler.resize(
        pixels, 0, planes, image.getHeight(), image.getWidth(), size, destination, offset);
  }

  private static BufferedImage read(String source, byte[] bytes) throws IOException {
    try (ImageInputStream stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw damaged(source, "it is neither JPEG nor PNG");
      }
      ImageReader reader = readers.next();
      List<String> warnings = new ArrayList<>();
      try {
        reader.addIIOReadWarningListener((origin, warning) -> warnings.add(warning));
        reader.setInput(stream, true, true);
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if (width > MAX_SIDE || height > MAX_SIDE || (long) width * height > MAX_PIXELS) {
          throw damaged(source, "it claims " + width + "x" + height + " pixels");
        }
        BufferedImage image = reader.read(0);
        checkWarnings(source, warnings);
        return image;
      } finally {
        reader.dispose();
      }
    }
  }

  /** A truncated JPEG is filled up with grey and only warned about; here that is an error. */
  private static void checkWarnings(String source, List<String> warnings) {
    for (String warning : warnings) {
      if (warning.contains("remature end") || warning.contains("orrupt JPEG data: bad")) {
        throw damaged(source, warning);
      }
    }
  }

  /**
   * Grey images are read raw: Java's colour conversion would treat them as linear light and change
   * every level.
   */
  private static boolean grey(BufferedImage image) {
    return image.getType() == BufferedImage.TYPE_BYTE_GRAY;
  }

  private static byte[] planar(BufferedImage image, int planes) {
    return switch (image.getType()) {
      case BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_3BYTE_BGR -> direct(image, planes);
      default -> converted(image);
    };
  }

  /** Eight-bit samples in sRGB already: several times faster than going through a colour model. */
  private static byte[] direct(BufferedImage image, int planes) {
    int width = image.getWidth();
    int count = width * image.getHeight();
    byte[] result = new byte[planes * count];
    byte[] row = new byte[planes * width];
    for (int j = 0; j < image.getHeight(); j++) {
      image.getRaster().getDataElements(0, j, width, 1, row);
      for (int i = 0; i < width; i++) {
        for (int c = 0; c < planes; c++) {
          result[c * count + j * width + i] = row[planes * i + c];
        }
      }
    }
    return result;
  }

  private static byte[] converted(BufferedImage image) {
    int width = image.getWidth();
    int count = width * image.getHeight();
    byte[] result = new byte[3 * count];
    int[] row = new int[width];
    for (int j = 0; j < image.getHeight(); j++) {
      image.getRGB(0, j, width, 1, row, 0, width);
      for (int i = 0; i < width; i++) {
        int rgb = onWhite(row[i]);
        int k = j * width + i;
        result[k] = (byte) (rgb >> 16);
        result[count + k] = (byte) (rgb >> 8);
        result[2 * count + k] = (byte) rgb;
      }
    }
    return result;
  }

  private static int onWhite(int argb) {
    int alpha = argb >>> 24;
    if (alpha == 255) {
      return argb;
    }
    int result = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int level = (argb >> shift) & 255;
      result |= ((level * alpha + 255 * (255 - alpha) + 127) / 255) << shift;
    }
    return result;
  }

  private static ImageException damaged(String source, String what) {
    return new ImageException(message(source, what));
  }

  private static ImageException damaged(String source, Exception cause) {
    return new ImageException(message(source, cause.toString()), cause);
  }

  private static String message(String source, String what) {
    return "cannot decode image " + source + ": " + what + "; replace or remove it";
  }
}
