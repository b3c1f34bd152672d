package dev.accrete.nn;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What kinds of files weights come in. */
enum WeightKind {
  SAFETENSORS,
  CAFFE;

  private static final int PREFIX = 9;

  /** The first bytes of protobuf's NetParameter: its name, or a layer of the old or new form. */
  private static final int NET_NAME = 0x0A;

  private static final int NET_OLD_LAYER = 0x12;
  private static final int NET_LAYER = 0xA2;

  /**
   * The kind of a file, by its first bytes, or else by its name.
   *
   * @throws AccreteException if it cannot be read or is of no known kind
   */
  static WeightKind of(Path file) {
    byte[] prefix;
    try (InputStream in = Files.newInputStream(file)) {
      prefix = in.readNBytes(PREFIX);
    } catch (IOException e) {
      throw new AccreteException(
          "cannot read weights "
              + file
              + " ("
              + e.getClass().getSimpleName()
              + "); check the path and its rights",
          e);
    }
    String name = file.toString().toLowerCase(Locale.ROOT);
    boolean header = prefix.length == PREFIX && prefix[PREFIX - 1] == '{';
    if (header || name.endsWith(".safetensors")) {
      return SAFETENSORS;
    }
    if (name.endsWith(".caffemodel") || beginsCaffe(prefix)) {
      return CAFFE;
    }
    throw new AccreteException(
        file
            + " is of no known kind of weights; known are safetensors (also an exported model) and"
            + " Caffe models (.caffemodel). Convert it to one of these");
  }

  private static boolean beginsCaffe(byte[] prefix) {
    int first = prefix.length == 0 ? 0 : Byte.toUnsignedInt(prefix[0]);
    return first == NET_NAME || first == NET_OLD_LAYER || first == NET_LAYER;
  }
}
