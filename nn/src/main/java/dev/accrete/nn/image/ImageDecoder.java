package dev.accrete.nn.image;

import static dev.accrete.nn.image.DamageException.require;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.image.Pixels.Planar;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes JPEG, PNG, WebP, BMP and GIF (the first picture) to planar RGB of a given size. The
 * content decides which it is; a picture is turned upright as its EXIF block says, is laid on white
 * where it is transparent, and keeps its grey levels. A damaged file is an error.
 *
 * <p>Pictures of more than 32 million pixels are sub-sampled while they are decoded, so memory is
 * bounded; several large ones wait for each other. Nothing is written to a disk.
 */
public final class ImageDecoder {
  /** Changes whenever the same file may give other pixels; part of the keys of caches. */
  public static final int VERSION = 2;

  /** Bytes of the longest file that is decoded. */
  public static final long MAX_FILE = 256L << 20;

  /** A phone's largest photograph has 200 million pixels; a forged header claims more. */
  private static final long MAX_PIXELS = 1L << 28;

  /** Readers that keep the whole picture would need more than a gigabyte beyond this. */
  private static final long MAX_WHOLE = 1L << 27;

  private static final long MILLION = 1_000_000;
  private static final long MAX_KEPT = 32L << 20;
  private static final int BYTES_PER_PIXEL = 8;
  private static final long MIB = 1L << 20;
  private static final int SMALL = 16;
  private static final int MEMORY =
      Math.clamp(Runtime.getRuntime().maxMemory() / 2 / MIB, SMALL, 1 << 20);

  /** Mebibytes that pictures being decoded may take together. */
  private static final Semaphore BUDGET = new Semaphore(MEMORY, true);

  private ImageDecoder() {}

  /**
   * Decodes one file.
   *
   * @param size height and width of the result, in pixels; an image that is not square is cropped
   *     to its central square
   * @param destination receives {@code 3 * size * size} bytes: a plane of red, of green, of blue
   * @throws ImageException if the file is missing, truncated, corrupt or absurdly large
   * @throws AccreteException if the heap is too small for the picture
   */
  public static void decode(Path file, int size, byte[] destination, int offset) {
    byte[] bytes;
    try {
      long length = Files.size(file);
      require(length <= MAX_FILE, length(length));
      bytes = Files.readAllBytes(file);
    } catch (DamageException e) {
      throw damaged(file.toString(), e);
    } catch (NoSuchFileException e) {
      throw new ImageException("there is no file " + file + "; check the path", e);
    } catch (IOException e) {
      throw new ImageException(
          Files.isDirectory(file)
              ? file + " is a folder, not an image; name an image file"
              : "cannot read image " + file + ": " + e + "; check its permissions",
          e);
    }
    decode(bytes, file.toString(), size, destination, offset);
  }

  /**
   * Decodes the content of one file.
   *
   * @param source what the bytes are, for errors
   * @throws ImageException if they are truncated, corrupt or absurdly many
   * @throws AccreteException if the heap is too small for the picture
   */
  public static void decode(byte[] bytes, String source, int size, byte[] destination, int offset) {
    decode(bytes, source, MAX_PIXELS, size, destination, offset);
  }

  /** The same of pictures of no more than {@code mostPixels} pixels, whoever sent them. */
  static void decode(
      byte[] bytes, String source, long mostPixels, int size, byte[] destination, int offset) {
    Planar pixels;
    try {
      require(bytes.length > 0 && bytes.length <= MAX_FILE, length(bytes.length));
      pixels = planes(new Bytes(bytes), mostPixels, size);
    } catch (IOException e) {
      throw damaged(source, e);
    } catch (OutOfMemoryError e) {
      throw new AccreteException(
          "the memory does not suffice to decode image "
              + source
              + " (the heap may grow to "
              + Runtime.getRuntime().maxMemory() / MIB
              + " MiB): give Java a larger heap (-Xmx), or scale the picture down",
          e);
    }
    resize(pixels, size, destination, offset);
  }

  /**
   * Takes the pixels of an image that is decoded already.
   *
   * @throws ImageException if Java cannot convert its colours
   */
  public static void decode(BufferedImage image, int size, byte[] destination, int offset) {
    resize(Pixels.of(image, Outline.OPAQUE), size, destination, offset);
  }

  private static void resize(Planar pixels, int size, byte[] destination, int offset) {
    Resampler.resize(
        pixels.levels(),
        0,
        pixels.planes(),
        pixels.height(),
        pixels.width(),
        size,
        destination,
        offset);
  }

  private static Planar planes(Bytes bytes, long mostPixels, int size) throws IOException {
    Format format = Format.of(bytes).orElseThrow(() -> new DamageException(Format.foreign(bytes)));
    Outline outline = format.outline(bytes);
    ImageReader reader = Readers.create(format.reader(outline));
    try (ImageInputStream stream = new ByteStream(bytes.content())) {
      List<String> warnings = new ArrayList<>();
      reader.addIIOReadWarningListener((origin, warning) -> warnings.add(warning));
      reader.setInput(stream, true, true);
      Planar stored = read(reader, mostPixels, format.isDecodedWhole(outline), outline, size);
      checkWarnings(warnings);
      return outline.orientation().upright(stored);
    } catch (RuntimeException e) {
      // Decoders let all kinds of these escape when a header lies.
      throw new IOException(e.toString(), e);
    } finally {
      reader.dispose();
    }
  }

  private static Planar read(
      ImageReader reader, long mostPixels, boolean whole, Outline outline, int size)
      throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    long pixels = (long) width * height;
    long most = Math.min(mostPixels, whole ? MAX_WHOLE : MAX_PIXELS);
    require(
        width > 0 && height > 0 && pixels <= most,
        "it claims "
            + width
            + "x"
            + height
            + " pixels, and more than "
            + (most < MILLION ? most : most / MILLION + " million")
            + " are not decoded; if it is genuine, scale it down");
    int step = step(width, height, size);
    long kept = whole ? pixels : pixels / step / step;
    int memory = (int) Math.min(MEMORY, kept * BYTES_PER_PIXEL / MIB);
    boolean large = memory > SMALL;
    if (large) {
      BUDGET.acquireUninterruptibly(memory);
    }
    try {
      ImageReadParam how = reader.getDefaultReadParam();
      how.setSourceSubsampling(step, step, step / 2, step / 2);
      return Pixels.of(reader.read(0, how), outline.transparent());
    } finally {
      if (large) {
        BUDGET.release(memory);
      }
    }
  }

  /** Every how many pixels are kept: all, unless the picture is large and stays large enough. */
  private static int step(int width, int height, int size) {
    int step = 1;
    while ((long) (width / step) * (height / step) > MAX_KEPT
        && Math.min(width, height) / (step + 1) >= size) {
      step++;
    }
    return step;
  }

  /** Damaged data of a JPEG are filled up with grey and only warned about; here it is an error. */
  private static void checkWarnings(List<String> warnings) throws IOException {
    for (String warning : warnings) {
      require(
          !warning.contains("remature end")
              && !warning.contains("orrupt JPEG data: bad")
              && !warning.contains("orrupt JPEG data: found marker"),
          warning);
    }
  }

  private static String length(long bytes) {
    return "its length is " + bytes + " bytes";
  }

  private static ImageException damaged(String source, IOException cause) {
    String damage =
        cause instanceof DamageException ? String.valueOf(cause.getMessage()) : cause.toString();
    return new ImageException(
        "cannot decode image " + source + ": " + damage + "; replace the file", cause);
  }
}
