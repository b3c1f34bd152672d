package dev.accrete.kernels.cuda;

import jcuda.driver.CUdeviceptr;

/**
 * A matrix of floats as the tensor memory accelerator sees it, an argument of kernels: lines of
 * {@code width} elements, copied in boxes.
 *
 * @param encoder writes it as the driver wants it
 * @param buffer where it lies; 16 bytes aligned
 * @param width elements along memory
 * @param height lines
 * @param pitch elements from line to line, a multiple of four
 * @param boxWidth elements of a box along memory; 32 if it is swizzled
 * @param boxHeight lines of a box
 * @param swizzled whether 16-byte chunks of 128 change places in shared memory
 */
record TensorMap(
    TensorMapEncoder encoder,
    Buffer buffer,
    int width,
    int height,
    int pitch,
    int boxWidth,
    int boxHeight,
    boolean swizzled) {
  /** How many bytes a kernel takes for it. */
  static final int BYTES = 128;

  /** {@link #BYTES} for a launch; the buffer must be placed. */
  int[] encode() {
    return encoder.encode(this);
  }

  /** The address as a number. */
  long address() {
    return new Address(buffer.pointer()).value();
  }

  /** JCuda shows addresses to its own kind only. */
  private static final class Address extends CUdeviceptr {
    Address(CUdeviceptr pointer) {
      super(pointer);
    }

    long value() {
      return getNativePointer() + getByteOffset();
    }
  }
}
