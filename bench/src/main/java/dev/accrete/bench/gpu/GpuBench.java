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
 * @param precision to which the backend's products round
 */
record GpuBench(Backend backend, DeviceTimer timer, Backend reference, Precision precision)
    implements AutoCloseable {
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
    Backend reference = Backends.create("reference", BackendOptions.defaults());
    return new GpuBench(backend, timer, reference, precision);
  }

  /**
   * The same device with other kernels for products, portable ones where it lacks those. Not to be
   * closed.
   */
  GpuBench choosing(CoreChoice core) {
    CoreChoice possible = timer.facts().runsHopperCore() ? core : CoreChoice.PORTABLE;
    return new GpuBench(timer.choosing(precision, possible), timer, reference, precision);
  }

  @Override
  public void close() {
    timer.close();
    backend.close();
    reference.close();
  }
}
