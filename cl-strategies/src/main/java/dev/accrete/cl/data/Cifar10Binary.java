package dev.accrete.cl.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * CIFAR-10, binary version: records of one label byte and 3x32x32 planar pixels in {@code
 * data_batch_1.bin} ... {@code data_batch_5.bin} and {@code test_batch.bin}
 * (https://www.cs.toronto.edu/~kriz/cifar.html).
 */
public final class Cifar10Binary {
  /** Class names in label order. */
  public static final List<String> CLASS_NAMES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private static final RecordImageSet.Layout LAYOUT = new RecordImageSet.Layout(3, 32, 32);
  private static final int BATCHES = 5;
  private static final int RECORD = 1 + 3 * 32 * 32;

  private Cifar10Binary() {}

  /**
   * The training images of the five files {@code data_batch_*.bin}, in order.
   *
   * @param size height and width to which images are resized
   * @throws DataException if one is missing, truncated or has a label above 9
   */
  public static ImageSet train(Path folder, int size) {
    Path root = inner(folder);
    List<Path> files =
        IntStream.rangeClosed(1, BATCHES)
            .mapToObj(i -> root.resolve("data_batch_" + i + ".bin"))
            .toList();
    List<String> missing =
        files.stream()
            .filter(file -> !Files.exists(file))
            .map(file -> file.getFileName().toString())
            .toList();
    if (!missing.isEmpty()) {
      throw missing(folder, String.join(", ", missing));
    }
    return read("cifar10-train", files, size);
  }

  /**
   * The images of {@code test_batch.bin}.
   *
   * @throws DataException if it is missing, truncated or has a label above 9
   */
  public static ImageSet test(Path folder, int size) {
    Path file = inner(folder).resolve("test_batch.bin");
    if (!Files.exists(file)) {
      throw missing(folder, "test_batch.bin");
    }
    return read("cifar10-test", List.of(file), size);
  }

  private static Path inner(Path folder) {
    Path unpacked = folder.resolve("cifar-10-batches-bin");
    return Files.isDirectory(unpacked) ? unpacked : folder;
  }

  private static DataException missing(Path folder, String file) {
    return new DataException(
        "CIFAR-10 folder "
            + folder
            + " has no "
            + file
            + "; unpack cifar-10-binary.tar.gz (the"
            + " binary version) there, or use images:DIR for a folder of image files");
  }

  private static ImageSet read(String name, List<Path> files, int size) {
    List<RecordImageSet.Block> blocks = new ArrayList<>();
    int total = 0;
    for (Path file : files) {
      ByteBuffer bytes = map(file);
      int count = bytes.limit() / RECORD;
      blocks.add(new RecordImageSet.Block(file.toString(), bytes, 1, RECORD, count));
      total += count;
    }
    int[] labels = new int[total];
    int next = 0;
    for (RecordImageSet.Block block : blocks) {
      for (int i = 0; i < block.count(); i++) {
        int label = block.bytes().get(i * RECORD) & 255;
        if (label >= CLASS_NAMES.size()) {
          throw new DataException(
              block.source()
                  + ": label "
                  + label
                  + " of image "
                  + i
                  + " is not in 0..9; this is"
                  + " no CIFAR-10 file (CIFAR-100 has another layout), or it is damaged");
        }
        labels[next++] = label;
      }
    }
    return new RecordImageSet(name, blocks, LAYOUT, labels, CLASS_NAMES, size);
  }

  private static ByteBuffer map(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      long length = channel.size();
      if (length == 0 || length % RECORD != 0 || length > Integer.MAX_VALUE) {
        throw new DataException(
            file
                + ": length "
                + length
                + " is not a multiple of "
                + RECORD
                + " bytes (label and"
                + " 3x32x32 pixels); the file is truncated or of another kind: fetch it again");
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, length);
    } catch (IOException e) {
      throw new DataException("cannot read " + file + ": " + e + "; check its permissions", e);
    }
  }
}
