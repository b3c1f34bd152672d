package dev.accrete.cl.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * Grey images and labels in IDX files, plain or gzipped, named as MNIST and Fashion-MNIST name
 * them: {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, {@code t10k-...}
 * (http://yann.lecun.com/exdb/mnist/; Debian's package dataset-fashion-mnist).
 */
public final class Idx {
  private static final int IMAGES_MAGIC = 0x00000803;
  private static final int LABELS_MAGIC = 0x00000801;
  private static final int MAX_SIDE = 4096;

  private Idx() {}

  /**
   * The training split.
   *
   * @param size height and width to which images are resized; grey is replicated to three channels
   * @throws DataException if a file is missing, truncated, of another type, or labels and images
   *     differ in number
   */
  public static ImageSet train(Path folder, int size) {
    byte[] labels = labels(find(folder, "train", "labels", 1));
    return read(folder, "train", labels, classes(labels), size);
  }

  /**
   * The test split; its classes are those of the training split.
   *
   * @throws DataException as for {@link #train}, or if a label does not occur in training
   */
  public static ImageSet test(Path folder, int size) {
    int classes = classes(labels(find(folder, "train", "labels", 1)));
    return read(folder, "t10k", labels(find(folder, "t10k", "labels", 1)), classes, size);
  }

  private static ImageSet read(Path folder, String split, byte[] labels, int classes, int size) {
    Path file = find(folder, split, "images", 3);
    int[] header;
    byte[] pixels;
    try (InputStream in = open(file)) {
      header = header(file, in, IMAGES_MAGIC, 3);
      long bytes = (long) header[0] * header[1] * header[2];
      boolean absurd = header[1] < 1 || header[2] < 1 || Math.max(header[1], header[2]) > MAX_SIDE;
      if (absurd || bytes > Integer.MAX_VALUE - 64) {
        throw damaged(file, "it claims " + header[0] + " images of " + header[1] + "x" + header[2]);
      }
      pixels = body(file, in, (int) bytes);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (header[0] != labels.length) {
      throw damaged(
          file, "it holds " + header[0] + " images, but there are " + labels.length + " labels");
    }
    int[] checked = new int[labels.length];
    for (int i = 0; i < labels.length; i++) {
      checked[i] = labels[i] & 255;
      if (checked[i] >= classes) {
        throw damaged(
            find(folder, split, "labels", 1),
            "label "
                + checked[i]
                + " of image "
                + i
                + " does not occur in training (0.."
                + (classes - 1)
                + ")");
      }
    }
    int stride = header[1] * header[2];
    var block =
        new RecordImageSet.Block(file.toString(), ByteBuffer.wrap(pixels), 0, stride, header[0]);
    var layout = new RecordImageSet.Layout(1, header[1], header[2]);
    String name = folder.toAbsolutePath().normalize().getFileName() + "-" + split;
    List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    return new RecordImageSet(name, List.of(block), layout, checked, names, size);
  }

  private static byte[] labels(Path file) {
    try (InputStream in = open(file)) {
      int count = header(file, in, LABELS_MAGIC, 1)[0];
      return body(file, in, count);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static int classes(byte[] labels) {
    int most = 0;
    for (byte label : labels) {
      most = Math.max(most, label & 255);
    }
    return most + 1;
  }

  private static Path find(Path folder, String split, String what, int dimensions) {
    for (String separator : List.of("-", ".")) {
      for (String suffix : List.of("", ".gz")) {
        Path file =
            folder.resolve(split + "-" + what + separator + "idx" + dimensions + "-ubyte" + suffix);
        if (Files.exists(file)) {
          return file;
        }
      }
    }
    throw new DataException(
        "IDX folder "
            + folder
            + " has no "
            + split
            + "-"
            + what
            + "-idx"
            + dimensions
            + "-ubyte (or .gz); Debian's package dataset-fashion-mnist puts such files into"
            + " /usr/share/datasets/fashion-mnist");
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    if (!file.toString().endsWith(".gz")) {
      return in;
    }
    try {
      return new GZIPInputStream(in, 1 << 16);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static int[] header(Path file, InputStream in, int magic, int dimensions)
      throws IOException {
    byte[] bytes = in.readNBytes(4 + 4 * dimensions);
    if (bytes.length < 4 + 4 * dimensions) {
      throw damaged(file, "it ends after " + bytes.length + " bytes, within its header");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int found = buffer.getInt();
    if (found != magic) {
      throw damaged(
          file, "it starts with 0x" + Integer.toHexString(found) + ", not 0x0000080" + dimensions);
    }
    int[] sizes = new int[dimensions];
    for (int i = 0; i < dimensions; i++) {
      sizes[i] = buffer.getInt();
      if (sizes[i] < 0) {
        throw damaged(file, "its dimension " + i + " is " + sizes[i]);
      }
    }
    return sizes;
  }

  /** Reads exactly {@code length} bytes; memory grows with what is really there. */
  private static byte[] body(Path file, InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw damaged(file, "it promises " + length + " bytes of data but has " + bytes.length);
    }
    if (in.read() >= 0) {
      throw damaged(file, "there is more in it than the " + length + " bytes its header promises");
    }
    return bytes;
  }

  private static DataException damaged(Path file, String what) {
    return new DataException(file + ": " + what + "; fetch the file again");
  }

  private static DataException unreadable(Path file, IOException e) {
    Optional<String> hint =
        e instanceof EOFException ? Optional.of("it is truncated") : Optional.empty();
    return new DataException(
        file + ": " + hint.orElse(e.toString()) + "; fetch the file again or check its permissions",
        e);
  }
}
