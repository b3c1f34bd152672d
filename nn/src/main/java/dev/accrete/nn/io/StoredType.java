package dev.accrete.nn.io;

import java.nio.ByteBuffer;

/** The element types of tensors in files, by the names safetensors gives them. */
public enum StoredType {
  /** IEEE 754 double precision. */
  F64(8),
  /** IEEE 754 single precision. */
  F32(4),
  /** IEEE 754 half precision: 10 bits of mantissa, largest number 65,504. */
  F16(2),
  /** The upper half of single precision: 7 bits of mantissa. */
  BF16(2),
  /** Signed 64-bit integers. */
  I64(8),
  /** Signed 32-bit integers. */
  I32(4),
  /** Unsigned 8-bit integers. */
  U8(1);

  private final int bytes;

  StoredType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements are whole numbers. */
  public boolean integral() {
    return this == I64 || this == I32 || this == U8;
  }

  /** The next element of {@code data}. */
  double get(ByteBuffer data) {
    return switch (this) {
      case F64 -> data.getDouble();
      case F32 -> data.getFloat();
      case F16 -> Float.float16ToFloat(data.getShort());
      case BF16 -> bfloat16ToFloat(data.getShort());
      case I64, I32, U8 -> getLong(data);
    };
  }

  /** The next element of {@code data}, which must be integral. */
  long getLong(ByteBuffer data) {
    return switch (this) {
      case I64 -> data.getLong();
      case I32 -> data.getInt();
      case U8 -> Byte.toUnsignedInt(data.get());
      case F64, F32, F16, BF16 -> throw new IllegalStateException(this + " is not integral");
    };
  }

  /** Appends a number, rounded to the nearest representable one, ties to even. */
  void put(ByteBuffer data, float value) {
    switch (this) {
      case F64 -> data.putDouble(value);
      case F32 -> data.putFloat(value);
      case F16 -> data.putShort(Float.floatToFloat16(value));
      case BF16 -> data.putShort(floatToBfloat16(value));
      case I64, I32, U8 -> throw new IllegalStateException(this + " holds no fractions");
    }
  }

  /** A bfloat16 as a float; exact. */
  public static float bfloat16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The bfloat16 nearest to a float, ties to even; a NaN stays a (quiet) NaN. */
  public static short floatToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    int roundUp = 0x7FFF + ((bits >>> 16) & 1);
    return (short) ((bits + roundUp) >>> 16);
  }
}
