package dev.accrete.production.store;

import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.TensorFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Decoded images in files that are written once: safetensors with one tensor of bytes. */
final class PixelPacks {
  private static final int LARGEST = 64 << 20;
  private static final String PIXELS = "pixels";

  private final Core core;

  PixelPacks(Core core) {
    this.core = core;
  }

  /**
   * A pack that is on the disk, and has no row yet.
   *
   * @param path from the store's folder on
   * @param offset of the first image in the file
   */
  record Pack(int id, String path, String sha256, long bytes, long offset, int images) {}

  /** Gives the pixels of an image by its number. */
  interface Pixels {
    void read(int number, byte[] into, int offset) throws IOException;
  }

  /** How many images go into one pack. */
  int capacity() {
    return Math.max(1, LARGEST / Inspection.bytes(core.learner().imageSize()));
  }

  /**
   * Writes a pack and waits for the disk; its name is durable once the folder is synced.
   *
   * @param name of the file, without its ending
   */
  Pack write(int id, String name, int images, Pixels pixels, Path scratch) throws IOException {
    int bytes = Inspection.bytes(core.learner().imageSize());
    byte[] all = new byte[Math.multiplyExact(images, bytes)];
    for (int i = 0; i < images; i++) {
      pixels.read(i, all, i * bytes);
    }
    byte[] file =
        Safetensors.encode(
            TensorFile.of(
                Map.of(PIXELS, StoredTensor.of(all)),
                Map.of(
                    "format",
                    "accrete-pixels-1",
                    "height",
                    Integer.toString(core.learner().imageSize()),
                    "width",
                    Integer.toString(core.learner().imageSize()),
                    "images",
                    Integer.toString(images))));
    long offset = Long.BYTES + ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Path target = core.home().pixels().resolve(name + ".safetensors");
    Path temporary = scratch.resolve(name);
    core.disk().write(temporary, List.of(file));
    core.disk().move(temporary, target);
    return new Pack(id, core.home().name(target), Digests.of(file), file.length, offset, images);
  }

  /** The name of a pack. */
  static String name(int id) {
    return String.format(Locale.ROOT, "%06d", id);
  }

  /** The rows of a pack. */
  static void insert(Session session, Pack pack) throws java.sql.SQLException {
    session.execute(
        "INSERT INTO files VALUES (?, ?, ?, NULL)", pack.path(), pack.sha256(), pack.bytes());
    session.execute(
        "INSERT INTO packs VALUES (?, ?, ?, ?)",
        pack.id(),
        pack.path(),
        pack.offset(),
        pack.images());
  }
}
