package dev.accrete.kernels.cuda;

import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** One thing the device does in a run. */
sealed interface Step {
  /** The memory it reads or writes. */
  List<Buffer> buffers();

  /** Gives it to a stream; buffers must be placed. */
  void enqueue(CUstream stream);

  /**
   * A launch of a kernel.
   *
   * @param arguments {@link Buffer}s for pointers, {@link TensorMap}s, {@link Integer}s, {@link
   *     Float}s, and {@code int[]} for structs, in the kernel's order; others than the kernel takes
   *     are an {@link IllegalStateException}
   */
  record Launch(Device.Kernel kernel, Grid grid, List<Object> arguments) implements Step {
    public Launch {
      arguments = List.copyOf(arguments);
      kernel.signature().check(arguments);
    }

    @Override
    public List<Buffer> buffers() {
      List<Buffer> buffers = new ArrayList<>();
      for (Object argument : arguments) {
        if (argument instanceof Buffer buffer) {
          buffers.add(buffer);
        } else if (argument instanceof TensorMap map) {
          buffers.add(map.buffer());
        }
      }
      return buffers;
    }

    @Override
    public void enqueue(CUstream stream) {
      List<Pointer> pointers = new ArrayList<>();
      for (Object argument : arguments) {
        pointers.add(
            switch (argument) {
              case Buffer buffer -> Pointer.to(buffer.pointer());
              case TensorMap map -> Pointer.to(map.encode());
              case Integer number -> Pointer.to(new int[] {number});
              case Float number -> Pointer.to(new float[] {number});
              case int[] struct -> Pointer.to(struct);
              default -> throw new IllegalStateException("cannot pass " + argument.getClass());
            });
      }
      Cuda.check(
          JCudaDriver.cuLaunchKernel(
              kernel.function(),
              grid.x(),
              grid.y(),
              grid.z(),
              grid.blockX(),
              grid.blockY(),
              1,
              grid.sharedBytes(),
              stream,
              Pointer.to(pointers.toArray(Pointer[]::new)),
              new Pointer()),
          "launch " + kernel.name());
    }
  }

  /** A copy within the device. */
  record Copy(Buffer to, Buffer from, long bytes) implements Step {
    @Override
    public List<Buffer> buffers() {
      return List.of(to, from);
    }

    @Override
    public void enqueue(CUstream stream) {
      Cuda.check(
          JCudaDriver.cuMemcpyDtoDAsync(to.pointer(), from.pointer(), bytes, stream), "copy");
    }
  }

  /** The same 32 bits over and over. */
  record Fill(Buffer to, int bits, long count) implements Step {
    @Override
    public List<Buffer> buffers() {
      return List.of(to);
    }

    @Override
    public void enqueue(CUstream stream) {
      Cuda.check(JCudaDriver.cuMemsetD32Async(to.pointer(), bits, count, stream), "fill memory");
    }
  }
}
