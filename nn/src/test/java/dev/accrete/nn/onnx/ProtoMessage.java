package dev.accrete.nn.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A protobuf message, read without knowing what it is: numbers and bytes by field. */
final class ProtoMessage {
  private final SortedMap<Integer, List<Object>> fields = new TreeMap<>();

  ProtoMessage(ByteBuffer bytes) {
    ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long tag = varint(in);
      Object value =
          switch ((int) tag & 7) {
            case 0 -> varint(in);
            case 2 -> {
              int length = Math.toIntExact(varint(in));
              ByteBuffer part = in.slice(in.position(), length);
              in.position(in.position() + length);
              yield part;
            }
            case 5 -> in.getFloat();
            default -> throw new IllegalArgumentException("wire type of tag " + tag);
          };
      fields.computeIfAbsent((int) (tag >>> 3), field -> new ArrayList<>()).add(value);
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private List<Object> all(int field) {
    return fields.getOrDefault(field, List.of());
  }

  List<Long> numbers(int field) {
    return all(field).stream().map(Long.class::cast).toList();
  }

  /** 0 if it is not there, as protobuf has it. */
  long number(int field) {
    return all(field).isEmpty() ? 0 : numbers(field).getLast();
  }

  float real(int field) {
    return (Float) all(field).getLast();
  }

  List<String> strings(int field) {
    return all(field).stream().map(ProtoMessage::text).toList();
  }

  String string(int field) {
    return all(field).isEmpty() ? "" : strings(field).getLast();
  }

  private static String text(Object bytes) {
    return StandardCharsets.UTF_8.decode(((ByteBuffer) bytes).duplicate()).toString();
  }

  ByteBuffer bytes(int field) {
    return ((ByteBuffer) all(field).getLast()).duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  List<ProtoMessage> messages(int field) {
    return all(field).stream().map(bytes -> new ProtoMessage((ByteBuffer) bytes)).toList();
  }

  ProtoMessage message(int field) {
    return messages(field).getLast();
  }
}
