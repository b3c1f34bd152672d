package dev.accrete.kernels.cuda;

import dev.accrete.core.Backend;
import dev.accrete.core.Plan;
import dev.accrete.core.Precision;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Times what a CUDA device does by events in its own stream, for benchmarks: the host's share, such
 * as the microseconds of a launch, is hidden behind work that the device is given first. Not
 * thread-safe; close it before the backend.
 */
public final class DeviceTimer implements AutoCloseable {
  /** How many times the scratch memory is filled to keep the device busy: about a millisecond. */
  private static final int HOLDS = 8;

  private static final int SCRATCH_PER_L2 = 4;
  private static final long LEAST_SCRATCH = 1L << 20;

  // As in probes.cu.
  private static final int CHAINS = 16;
  private static final int TENSOR_CHAINS = 8;
  private static final int BLOCKS_PER_MULTIPROCESSOR = 8;

  private final CudaBackend backend;
  private final Device device;
  private final Owned owned = new Owned();
  private final CUevent begin;
  private final CUevent end;
  private final DeviceMemory scratch;
  private final DeviceFacts facts;

  private DeviceTimer(CudaBackend backend) {
    this.backend = backend;
    this.device = backend.device();
    device.enter();
    facts = facts(device);
    try {
      begin = event();
      end = event();
      scratch =
          owned.add(
              device.allocate(
                  Math.max(LEAST_SCRATCH, SCRATCH_PER_L2 * facts.l2Bytes()), "measurements"));
    } catch (RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  /** A timer for the device of a backend; empty if the backend runs on no CUDA device. */
  public static Optional<DeviceTimer> of(Backend backend) {
    return backend instanceof CudaBackend cuda
        ? Optional.of(new DeviceTimer(cuda))
        : Optional.empty();
  }

  private CUevent event() {
    CUevent event = new CUevent();
    Cuda.check(JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT), "make an event");
    owned.add(() -> Cuda.check(JCudaDriver.cuEventDestroy(event), "close an event"));
    return event;
  }

  /** What the device is. */
  public DeviceFacts facts() {
    return facts;
  }

  /**
   * Another backend on this device, which can be timed by this timer. Closing it closes nothing,
   * and it must not be used once the timer's own backend is closed.
   *
   * @throws dev.accrete.core.AccreteException if the device lacks what was chosen
   */
  public Backend choosing(Precision precision, CoreChoice choice) {
    return backend.choosing(precision, choice);
  }

  /**
   * Loads every file of kernels, used or not.
   *
   * @return how many there are
   * @throws dev.accrete.core.AccreteException if the driver refuses one
   */
  public int loadKernels() {
    for (KernelFile file : KernelFile.values()) {
      device.load(file);
    }
    return KernelFile.values().length;
  }

  /**
   * Some nodes of a plan as something to launch by itself. What it reads from earlier nodes is what
   * their memory holds then, which after a run may be results of later ones: times mean something,
   * values do not.
   *
   * @param plan of this timer's backend; must have run once, and outlive the section
   * @param from the first node
   * @param to the one after the last
   * @throws IllegalArgumentException if the plan is of another backend
   */
  public Section section(Plan plan, int from, int to) {
    if (plan instanceof CudaPlan own && own.device() == device) {
      return new Section(own.capture(from, to), own.steps(from, to));
    }
    throw new IllegalArgumentException("the plan is not of this cuda backend: " + plan.getClass());
  }

  /** The stream whose work is timed: where other libraries are to work. */
  public CUstream stream() {
    device.enter();
    return device.compute();
  }

  /**
   * What other libraries do as something to launch; none of it runs now.
   *
   * @param work gives work to {@link #stream} alone, and allocates nothing
   */
  public Section capture(Runnable work) {
    return new Section(CapturedProgram.of(device, stream -> work.run()), 0);
  }

  /**
   * Milliseconds that the device takes for work.
   *
   * @param work gives work to the device: launches sections, runs plans; must not wait for it if
   *     the host's time is not to count
   */
  public double millis(Runnable work) {
    device.enter();
    CUstream stream = device.compute();
    for (int i = 0; i < HOLDS; i++) {
      device.clear(scratch);
    }
    Cuda.check(JCudaDriver.cuEventRecord(begin, stream), "note the time");
    work.run();
    Cuda.check(JCudaDriver.cuEventRecord(end, stream), "note the time");
    Cuda.check(JCudaDriver.cuEventSynchronize(end), "finish");
    float[] millis = new float[1];
    Cuda.check(JCudaDriver.cuEventElapsedTime(millis, begin, end), "tell the time");
    return millis[0];
  }

  /** Gives the device a copy of {@code bytes} within its memory to do, a piece at a time. */
  public void copy(long bytes) {
    long half = scratch.bytes() / 2;
    for (long left = bytes; left > 0; left -= half) {
      Cuda.check(
          JCudaDriver.cuMemcpyDtoDAsync(
              scratch.at(half), scratch.at(0), Math.min(half, left), device.compute()),
          "copy");
    }
  }

  /**
   * The bytes that {@link #copy} moves at once: more than the L2 cache holds, so all come from
   * memory.
   */
  public long copyPiece() {
    return scratch.bytes() / 2;
  }

  /**
   * Gives the device chains of multiply-adds to do in registers, on all multiprocessors.
   *
   * @param precision fp32: by the units for that; others: by the tensor cores
   * @param rounds how long
   * @return the operations: two for each multiply-add
   */
  public double multiplyAdd(Precision precision, int rounds) {
    int blocks =
        (int)
            Math.min(
                (long) BLOCKS_PER_MULTIPROCESSOR * facts.multiprocessors(),
                scratch.bytes() / (Float.BYTES * Grid.THREADS));
    new Step.Launch(
            device.kernel(
                KernelFile.PROBES,
                precision == Precision.FP32 ? "fma_chains" : "mma_chains_" + precision.label()),
            Grid.blocks(blocks),
            List.of(rounds, 0.5f, Buffer.fixed(scratch.at(0), 0, scratch.bytes())))
        .enqueue(device.compute());
    return 2.0 * perThread(precision) * rounds * blocks * Grid.THREADS;
  }

  /** Multiply-adds of a round: a warp's products of tiles are shared by its 32 threads. */
  private static int perThread(Precision precision) {
    return switch (precision) {
      case FP32 -> CHAINS;
      case TF32 -> TENSOR_CHAINS * 16 * 8 * 8 / 32;
      case BF16 -> TENSOR_CHAINS * 16 * 8 * 16 / 32;
    };
  }

  private static DeviceFacts facts(Device device) {
    int[] version = new int[1];
    Cuda.check(JCudaDriver.cuDriverGetVersion(version), "tell its version");
    byte[] name = new byte[256];
    Cuda.check(JCudaDriver.cuDeviceGetName(name, name.length, device.handle()), "tell its name");
    long[] memory = new long[1];
    Cuda.check(JCudaDriver.cuDeviceTotalMem(memory, device.handle()), "tell its memory");
    String[] bus = new String[] {""};
    int known = JCudaDriver.cuDeviceGetPCIBusId(bus, 32, device.handle());
    int khz = attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE);
    return new DeviceFacts(
        text(name),
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
            + "."
            + attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
        device.multiprocessors(),
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE),
        memory[0],
        khz / 1000,
        version[0] / 1000 + "." + version[0] % 1000 / 10,
        known == CUresult.CUDA_SUCCESS ? Objects.toString(bus[0], "").strip() : "");
  }

  private static String text(byte[] bytes) {
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  /** An attribute of the device, 0 if the driver does not know it. */
  private static int attribute(Device device, int attribute) {
    int[] value = new int[1];
    int status = JCudaDriver.cuDeviceGetAttribute(value, attribute, device.handle());
    return status == CUresult.CUDA_SUCCESS ? value[0] : 0;
  }

  @Override
  public void close() {
    device.await();
    owned.close();
  }

  /** Nodes of a plan, ready to be launched. */
  public final class Section implements AutoCloseable {
    private final CapturedProgram captured;
    private final int steps;

    private Section(CapturedProgram captured, int steps) {
      this.captured = captured;
      this.steps = steps;
    }

    /** How many kernels, copies and fills it is made of; 0 = not known. */
    public int steps() {
      return steps;
    }

    /** Gives it to the device, and does not wait. */
    public void launch() {
      captured.launch(device.compute());
    }

    @Override
    public void close() {
      device.await();
      captured.close();
    }
  }
}
