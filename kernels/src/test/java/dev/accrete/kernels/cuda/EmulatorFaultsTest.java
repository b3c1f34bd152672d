package dev.accrete.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.kernels.EmulatedCuda;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The emulator finds what it is there to find; otherwise the other tests would say little. */
class EmulatorFaultsTest {
  private static final int THREADS = 256;

  private Backend backend;
  private final CUmodule module = new CUmodule();
  private final CUdeviceptr y = new CUdeviceptr();

  @BeforeEach
  void load() throws IOException {
    backend = Emulator.open();
    byte[] image = Files.readAllBytes(EmulatedCuda.folder().orElseThrow().resolve("faults.so"));
    Cuda.check(JCudaDriver.cuModuleLoadData(module, image), "load");
    Cuda.check(JCudaDriver.cuMemAlloc(y, (long) Float.BYTES * THREADS), "allocate");
  }

  @AfterEach
  void close() {
    if (backend != null) {
      Emulator.configure(Emulator.Order.FORWARD, false);
      Cuda.check(JCudaDriver.cuMemFree(y), "free");
      Cuda.check(JCudaDriver.cuModuleUnload(module), "unload");
      backend.close();
    }
  }

  private float[] run(String kernel, Emulator.Order order) {
    Emulator.configure(order, false);
    CUfunction function = new CUfunction();
    Cuda.check(JCudaDriver.cuModuleGetFunction(function, module, kernel), "find");
    Cuda.check(
        JCudaDriver.cuLaunchKernel(
            function,
            1,
            1,
            1,
            THREADS,
            1,
            1,
            0,
            new jcuda.driver.CUstream(),
            Pointer.to(Pointer.to(y)),
            new Pointer()),
        "launch " + kernel);
    float[] values = new float[THREADS];
    long bytes = (long) Float.BYTES * THREADS;
    Cuda.check(JCudaDriver.cuMemcpyDtoH(Pointer.to(values), y, bytes), "copy");
    return values;
  }

  @Test
  void aMissingBarrierShows() {
    List<float[]> results = new ArrayList<>();
    for (Emulator.Order order : Emulator.Order.values()) {
      results.add(run("missing_barrier", order));
      assertThat(run("with_barrier", order)).startsWith(255, 254, 253).endsWith(1, 0);
    }
    // Half of the threads come before the one they wait for, and find poison.
    assertThat(results.get(0)[0]).isNaN();
    assertThat(results.get(0)[THREADS - 1]).isZero();
    assertThat(results.get(1)[THREADS - 1]).isNaN();
    assertThat(results.get(2)).isNotEqualTo(results.get(0)).isNotEqualTo(results.get(1));
  }

  @Test
  void aDeadlockIsAnErrorAndSpoilsTheContext() {
    assertThatThrownBy(() -> run("diverging", Emulator.Order.FORWARD))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("kernel diverging: deadlock: of 256 threads 128 wait");
    Device device = Device.open(0, EmulatedCuda.folder());
    assertThatThrownBy(device::await)
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED")
        .hasMessageContaining("start it again");
    Emulator.configure(Emulator.Order.FORWARD, false);
    device.close();
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> run("unheard_of", Emulator.Order.FORWARD))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("CUDA_ERROR_NOT_FOUND");
  }
}
