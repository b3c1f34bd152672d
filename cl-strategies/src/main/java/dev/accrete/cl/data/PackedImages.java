package dev.accrete.cl.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another set, decoded once into a file that is mapped into memory, so that reading an image is a
 * copy. The file is named by the fingerprint of the source: change the source and a new one is
 * made, of which only the new images are decoded. A damaged pack is noticed and made again.
 */
public final class PackedImages extends ForwardingImageSet {
  private static final Logger LOG = LoggerFactory.getLogger(PackedImages.class);

  private final PackFile pack;
  private final Path file;
  private final Arena arena;
  private final MemorySegment bytes;

  private PackedImages(
      ImageSet source, PackFile pack, Path file, Arena arena, MemorySegment bytes) {
    super(source);
    this.pack = pack;
    this.file = file;
    this.arena = arena;
    this.bytes = bytes;
    ImageCache.opened(file);
  }

  /**
   * Opens the pack of a set, making it first if there is none. One process makes it, others that
   * want it wait.
   *
   * @throws DataException if an image cannot be decoded (unless {@link OnCorrupt#SKIP}) or has a
   *     label without a class name, the disk is full or the folder cannot be written
   */
  public static PackedImages of(ImageSet source, PackOptions options) {
    return of(source, options, PackWriter.Output::open);
  }

  static PackedImages of(ImageSet source, PackOptions options, PackWriter.OutputOpener opener) {
    if (source instanceof ContentKeyed keyed) {
      keyed.look(options.folder(), options.progress());
    }
    String key =
        new Fingerprint("pack")
            .add(source.fingerprint())
            .add(source.size())
            .add(source.height())
            .add(source.width())
            .add(options.onCorrupt().name())
            .hex();
    Path file = options.folder().resolve(fileName(source, key));
    PackedImages opened =
        open(source, file, key).orElseGet(() -> make(source, options, opener, file, key));
    if (opened.skipped() > 0) {
      LOG.warn(
          "{}: left out {} of {} images that cannot be decoded",
          source.name(),
          opened.skipped(),
          source.size());
    }
    return opened;
  }

  private static PackedImages make(
      ImageSet source, PackOptions options, PackWriter.OutputOpener opener, Path file, String key) {
    requireLabels(source);
    try {
      Files.createDirectories(options.folder());
      try (PackLock lock = PackLock.of(file)) {
        Optional<PackedImages> fromAnother = open(source, file, key);
        if (fromAnother.isPresent()) {
          return fromAnother.get();
        }
        if (lock.isExclusive()) {
          new ImageCache(options.folder()).sweep(file);
        }
        new PackWriter(source, options, opener).write(file, key);
      }
    } catch (IOException e) {
      long needed =
          PackFile.length(source.size(), source.channels() * source.height() * source.width());
      throw new DataException(
          "cannot write the image cache "
              + file
              + ": "
              + e
              + "; it needs "
              + PackWriter.megabytes(needed)
              + ". Free some space, or let the environment variable ACCRETE_CACHE name a folder"
              + " with more",
          e);
    }
    return open(source, file, key)
        .orElseThrow(
            () ->
                new DataException(
                    "the image cache "
                        + file
                        + " was damaged right after it was written;"
                        + " check the disk, or let ACCRETE_CACHE name a folder on another"));
  }

  /** A label without a class would turn up days later, as an index in the midst of training. */
  private static void requireLabels(ImageSet source) {
    int classes = source.classNames().size();
    for (int i = 0; i < source.size(); i++) {
      int label = source.label(i);
      if (label < 0 || label >= classes) {
        throw new DataException(
            source.name()
                + ": image "
                + i
                + " ("
                + source.describe(i)
                + ") has label "
                + label
                + ", but there are names for 0.."
                + (classes - 1)
                + "; mend the label or name its class");
      }
    }
  }

  private static Optional<PackedImages> open(ImageSet source, Path file, String key) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(file)) {
      PackFile.Header header = PackFile.header(channel);
      if (!header.about().fingerprint().equals(key)) {
        throw new PackFile.BadPackException("it is of another data set");
      }
      PackFile pack = PackFile.read(channel, header);
      MemorySegment bytes = pack.map(channel, arena);
      opened = true;
      return Optional.of(new PackedImages(source, pack, file, arena, bytes));
    } catch (PackFile.BadPackException e) {
      LOG.warn("The image cache {} is damaged ({}); making it again", file, e.getMessage());
      return Optional.empty();
    } catch (NoSuchFileException e) {
      // Another process made room between the two looks.
      return Optional.empty();
    } catch (IOException e) {
      throw new DataException(
          "cannot read the image cache "
              + file
              + ": "
              + e
              + "; check its permissions, or let ACCRETE_CACHE name another folder",
          e);
    } finally {
      if (!opened) {
        arena.close();
      }
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
  public int size() {
    return pack.size();
  }

  @Override
  public int label(int index) {
    return pack.label(Objects.checkIndex(index, pack.size()));
  }

  @Override
  public String describe(int index) {
    return source().describe(pack.number(Objects.checkIndex(index, pack.size())));
  }

  /**
   * {@inheritDoc}
   *
   * @throws DataException if the bytes on the disk have changed since they were written
   * @throws IllegalStateException after {@link #close}
   */
  @Override
  public void read(int index, byte[] destination, int offset) {
    Objects.checkIndex(index, pack.size());
    Objects.checkFromIndexSize(offset, pack.imageBytes(), destination.length);
    try {
      pack.copy(bytes, index, destination, offset);
    } catch (PackFile.BadPackException e) {
      throw new DataException(
          "image "
              + index
              + " ("
              + describe(index)
              + ") cannot be read from the image cache "
              + file
              + ": "
              + e.getMessage()
              + "; delete that file, it will be made again",
          e);
    }
  }

  /** That of the source, unless images were left out. */
  @Override
  public String fingerprint() {
    if (skipped() == 0) {
      return source().fingerprint();
    }
    Fingerprint key = new Fingerprint("subset").add(source().fingerprint()).add(pack.size());
    for (int i = 0; i < pack.size(); i++) {
      key.add(pack.number(i));
    }
    return key.hex();
  }

  @Override
  public void close() {
    arena.close();
    ImageCache.closed(file);
    source().close();
  }
}
