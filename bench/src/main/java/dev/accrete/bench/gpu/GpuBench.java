package dev.accrete.bench.gpu;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Precision;
import dev.accrete.kernels.cuda.CoreChoice;
import dev.accrete.kernels.cuda.DeviceTimer;

/**
 * The device under test, its clock, and the oracle.
 *
 * @param backend the CUDA backend
 * @param timer times what it does
 * @param reference what results are compared with
 * @param precision what the check rounds factors to before the reference multiplies them; fp32
 *     where cases bring factors that are kept as they are
 */
record GpuBench(Backend backend, DeviceTimer timer, Backend reference, Precision precision)
    implements AutoCloseable {
  /** The compute capability that Hopper's kernels need. */
  private static final String HOPPER = "9.0";

  /**
   * Opens the device that {@code ACCRETE_CUDA} names.
   *
   * @param precision to which products may be rounded
   * @throws AccreteException if there is none
   */
  static GpuBench open(Precision precision) {
    Backend backend = Backends.create("cuda", BackendOptions.defaults().withPrecision(precision));
    DeviceTimer timer =
        DeviceTimer.of(backend)
            .orElseThrow(() -> new AccreteException(backend.name() + " has no device to time"));
    return new GpuBench(
        backend, timer, Backends.create("reference", BackendOptions.defaults()), Precision.FP32);
  }

  /** Whether the device can run every kind of kernels for products. */
  boolean everyCore() {
    return timer.facts().capability().equals(HOPPER);
  }

  /**
   * The same device with other kernels for products, portable ones where it lacks those. Not to be
   * closed.
   */
  GpuBench choosing(Precision other, CoreChoice core) {
    CoreChoice possible = everyCore() ? core : CoreChoice.PORTABLE;
    return new GpuBench(timer.choosing(other, possible), timer, reference, other);
  }

  @Override
  public void close() {
    timer.close();
    backend.close();
    reference.close();
  }
}
