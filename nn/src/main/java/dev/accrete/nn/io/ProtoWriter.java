package dev.accrete.nn.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes protobuf messages field by field (protobuf.dev/programming-guides/encoding): models for
 * engines that read such files. Large fields are kept, not copied, however deep they are nested.
 */
public final class ProtoWriter {
  /** From this many bytes on a field is a part of its own. */
  private static final int LARGE = 4096;

  private final List<byte[]> parts = new ArrayList<>();
  private final ByteArrayOutputStream last = new ByteArrayOutputStream();
  private long size;

  /** An empty message. */
  public ProtoWriter() {}

  /** A varint field. */
  public ProtoWriter number(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  /** A field of bytes; the array is the message's from now on. */
  public ProtoWriter bytes(int field, byte[] value) {
    varint((long) field << 3 | 2);
    varint(value.length);
    append(value);
    return this;
  }

  /** A nested message, as it is now. */
  public ProtoWriter message(int field, ProtoWriter message) {
    varint((long) field << 3 | 2);
    varint(message.size);
    message.parts.forEach(this::append);
    append(message.last.toByteArray());
    return this;
  }

  /** A string field. */
  public ProtoWriter string(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Repeated floats, packed. */
  public ProtoWriter packed(int field, float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return bytes(field, buffer.array());
  }

  /** Repeated doubles, packed. */
  public ProtoWriter packedDoubles(int field, double... values) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asDoubleBuffer().put(values);
    return bytes(field, buffer.array());
  }

  /** Repeated floats, one field each. */
  public ProtoWriter unpacked(int field, float... values) {
    for (float value : values) {
      varint((long) field << 3 | 5);
      int bits = Float.floatToRawIntBits(value);
      for (int shift = 0; shift < 32; shift += 8) {
        put(bits >>> shift);
      }
    }
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      put((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    put((int) rest);
  }

  private void put(int octet) {
    last.write(octet);
    size++;
  }

  private void append(byte[] bytes) {
    if (bytes.length < LARGE) {
      last.writeBytes(bytes);
    } else {
      parts.add(last.toByteArray());
      last.reset();
      parts.add(bytes);
    }
    size += bytes.length;
  }

  /** The length of the message in bytes. */
  public long size() {
    return size;
  }

  /** The message in pieces, for {@link AtomicFiles#write}. */
  public List<byte[]> parts() {
    List<byte[]> all = new ArrayList<>(parts);
    all.add(last.toByteArray());
    return all;
  }

  /**
   * The message in one piece.
   *
   * @throws ArithmeticException if it has more than 2^31-1 bytes
   */
  public byte[] toBytes() {
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(size));
    parts().forEach(all::put);
    return all.array();
  }
}
