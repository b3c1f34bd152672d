package dev.accrete.cl.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The layout of a pack: header, table, images.
 *
 * <pre>
 *   0  magic "ACCPACK1"     8  version        12  images        16  bytes per image
 *  20  CRC of the table    24  file length    32  fingerprint of the source (32 ASCII characters)
 *  64  images of the source                   68  height        72  width
 *  76  name of the source: length (2 bytes) and UTF-8 (126 bytes)
 * 204  CRC of bytes 0..203
 * 208  table: per image its number in the source, label and CRC (4 bytes each) and its content key
 *      (16 bytes, 0 if the source has none), then the images
 * </pre>
 *
 * <p>All numbers are big-endian; CRC is CRC-32C.
 */
final class PackFile {
  static final int HEADER = 208;
  private static final int VERSION = 2;
  private static final int ENTRY = 12 + ContentKeyed.KEY;
  private static final int MAX_IMAGES = 50_000_000;
  private static final int FINGERPRINT_LENGTH = 32;
  private static final int NAME = 76;
  private static final int MAX_NAME = 126;
  private static final byte[] MAGIC = "ACCPACK1".getBytes(StandardCharsets.US_ASCII);

  /** A pack that is damaged or not one; the cache is then rebuilt. */
  static final class BadPackException extends Exception {
    private static final long serialVersionUID = 1L;

    BadPackException(String message) {
      super(message);
    }
  }

  /** What a pack is of. */
  record About(
      String fingerprint, String source, int sourceSize, int imageBytes, int height, int width) {}

  /** A header that has been checked against the length of its file. */
  record Header(About about, int images, int tableCrc) {}

  private final About about;
  private final int[] numbers;
  private final int[] labels;
  private final int[] crcs;
  private final byte[] keys;

  /**
   * The description of a pack; keeps the arrays.
   *
   * @param numbers of the images in the source (all of them, unless some were corrupt)
   * @param keys of the images, one after another
   */
  PackFile(About about, int[] numbers, int[] labels, int[] crcs, byte[] keys) {
    this.about = about;
    this.numbers = numbers;
    this.labels = labels;
    this.crcs = crcs;
    this.keys = keys;
  }

  int imageBytes() {
    return about.imageBytes();
  }

  int sourceSize() {
    return about.sourceSize();
  }

  int number(int index) {
    return numbers[index];
  }

  int label(int index) {
    return labels[index];
  }

  int crc(int index) {
    return crcs[index];
  }

  /** The content key of an image, to be read from. */
  ByteBuffer key(int index) {
    return ByteBuffer.wrap(keys, index * ContentKeyed.KEY, ContentKeyed.KEY);
  }

  int size() {
    return numbers.length;
  }

  static long imagesStart(int count) {
    return HEADER + (long) ENTRY * count;
  }

  static long length(int count, int imageBytes) {
    return imagesStart(count) + (long) count * imageBytes;
  }

  /** Header and table, ready to be written at position 0. */
  ByteBuffer head() {
    ByteBuffer buffer = ByteBuffer.allocate((int) imagesStart(size()));
    buffer.position(HEADER);
    for (int i = 0; i < size(); i++) {
      buffer.putInt(numbers[i]).putInt(labels[i]).putInt(crcs[i]).put(key(i));
    }
    int table = crc(buffer.array(), HEADER, ENTRY * size());
    buffer.position(0);
    buffer.put(MAGIC).putInt(VERSION).putInt(size()).putInt(imageBytes()).putInt(table);
    buffer.putLong(length(size(), imageBytes()));
    buffer.put(about.fingerprint().getBytes(StandardCharsets.US_ASCII));
    buffer.putInt(sourceSize()).putInt(about.height()).putInt(about.width());
    byte[] name = about.source().getBytes(StandardCharsets.UTF_8);
    int length = Math.min(name.length, MAX_NAME);
    buffer.putShort((short) length).put(name, 0, length);
    buffer.putInt(HEADER - Integer.BYTES, crc(buffer.array(), 0, HEADER - Integer.BYTES));
    return buffer.position(0);
  }

