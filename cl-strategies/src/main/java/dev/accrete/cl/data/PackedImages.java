package dev.accrete.cl.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another set, decoded once into a file that is mapped into memory, so that reading an image is a
 * copy. The file is named by the fingerprint of the source: change the source and a new one is
 * made. A damaged pack is noticed and made again.
 */
public final class PackedImages implements ImageSet {
  private static final Logger LOG = LoggerFactory.getLogger(PackedImages.class);

  private final ImageSet source;
  private final PackFile pack;
  private final Path file;
  private final Arena arena;
  private final MemorySegment bytes;

  private PackedImages(ImageSet source, PackFile pack, Path file) throws IOException {
    this.source = source;
    this.pack = pack;
    this.file = file;
    this.arena = Arena.ofShared();
    this.bytes = PackFile.map(file, arena);
  }

  /**
   * Opens the pack of a set, making it first if there is none.
   *
   * @throws DataException if an image cannot be decoded (unless {@link OnCorrupt#SKIP}), the disk
   *     is full or the folder cannot be written
   */
  public static PackedImages of(ImageSet source, PackOptions options) {
    return of(source, options, PackWriter.Output::open);
  }

  static PackedImages of(ImageSet source, PackOptions options, PackWriter.OutputOpener opener) {
    String key =
        new Fingerprint("pack")
            .add(source.fingerprint())
            .add(source.size())
            .add(source.height())
            .add(source.width())
            .add(options.onCorrupt().name())
            .hex();
    Path file = options.folder().resolve(fileName(source, key));
    Optional<PackedImages> existing = open(source, file, key);
    if (existing.isPresent()) {
      return existing.get();
    }
    new PackWriter(source, options, opener).write(file, key);
    PackedImages made =
        open(source, file, key)
            .orElseThrow(
                () ->
                    new DataException(
                        "the image cache "
                            + file
                            + " was damaged right after it was written;"
                            + " check the disk, or let ACCRETE_CACHE name a folder on another"));
    if (made.skipped() > 0) {
      LOG.warn(
          "{}: left out {} of {} images that cannot be decoded",
          source.name(),
          made.skipped(),
          source.size());
    }
    return made;
  }

  private static Optional<PackedImages> open(ImageSet source, Path file, String key) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    int imageBytes = source.channels() * source.height() * source.width();
    try (FileChannel channel = FileChannel.open(file)) {
      PackFile pack = PackFile.read(channel, key, imageBytes);
      return Optional.of(new PackedImages(source, pack, file));
    } catch (PackFile.BadPackException e) {
      LOG.warn("The image cache {} is damaged ({}); making it again", file, e.getMessage());
      return Optional.empty();
    } catch (IOException e) {
      throw new DataException(
          "cannot read the image cache " + file + ": " + e + "; check its permissions or remove it",
          e);
    }
  }

  private static String fileName(ImageSet source, String key) {
    String name = source.name().replaceAll("[^A-Za-z0-9._-]", "_");
    return name.substring(0, Math.min(60, name.length()))
        + "-"
        + source.height()
        + "-"
        + key.substring(0, 16)
        + ".images";
  }

  /** How many images of the source were left out because they cannot be decoded. */
  public int skipped() {
    return pack.sourceSize() - pack.size();
  }

  /** The index of an image in the source; another one if images before it were left out. */
  public int sourceIndex(int index) {
    return pack.number(Objects.checkIndex(index, pack.size()));
  }

  /** The file that holds the pack. */
  public Path file() {
    return file;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public int size() {
    return pack.size();
  }

  @Override
  public int channels() {
    return source.channels();
  }

  @Override
  public int height() {
    return source.height();
  }

  @Override
  public int width() {
    return source.width();
  }

  @Override
  public List<String> classNames() {
    return source.classNames();
  }

  @Override
  public int label(int index) {
    return pack.label(Objects.checkIndex(index, pack.size()));
  }

  @Override
  public String describe(int index) {
    return source.describe(pack.number(Objects.checkIndex(index, pack.size())));
  }

  /**
   * {@inheritDoc}
   *
   * @throws DataException if the bytes on the disk have changed since they were written
   * @throws IllegalStateException after {@link #close}
   */
  @Override
  public void read(int index, byte[] destination, int offset) {
    int length = pack.imageBytes();
    Objects.checkIndex(index, pack.size());
    Objects.checkFromIndexSize(offset, length, destination.length);
    long position = PackFile.imagesStart(pack.size()) + (long) index * length;
    PackFile.copy(bytes, position, destination, offset, length);
    if (PackFile.crc(destination, offset, length) != pack.crc(index)) {
      throw new DataException(
          "image "
              + index
              + " ("
              + describe(index)
              + ") of the image cache "
              + file
              + " has changed on the disk; delete that file, it will be made again");
    }
  }

  /** That of the source, unless images were left out. */
  @Override
  public String fingerprint() {
    if (skipped() == 0) {
      return source.fingerprint();
    }
    Fingerprint key = new Fingerprint("subset").add(source.fingerprint()).add(pack.size());
    for (int i = 0; i < pack.size(); i++) {
      key.add(pack.number(i));
    }
    return key.hex();
  }

  @Override
  public void close() {
    arena.close();
    source.close();
  }
}
