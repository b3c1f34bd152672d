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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    return run(kernel, order, Pointer.to(y));
  }

  private float[] run(String kernel, Emulator.Order order, Pointer... arguments) {
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
            Pointer.to(arguments),
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

  @ParameterizedTest
  @EnumSource(Emulator.Order.class)
  void stepsThatAProductOfWarpgroupsLacksShow(Emulator.Order order) {
    assertThat(run("wgmma_complete", order)).containsOnly(8);
    if (order == Emulator.Order.REVERSE) {
      // Products are computed at once then: the first threads find poison where others will write.
      assertThat(run("wgmma_without_barrier", order)).contains(Float.NaN);
    }
    fails("wgmma_without_proxy_fence", order, "wrote without fence.proxy.async");
    fails("wgmma_without_fence", order, "without a wgmma.fence before it");
    fails("wgmma_without_await", order, "returns without awaiting its products");
  }

  private void fails(String kernel, Emulator.Order order, String why, Pointer... arguments) {
    Pointer[] all = arguments.length == 0 ? new Pointer[] {Pointer.to(y)} : arguments;
    assertThatThrownBy(() -> run(kernel, order, all))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("kernel " + kernel)
        .hasMessageContaining(why);
    Emulator.configure(Emulator.Order.FORWARD, false);
  }

  /** 12 lines of 20 elements that count from 0, of which 16 are the matrix. */
  private TensorMap counted(CUdeviceptr memory, int pitch, boolean swizzled) {
    TensorMapEncoder encoder = new TensorMapEncoder(DriverProbe.library(EmulatedCuda.folder()));
    return new TensorMap(encoder, Buffer.fixed(memory, 0, 960), 16, 12, pitch, 32, 8, swizzled);
  }

  @Test
  void tilesAreCopiedSwizzledAndPaddedAndStepsThatLackShow() {
    CUdeviceptr memory = new CUdeviceptr();
    Cuda.check(JCudaDriver.cuMemAlloc(memory, 960), "allocate");
    float[] numbers = new float[240];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    Cuda.check(JCudaDriver.cuMemcpyHtoD(memory, Pointer.to(numbers), 960), "copy");
    Pointer[] plain = arguments(counted(memory, 20, false));
    Pointer[] swizzled = arguments(counted(memory, 20, true));
    for (Emulator.Order order : Emulator.Order.values()) {
      float[] box = run("box_complete", order, plain);
      float[] moved = run("box_complete", order, swizzled);
      for (int i = 0; i < THREADS; i++) {
        int line = i / 32;
        int column = i % 32;
        boolean inside = column + 12 < 16 && line + 6 < 12;
        float expected = inside ? (line + 6) * 20 + column + 12 : 0;
        assertThat(box[i]).isEqualTo(expected);
        // Chunk c of line l of 128 bytes lies where chunk c ^ l would.
        assertThat(moved[line * 32 + ((column / 4) ^ line) * 4 + column % 4]).isEqualTo(expected);
      }
      assertThat(run("box_without_wait", order, plain)).contains(Float.NaN);
      fails("box_without_promise", order, "256 for copies of tiles", plain);
    }
    assertThatThrownBy(() -> counted(memory, 18, false).encode())
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("CUDA_ERROR_INVALID_VALUE");
    Cuda.check(JCudaDriver.cuMemFree(memory), "free");
  }

  private Pointer[] arguments(TensorMap map) {
    return new Pointer[] {Pointer.to(map.encode()), Pointer.to(new int[] {12}), Pointer.to(y)};
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> run("unheard_of", Emulator.Order.FORWARD))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("CUDA_ERROR_NOT_FOUND");
  }
}
