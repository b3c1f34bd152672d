package dev.accrete.production.ingest;

import dev.accrete.cl.data.DataException;
import dev.accrete.nn.image.ImageDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A ZIP of class folders. It is not trusted: its entries are counted, what comes out of it is
 * measured while it is unpacked into memory, and no entry's name ever becomes a path.
 */
public final class ZipSource implements Source {
  /**
   * What a ZIP may hold.
   *
   * @param entries files in it
   * @param bytes of all files, unpacked
   * @param ratio bytes unpacked for a byte of the ZIP, beyond the first mebibyte of a file
   */
  public record Bounds(int entries, long bytes, int ratio) {
    /** A hundred thousand entries, 16 GiB, and what no image compresses by. */
    public static final Bounds DEFAULT = new Bounds(100_000, 16L << 30, 200);
  }

  private static final long SMALL = 1L << 20;

  private final Path file;
  private final Bounds bounds;

  /** The images of a ZIP, within the usual bounds. */
  public ZipSource(Path file) {
    this(file, Bounds.DEFAULT);
  }

  /** The images of a ZIP within bounds. */
  public ZipSource(Path file, Bounds bounds) {
    this.file = file.toAbsolutePath().normalize();
    this.bounds = bounds;
  }

  @Override
  public String day() {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  @Override
  public String description() {
    return file.toString();
  }

  @Override
  public Listing open() {
    return open(ClassFolders::listing);
  }

  Listing open(ClassFolders.Labelling labelling) {
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8);
    } catch (ZipException e) {
      throw new DataException(
          file + " is no sound ZIP: " + e.getMessage() + "; make or copy it again", e);
    } catch (IOException e) {
      throw new DataException("cannot read " + file + ": " + e + "; check its permissions", e);
    }
    boolean listed = false;
    try {
      if (zip.size() > bounds.entries()) {
        throw new DataException(
            file
                + " has "
                + zip.size()
                + " entries, and at most "
                + bounds.entries()
                + " are read; make several of it");
      }
      ClassFolders folders = new ClassFolders("ZIP " + file);
      AtomicLong unpacked = new AtomicLong();
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (!entry.isDirectory()) {
          folders.add(checked(entry.getName()), () -> read(zip, entry, unpacked));
        }
      }
      Listing listing = labelling.list(folders, zip);
      listed = true;
      return listing;
    } finally {
      if (!listed) {
        close(zip);
      }
    }
  }

  private void close(ZipFile zip) {
    try {
      zip.close();
    } catch (IOException e) {
      throw new DataException("cannot close " + file + ": " + e, e);
    }
  }

  /** Names that lead out of the ZIP's own folder are made by an attacker or a broken tool. */
  private String checked(String name) {
    String plain = name.replace('\\', '/');
    List<String> parts = Arrays.asList(plain.split("/"));
    if (plain.startsWith("/") || plain.indexOf(':') == 1 || parts.contains("..")) {
      throw new DataException(
          file + " has an entry that leads out of it: " + name + "; make the ZIP again");
    }
    return String.join("/", parts.stream().filter(part -> !part.equals(".")).toList());
  }

  /** The sizes that a ZIP declares may be lies: what counts is what comes out. */
  private byte[] read(ZipFile zip, ZipEntry entry, AtomicLong unpacked) throws IOException {
    long packed = Math.max(1, entry.getCompressedSize());
    long most = Math.min(ImageDecoder.MAX_FILE, Math.max(SMALL, packed * bounds.ratio()));
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes((int) most + 1);
      if (bytes.length > most) {
        throw new IOException(
            entry.getName() + " unpacks to more than " + most + " bytes, which no image does");
      }
      // Every file is read twice: to know it, and to decode it.
      if (unpacked.addAndGet(bytes.length) > 2 * bounds.bytes()) {
        throw new DataException(
            file + " unpacks to more than " + bounds.bytes() + " bytes; make several ZIPs of it");
      }
      return bytes;
    }
  }
}
