package dev.accrete.kernels.cuda;

import dev.accrete.core.AccreteException;
import dev.accrete.core.MemoryException;
import java.util.Locale;
import java.util.Optional;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** What the driver's status numbers mean to a user. */
final class Cuda {
  private static final long MIB = 1L << 20;

  private Cuda() {}

  /**
   * Does nothing if a call went well.
   *
   * @param doing what was being done, as in "cannot {doing}"
   * @throws AccreteException otherwise
   */
  static void check(int status, String doing) {
    if (status != CUresult.CUDA_SUCCESS) {
      throw new AccreteException("the GPU cannot " + doing + ": " + explain(status));
    }
  }

  private static String explain(int status) {
    String[] text = new String[1];
    int known = JCudaDriver.cuGetErrorString(status, text);
    String detail = known == CUresult.CUDA_SUCCESS ? Optional.ofNullable(text[0]).orElse("") : "";
    String name = CUresult.stringFor(status);
    String remedy =
        switch (status) {
          case CUresult.CUDA_ERROR_OUT_OF_MEMORY ->
              "; use a smaller mini-batch or image size, or another device with "
                  + CudaRequest.VARIABLE;
          case CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU,
              CUresult.CUDA_ERROR_INVALID_PTX,
              CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION ->
              "; the kernels in this build do not fit this GPU and driver: update the driver, or"
                  + " build them with native/build";
          case CUresult.CUDA_ERROR_LAUNCH_FAILED, CUresult.CUDA_ERROR_ILLEGAL_ADDRESS ->
              "; what this process computed on the GPU is lost, start it again";
          default -> "";
        };
    return name + (detail.isEmpty() || detail.equals(name) ? "" : " (" + detail + ")") + remedy;
  }

  /** The error for memory that is not there. */
  static MemoryException outOfMemory(String what, long bytes, long free, long total) {
    return new MemoryException(
        String.format(
            Locale.ROOT,
            "%s need %,d MiB on the GPU, which has %,d of %,d MiB free; use a smaller mini-batch,"
                + " image size or model, or another device with %s",
            what,
            Math.ceilDiv(bytes, MIB),
            free / MIB,
            total / MIB,
            CudaRequest.VARIABLE));
  }
}
