package dev.accrete.cl.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The layout of a pack: header, table, images.
 *
 * <pre>
 *   0  magic "ACCPACK1"     8  version        12  images        16  bytes per image
 *  20  CRC of the table    24  file length    32  fingerprint of the source (32 ASCII characters)
 *  64  images of the source                   68  CRC of bytes 0..67
 *  72  table: per image its number in the source, label and CRC (4 bytes each), then the images
 * </pre>
 *
 * <p>All numbers are big-endian; CRC is CRC-32C.
 */
final class PackFile {
  static final int HEADER = 72;
  private static final int VERSION = 1;
  private static final int ENTRY = 12;
  private static final int MAX_IMAGES = 100_000_000;
  private static final int FINGERPRINT_LENGTH = 32;
  private static final byte[] MAGIC = "ACCPACK1".getBytes(StandardCharsets.US_ASCII);

  /** A pack that is damaged or not one; the cache is then rebuilt. */
  static final class BadPackException extends Exception {
    private static final long serialVersionUID = 1L;

    BadPackException(String message) {
      super(message);
    }
  }

  private final String fingerprint;
  private final int imageBytes;
  private final int sourceSize;
  private final int[] numbers;
  private final int[] labels;
  private final int[] crcs;

  /**
   * The description of a pack; keeps the arrays.
   *
   * @param sourceSize number of images that the source had
   * @param numbers of the images in the source (all of them, unless some were corrupt)
   */
  PackFile(
      String fingerprint, int imageBytes, int sourceSize, int[] numbers, int[] labels, int[] crcs) {
    this.fingerprint = fingerprint;
    this.imageBytes = imageBytes;
    this.sourceSize = sourceSize;
    this.numbers = numbers;
    this.labels = labels;
    this.crcs = crcs;
  }

  int imageBytes() {
    return imageBytes;
  }

  int sourceSize() {
    return sourceSize;
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

  int size() {
    return numbers.length;
  }

  static long imagesStart(int count) {
    return HEADER + (long) ENTRY * count;
  }

  long length() {
    return imagesStart(size()) + (long) size() * imageBytes;
  }

  /** Header and table, ready to be written at position 0. */
  ByteBuffer head() {
    ByteBuffer buffer = ByteBuffer.allocate((int) imagesStart(size()));
    buffer.position(HEADER);
    for (int i = 0; i < size(); i++) {
      buffer.putInt(numbers[i]).putInt(labels[i]).putInt(crcs[i]);
    }
    int table = crc(buffer.array(), HEADER, ENTRY * size());
    buffer.position(0);
    buffer.put(MAGIC).putInt(VERSION).putInt(size()).putInt(imageBytes).putInt(table);
    buffer.putLong(length()).put(fingerprint.getBytes(StandardCharsets.US_ASCII));
    buffer.putInt(sourceSize);
    buffer.putInt(crc(buffer.array(), 0, HEADER - 4));
    return buffer.position(0);
  }

  /**
   * Maps and checks a pack.
   *
   * @throws BadPackException if anything about it is wrong
   */
  static PackFile read(FileChannel channel, String fingerprint, int imageBytes)
      throws IOException, BadPackException {
    byte[] header = bytes(channel, 0, HEADER);
    ByteBuffer buffer = ByteBuffer.wrap(header);
    byte[] magic = new byte[MAGIC.length];
    buffer.get(magic);
    require(Arrays.equals(magic, MAGIC), "it does not start with ACCPACK1");
    require(crc(header, 0, HEADER - 4) == buffer.getInt(HEADER - 4), "its header is damaged");
    int version = buffer.getInt();
    require(version == VERSION, "its version is " + version + ", not " + VERSION);
    int count = buffer.getInt();
    int found = buffer.getInt();
    require(found == imageBytes, "its images have " + found + " bytes, not " + imageBytes);
    int tableCrc = buffer.getInt();
    long length = buffer.getLong();
    require(
        count >= 0
            && count <= MAX_IMAGES
            && length == imagesStart(count) + (long) count * imageBytes,
        "its header contradicts itself");
    require(channel.size() == length, "it has " + channel.size() + " bytes instead of " + length);
    byte[] key = new byte[FINGERPRINT_LENGTH];
    buffer.get(key);
    require(
        new String(key, StandardCharsets.US_ASCII).equals(fingerprint),
        "it is of another data set");
    int sourceSize = buffer.getInt();
    byte[] table = bytes(channel, HEADER, ENTRY * count);
    require(crc(table, 0, table.length) == tableCrc, "its table is damaged");
    ByteBuffer entries = ByteBuffer.wrap(table);
    PackFile pack =
        new PackFile(
            fingerprint, imageBytes, sourceSize, new int[count], new int[count], new int[count]);
    for (int i = 0; i < count; i++) {
      pack.numbers[i] = entries.getInt();
      pack.labels[i] = entries.getInt();
      pack.crcs[i] = entries.getInt();
    }
    return pack;
  }

  static MemorySegment map(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  static void copy(MemorySegment from, long position, byte[] to, int offset, int length) {
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, position, to, offset, length);
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
