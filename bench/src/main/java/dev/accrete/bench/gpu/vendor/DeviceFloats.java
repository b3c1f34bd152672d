package dev.accrete.bench.gpu.vendor;

import dev.accrete.core.AccreteException;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Numbers in the memory of the device whose context is the calling thread's. */
public final class DeviceFloats implements Owned.Resource {
  private final CUdeviceptr pointer = new CUdeviceptr();
  private final int count;

  /**
   * Undefined numbers.
   *
   * @throws AccreteException if there is no memory for them
   */
  public DeviceFloats(int count) {
    this.count = count;
    check(JCudaDriver.cuMemAlloc(pointer, bytes()), "allocate " + bytes() + " bytes");
  }

  /** A copy of these numbers. */
  public static DeviceFloats of(float[] values) {
    DeviceFloats floats = new DeviceFloats(values.length);
    check(JCudaDriver.cuMemcpyHtoD(floats.pointer, Pointer.to(values), floats.bytes()), "take");
    // The call may return before the device has its copy.
    check(JCudaDriver.cuCtxSynchronize(), "take data");
    return floats;
  }

  /** What is there once the device has done all that it was given. */
  public float[] read() {
    check(JCudaDriver.cuCtxSynchronize(), "finish");
    float[] values = new float[count];
    check(JCudaDriver.cuMemcpyDtoH(Pointer.to(values), pointer, bytes()), "give data back");
    return values;
  }

  long bytes() {
    return (long) Float.BYTES * count;
  }

  CUdeviceptr pointer() {
    return pointer;
  }

  /** Where they lie. */
  long address() {
    return NativeAddress.of(pointer);
  }

  private static void check(int status, String doing) {
    if (status != CUresult.CUDA_SUCCESS) {
      throw new AccreteException("the GPU cannot " + doing + ": " + CUresult.stringFor(status));
    }
  }

  @Override
  public void close() {
    check(JCudaDriver.cuMemFree(pointer), "free memory");
  }
}
