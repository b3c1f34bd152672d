package dev.accrete.cl.data;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.image.ImageDecoder;
import dev.accrete.nn.image.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A set with one file per image, decoded whenever an image is read. What it holds is decided by the
 * content of the files, not by their names or times.
 */
final class FileImageSet extends LabelledImageSet implements ContentKeyed {
  private static final Logger LOG = LoggerFactory.getLogger(FileImageSet.class);
  private static final byte[] UNREADABLE = {};
  private static final int BUFFER = 1 << 16;

  private final Path root;
  private final List<Path> files;
  private volatile byte[][] digests = {};

  /**
   * A set over existing files.
   *
   * @param root the data folder, absolute or not, that {@code files} begin with
   */
  FileImageSet(
      String name, Path root, List<Path> files, int[] labels, List<String> classNames, int side) {
    super(name, side, side, classNames, labels);
    this.root = root;
    this.files = List.copyOf(files);
  }

  @Override
  public String describe(int index) {
    return files.get(index).toString();
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    Path file = files.get(index);
    Objects.checkFromIndexSize(offset, 3 * height() * width(), destination.length);
    byte[] content;
    try {
      long length = Files.size(file);
      if (length > ImageDecoder.MAX_FILE) {
        throw new DamagedImageException(
            "image "
                + file
                + " has "
                + length
                + " bytes, and more than "
                + ImageDecoder.MAX_FILE
                + " are not read; scale it down");
      }
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DataException(
          "cannot read image " + file + ": " + e + "; check its permissions", e);
    }
    requireUnchanged(index, content);
    try {
      ImageDecoder.decode(content, file.toString(), height(), destination, offset);
    } catch (ImageException e) {
      throw new DamagedImageException(
          e.getMessage()
              + ", or leave such images out with --skip-corrupt (in Java OnCorrupt.SKIP)",
          e);
    }
  }

  /** A pack made of other bytes than those looked at would be kept under the wrong key. */
  private void requireUnchanged(int index, byte[] content) {
    byte[][] known = digests;
    if (known.length > 0
        && known[index] != UNREADABLE
        && !Arrays.equals(known[index], Fingerprint.sha256().digest(content))) {
      throw new DataException(
          "image " + files.get(index) + " has changed since the start; start again");
    }
  }

  @Override
  public synchronized void look(Path cache, ProgressListener progress) {
    look(Optional.of(cache), progress);
  }

  private void look(Optional<Path> cache, ProgressListener progress) {
    if (digests.length == files.size()) {
      return;
    }
    Optional<DigestIndex> index = cache.map(folder -> DigestIndex.open(folder, root));
    byte[][] found = new byte[files.size()][];
    int[] unknown =
        IntStream.range(0, files.size()).filter(i -> !isKnown(i, index, found)).toArray();
    try {
      Workers.forEach(unknown.length, i -> digest(unknown[i], index, found), progress);
    } catch (IOException e) {
      throw new DataException("cannot read the images of " + name() + ": " + e, e);
    }
    index.ifPresent(DigestIndex::save);
    digests = found;
  }

  private boolean isKnown(int image, Optional<DigestIndex> index, byte[][] found) {
    if (index.isEmpty()) {
      return false;
    }
    try {
      FileStamp stamp = FileStamp.of(files.get(image));
      Optional<byte[]> digest = index.get().find(key(image), stamp);
      digest.ifPresent(bytes -> found[image] = bytes);
      // One that may not be read any more is not known, whatever was in it.
      return digest.isPresent() && Files.isReadable(files.get(image));
    } catch (IOException e) {
      return false;
    }
  }

  private void digest(int image, Optional<DigestIndex> index, byte[][] found) {
    Path file = files.get(image);
    long now = nanoseconds(Instant.now());
    MessageDigest sha = Fingerprint.sha256();
    try {
      FileStamp stamp = FileStamp.of(file);
      try (InputStream in = Files.newInputStream(file)) {
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          sha.update(buffer, 0, count);
        }
      }
      byte[] digest = sha.digest();
      found[image] = digest;
      index.ifPresent(all -> all.add(key(image), stamp, now, digest));
    } catch (IOException e) {
      LOG.warn("Cannot read image {}: {}", file, e.toString());
      found[image] = UNREADABLE;
    }
  }

  private static long nanoseconds(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }

  private String key(int image) {
    return root.relativize(files.get(image)).toString();
  }

  @Override
  public boolean isUnreadable(int index) {
    return digests[index] == UNREADABLE;
  }

  @Override
  public byte[] contentKey(int index) {
    if (isUnreadable(index)) {
      throw new AccreteException("the content of " + files.get(index) + " is not known");
    }
    Fingerprint key = new Fingerprint("image").add(ImageDecoder.VERSION).add(height());
    return key.add(digests[index], 0, DigestIndex.DIGEST).bytes();
  }

  /** Covers the contents of all files, with their labels; reads them if nobody did before. */
  @Override
  public synchronized String fingerprint() {
    look(Optional.empty(), ProgressListener.NONE);
    Fingerprint key = new Fingerprint("files").add(ImageDecoder.VERSION).add(height());
    classNames().forEach(key::add);
    for (int i = 0; i < size(); i++) {
      key.add(label(i)).add(digests[i], 0, digests[i].length);
    }
    return key.hex();
  }
}