  /**
   * Reads and checks the header of a pack.
   *
   * @throws BadPackException if anything about it is wrong
   */
  static Header header(FileChannel channel) throws IOException, BadPackException {
    byte[] header = bytes(channel, 0, HEADER);
    ByteBuffer buffer = ByteBuffer.wrap(header);
    byte[] magic = new byte[MAGIC.length];
    buffer.get(magic);
    require(Arrays.equals(magic, MAGIC), "it does not start with ACCPACK1");
    int version = buffer.getInt();
    require(version == VERSION, "its version is " + version + ", not " + VERSION);
    int crc = buffer.getInt(HEADER - Integer.BYTES);
    require(crc(header, 0, HEADER - Integer.BYTES) == crc, "its header is damaged");
    int count = buffer.getInt();
    int imageBytes = buffer.getInt();
    int tableCrc = buffer.getInt();
    long length = buffer.getLong();
    require(
        count >= 0 && count <= MAX_IMAGES && imageBytes > 0 && length == length(count, imageBytes),
        "its header contradicts itself");
    require(channel.size() == length, "it has " + channel.size() + " bytes instead of " + length);
    byte[] key = new byte[FINGERPRINT_LENGTH];
    buffer.get(key);
    int sourceSize = buffer.getInt();
    int height = buffer.getInt();
    int width = buffer.getInt();
    int nameLength = Math.clamp(buffer.getShort(), 0, MAX_NAME);
    String name = new String(header, NAME + Short.BYTES, nameLength, StandardCharsets.UTF_8);
    String fingerprint = new String(key, StandardCharsets.US_ASCII);
    About about = new About(fingerprint, name, sourceSize, imageBytes, height, width);
    return new Header(about, count, tableCrc);
  }

  /**
   * Reads and checks the table of a pack.
   *
   * @throws BadPackException if it is damaged
   */
  static PackFile read(FileChannel channel, Header header) throws IOException, BadPackException {
    int count = header.images();
    byte[] table = bytes(channel, HEADER, ENTRY * count);
    require(crc(table, 0, table.length) == header.tableCrc(), "its table is damaged");
    ByteBuffer entries = ByteBuffer.wrap(table);
    byte[] keys = new byte[count * ContentKeyed.KEY];
    PackFile pack =
        new PackFile(header.about(), new int[count], new int[count], new int[count], keys);
    for (int i = 0; i < count; i++) {
      pack.numbers[i] = entries.getInt();
      pack.labels[i] = entries.getInt();
      pack.crcs[i] = entries.getInt();
      entries.get(keys, i * ContentKeyed.KEY, ContentKeyed.KEY);
    }
    return pack;
  }

  /**
   * Maps a pack.
   *
   * @throws BadPackException if it no longer has the length that its header says
   */
  MemorySegment map(FileChannel channel, Arena arena) throws IOException, BadPackException {
    long length = length(size(), imageBytes());
    require(channel.size() == length, "it has " + channel.size() + " bytes instead of " + length);
    return channel.map(FileChannel.MapMode.READ_ONLY, 0, length, arena);
  }

  /**
   * Copies an image out of a mapped pack.
   *
   * @throws BadPackException if it is not what was written: the disk or another process changed it,
   *     or cut the file so that there is no memory behind the map any more
   */
  void copy(MemorySegment mapped, int index, byte[] to, int offset) throws BadPackException {
    int length = imageBytes();
    long position = imagesStart(size()) + (long) index * length;
    boolean same;
    try {
      MemorySegment.copy(mapped, ValueLayout.JAVA_BYTE, position, to, offset, length);
      same = crc(to, offset, length) == crcs[index];
    } catch (InternalError e) {
      // How the JVM reports a fault in mapped memory.
      throw new BadPackException("it has been cut: " + e.getMessage());
    }
    require(same, "it has changed on the disk");
  }

  /** Fills the buffer from {@code position} on, as far as the file reaches. */
  static void readFully(FileChannel channel, ByteBuffer buffer, long position) throws IOException {
    long at = position;
    int count = 0;
    while (count >= 0 && buffer.hasRemaining()) {
      count = channel.read(buffer, at);
      at += count;
    }
  }

  static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  private static byte[] bytes(FileChannel channel, long position, int length)
      throws IOException, BadPackException {
    require(
        channel.size() >= position + length,
        "it ends after " + channel.size() + " bytes, before its images");
    ByteBuffer buffer = ByteBuffer.allocate(length);
    readFully(channel, buffer, position);
    require(!buffer.hasRemaining(), "it ends early");
    return buffer.array();
  }

  private static void require(boolean condition, String problem) throws BadPackException {
    if (!condition) {
      throw new BadPackException(problem);
    }
  }
}
