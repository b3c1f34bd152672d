package dev.accrete.nn.io;

import dev.accrete.core.AccreteException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads one protobuf message field by field (protobuf.dev/programming-guides/encoding). Lengths are
 * checked against the message around them, so nothing is allocated beyond the size of the file.
 */
final class WireReader {
  /** Wire types, of which groups (3 and 4) are obsolete and refused. */
  static final int VARINT = 0;

  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  private static final int LONGEST_VARINT = 10;

  private final String source;
  private final ByteBuffer message;
  private int field;
  private int wireType;

  WireReader(String source, ByteBuffer message) {
    this.source = source;
    this.message = message.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Steps to the next field; its value must then be read or skipped. False at the end. */
  boolean next() {
    if (!message.hasRemaining()) {
      return false;
    }
    long tag = varint();
    if (tag < 0 || tag >>> 3 > Integer.MAX_VALUE || tag >>> 3 == 0) {
      throw broken("field tag " + tag);
    }
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    return true;
  }

  boolean hasRemaining() {
    return message.hasRemaining();
  }

  int field() {
    return field;
  }

  int wireType() {
    return wireType;
  }

  long varint() {
    long value = 0;
    for (int i = 0; i < LONGEST_VARINT; i++) {
      need(1);
      byte next = message.get();
      value |= (long) (next & 0x7F) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw broken("a number of more than " + LONGEST_VARINT + " bytes");
  }

  float fixed32() {
    need(Float.BYTES);
    return message.getFloat();
  }

  double fixed64() {
    need(Double.BYTES);
    return message.getDouble();
  }

  /** The bytes of a string, a message or packed numbers; a view, not a copy. */
  ByteBuffer bytes() {
    long length = varint();
    if (length < 0 || length > message.remaining()) {
      throw broken("a field of " + Long.toUnsignedString(length) + " bytes");
    }
    ByteBuffer part = message.slice(message.position(), (int) length);
    message.position(message.position() + (int) length);
    return part.order(ByteOrder.LITTLE_ENDIAN);
  }

  String string() {
    return StandardCharsets.UTF_8.decode(bytes()).toString();
  }

  /** The message in this field. */
  WireReader message() {
    expect(BYTES);
    return new WireReader(source, bytes());
  }

  void skip() {
    switch (wireType) {
      case VARINT -> varint();
      case FIXED64 -> fixed64();
      case BYTES -> bytes();
      case FIXED32 -> fixed32();
      default -> throw broken("wire type " + wireType);
    }
  }

  void expect(int type) {
    if (wireType != type) {
      throw broken("field " + field + " with wire type " + wireType);
    }
  }

  AccreteException broken(String what) {
    return new AccreteException(
        source
            + " is not a sound Caffe model: "
            + what
            + " at byte "
            + message.position()
            + " of a message of "
            + message.limit()
            + "; it was truncated, damaged or is of another format. Fetch it again");
  }

  private void need(int bytes) {
    if (message.remaining() < bytes) {
      throw broken("the end of the data");
    }
  }
}
