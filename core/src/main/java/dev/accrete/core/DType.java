package dev.accrete.core;

/** The element types of tensors. */
public enum DType {
  /** IEEE 754 single precision. */
  F32(4),
  /**
   * IEEE 754 double precision: sums over a whole stream. No gradient flows through them, and only
   * ops that say so take them.
   */
  F64(8),
  /** Unsigned 8-bit integers: image bytes. */
  U8(1),
  /** Signed 32-bit integers: labels, counters, augmentation choices. */
  I32(4);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one element in bytes. */
  public int bytes() {
    return bytes;
  }
}
