package dev.accrete.kernels.cuda;

import jcuda.driver.CUdeviceptr;

/**
 * Device memory that steps read and write: a part of the store, known from the start, or a block of
 * the plan's arena, known once the program is placed.
 */
final class Buffer {
  private static final int NOT_PLANNED = -1;

  private final int block;
  private final long offset;
  private final long bytes;
  private CUdeviceptr pointer;

  private Buffer(int block, long offset, long bytes, CUdeviceptr pointer) {
    this.block = block;
    this.offset = offset;
    this.bytes = bytes;
    this.pointer = pointer;
  }

  /** Memory that exists: {@code bytes} from {@code offset} on of an allocation. */
  static Buffer fixed(CUdeviceptr pointer, long offset, long bytes) {
    return new Buffer(NOT_PLANNED, offset, bytes, pointer);
  }

  /** Bytes from {@code offset} on of block number {@code block} of a {@link Program}. */
  static Buffer planned(int block, long offset, long bytes) {
    return new Buffer(block, offset, bytes, new CUdeviceptr());
  }

  boolean planned() {
    return block != NOT_PLANNED;
  }

  int block() {
    return block;
  }

  long bytes() {
    return bytes;
  }

  /** Whether the address is a multiple of this power of two, at most 256, as allocations are. */
  boolean aligned(int alignment) {
    return offset % alignment == 0;
  }

  /** Another name for a part of this memory. */
  Buffer part(long from, long length) {
    return planned()
        ? planned(block, offset + from, length)
        : fixed(pointer.withByteOffset(from), offset + from, length);
  }

  /** Tells where the block lies. */
  void place(DeviceMemory arena, long blockOffset) {
    pointer = arena.at(blockOffset + offset);
  }

  /** The address; meaningless before the program is placed. */
  CUdeviceptr pointer() {
    return pointer;
  }
}
