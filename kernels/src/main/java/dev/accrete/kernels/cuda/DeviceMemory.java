package dev.accrete.kernels.cuda;

import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;

/** One allocation on a device. */
final class DeviceMemory implements Owned.Resource {
  private final Device device;
  private final CUdeviceptr pointer;
  private final long bytes;
  private boolean closed;

  DeviceMemory(Device device, CUdeviceptr pointer, long bytes) {
    this.device = device;
    this.pointer = pointer;
    this.bytes = bytes;
  }

  long bytes() {
    return bytes;
  }

  /** Byte {@code offset} as JCuda wants it. */
  CUdeviceptr at(long offset) {
    return pointer.withByteOffset(offset);
  }

  /** Copies from the heap to a part of this memory, and waits. */
  void upload(CUdeviceptr to, Pointer source, long length) {
    device.enter();
    Cuda.check(JCudaDriver.cuMemcpyHtoD(to, source, length), "take data");
    // From pageable memory the call returns when the driver has its own copy, not the device; and
    // the stream that computes does not wait for the default stream.
    Cuda.check(JCudaDriver.cuCtxSynchronize(), "take data");
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      device.enter();
      Cuda.check(JCudaDriver.cuMemFree(pointer), "free memory");
    }
  }
}
