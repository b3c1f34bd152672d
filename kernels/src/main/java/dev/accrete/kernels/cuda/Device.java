package dev.accrete.kernels.cuda;

import dev.accrete.core.AccreteException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * One GPU: its primary context, the kernels loaded into it, and two streams, one that computes and
 * one that brings inputs meanwhile.
 */
final class Device implements AutoCloseable {
  private static final long WORD = Float.BYTES;

  private final CUdevice device = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final CUstream compute = new CUstream();
  private final CUstream uploads = new CUstream();
  private final Optional<Path> emulator;
  private final Map<KernelFile, CUmodule> modules = new EnumMap<>(KernelFile.class);
  private final Map<String, Kernel> kernels = new HashMap<>();
  private final Signatures signatures;
  private Optional<TensorMapEncoder> tensorMaps = Optional.empty();
  private int multiprocessors;
  private int capability;
  private boolean closed;

  private Device(Optional<Path> emulator) {
    this.emulator = emulator;
    this.signatures = Signatures.of(emulator);
  }

  /**
   * Opens a device that {@link DriverProbe} found.
   *
   * @param emulator where the kernels for the emulated driver are; empty for a GPU
   * @throws AccreteException if the driver refuses
   */
  static Device open(int ordinal, Optional<Path> emulator) {
    Device opened = new Device(emulator);
    Cuda.check(JCudaDriver.cuInit(0), "start");
    Cuda.check(JCudaDriver.cuDeviceGet(opened.device, ordinal), "be found as device " + ordinal);
    Cuda.check(
        JCudaDriver.cuDevicePrimaryCtxRetain(opened.context, opened.device), "make a context");
    opened.enter();
    // Not blocking: nothing here uses the default stream, and none must wait for it.
    int flags = CUstream_flags.CU_STREAM_NON_BLOCKING;
    Cuda.check(JCudaDriver.cuStreamCreate(opened.compute, flags), "make a stream");
    Cuda.check(JCudaDriver.cuStreamCreate(opened.uploads, flags), "make a stream");
    opened.multiprocessors =
        opened.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    opened.capability =
        10 * opened.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
            + opened.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    return opened;
  }

  private int attribute(int attribute) {
    int[] value = new int[1];
    Cuda.check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "be described");
    return value[0];
  }

  /** Makes this device the calling thread's; every public entry of the backend begins with it. */
  void enter() {
    if (closed) {
      throw new IllegalStateException("the cuda backend is closed");
    }
    Cuda.check(JCudaDriver.cuCtxSetCurrent(context), "be used by this thread");
  }

  CUdevice handle() {
    return device;
  }

  int multiprocessors() {
    return multiprocessors;
  }

  /** The compute capability times ten. */
  int capability() {
    return capability;
  }

  /**
   * What encodes matrices for the tensor memory accelerator.
   *
   * @throws AccreteException if the driver lacks the function
   */
  TensorMapEncoder tensorMaps() {
    TensorMapEncoder encoder =
        tensorMaps.orElseGet(() -> new TensorMapEncoder(DriverProbe.library(emulator)));
    tensorMaps = Optional.of(encoder);
    return encoder;
  }

  /** The stream that runs plans. */
  CUstream compute() {
    return compute;
  }

  /** The stream that copies inputs to the device. */
  CUstream uploads() {
    return uploads;
  }

  /** Waits until all plans have run, and reports what went wrong in them. */
  void await() {
    enter();
    Cuda.check(JCudaDriver.cuStreamSynchronize(compute), "finish");
  }

  /**
   * The kernel of this name.
   *
   * @throws AccreteException if the file cannot be loaded
   */
  Kernel kernel(KernelFile file, String name) {
    return kernels.computeIfAbsent(name, wanted -> load(file, wanted));
  }

  /**
   * Loads a file of kernels, if it is not there yet.
   *
   * @throws AccreteException if it cannot be loaded
   */
  CUmodule load(KernelFile file) {
    enter();
    return modules.computeIfAbsent(
        file,
        wanted -> {
          CUmodule loaded = new CUmodule();
          Cuda.check(
              JCudaDriver.cuModuleLoadData(loaded, wanted.image(emulator)),
              "load the kernels of " + wanted.fileName());
          return loaded;
        });
  }

  private Kernel load(KernelFile file, String name) {
    CUmodule module = load(file);
    CUfunction function = new CUfunction();
    Cuda.check(
        JCudaDriver.cuModuleGetFunction(function, module, name),
        "find the kernel " + name + " in " + file.fileName());
    return new Kernel(name, function, signatures.of(file, name));
  }

  /**
   * Allocates memory; its contents are undefined.
   *
   * @param what names the purpose in the error
   * @throws AccreteException if there is not enough
   */
  DeviceMemory allocate(long bytes, String what) {
    enter();
    CUdeviceptr pointer = new CUdeviceptr();
    int status = JCudaDriver.cuMemAlloc(pointer, bytes);
    if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      long[] free = new long[1];
      long[] total = new long[1];
      Cuda.check(JCudaDriver.cuMemGetInfo(free, total), "say how much memory is free");
      throw Cuda.outOfMemory(what, bytes, free[0], total[0]);
    }
    Cuda.check(status, "allocate memory for " + what);
    return new DeviceMemory(this, pointer, bytes);
  }

  /** Fills memory with zeros, in order with the plans. */
  void clear(DeviceMemory memory) {
    enter();
    Cuda.check(
        JCudaDriver.cuMemsetD32Async(memory.at(0), 0, memory.bytes() / WORD, compute),
        "clear memory");
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    await();
    Cuda.check(JCudaDriver.cuStreamDestroy(uploads), "close a stream");
    Cuda.check(JCudaDriver.cuStreamDestroy(compute), "close a stream");
    modules.values().forEach(m -> Cuda.check(JCudaDriver.cuModuleUnload(m), "unload kernels"));
    closed = true;
    Cuda.check(JCudaDriver.cuDevicePrimaryCtxRelease(device), "release its context");
  }

  /** A kernel that is loaded, and what arguments it takes. */
  record Kernel(String name, CUfunction function, Signatures.Signature signature) {
    /** What every kernel may use of shared memory, declared and given together. */
    private static final int USUAL_SHARED = 48 << 10;

    /** Lets launches give so much shared memory. */
    void allowShared(int bytes) {
      if (bytes > USUAL_SHARED) {
        int attribute = CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
        Cuda.check(
            JCudaDriver.cuFuncSetAttribute(function, attribute, bytes),
            "give " + bytes + " bytes of shared memory to " + name);
      }
    }
  }
}
