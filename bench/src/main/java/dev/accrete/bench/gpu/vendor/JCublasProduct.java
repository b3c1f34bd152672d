package dev.accrete.bench.gpu.vendor;

import static dev.accrete.bench.gpu.vendor.Product.ANY;
import static dev.accrete.bench.gpu.vendor.Product.F32;

import dev.accrete.core.AccreteException;
import java.util.List;
import java.util.Locale;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.runtime.cudaStream_t;

/**
 * A product by JCublas. To be made only once the library that it binds is loaded: a failure to load
 * cannot be mended in the same process.
 */
final class JCublasProduct implements VendorCall {
  private final Product p;
  private final Owned owned = new Owned();
  private final cublasHandle handle = new cublasHandle();
  private final Pointer one = Pointer.to(new float[] {1});
  private final Pointer zero = Pointer.to(new float[] {0});
  private final int version;

  JCublasProduct(Product product, CUstream stream) {
    this.p = product;
    try {
      DeviceFloats space = owned.add(new DeviceFloats(Product.WORKSPACE_BYTES / Float.BYTES));
      check("cublasCreate", JCublas2.cublasCreate(handle));
      owned.add(() -> check("cublasDestroy", JCublas2.cublasDestroy(handle)));
      check("cublasSetStream", JCublas2.cublasSetStream(handle, new cudaStream_t(stream)));
      int status = JCublas2.cublasSetWorkspace(handle, space.pointer(), space.bytes());
      check("cublasSetWorkspace", status);
      int[] number = new int[1];
      check("cublasGetVersion", JCublas2.cublasGetVersion(handle, number));
      version = number[0];
    } catch (LinkageError e) {
      close();
      throw new AccreteException("jcublas: its native library does not load: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static void check(String function, int status) {
    if (status != 0) {
      String text = JCublas2.cublasGetStatusString(status);
      throw new AccreteException(
          String.format(
              Locale.ROOT, "%s of JCublas failed with status %d (%s)", function, status, text));
    }
  }

  @Override
  public void enqueue(List<DeviceFloats> operands, List<DeviceFloats> results) {
    Pointer a = operands.get(0).pointer();
    Pointer b = operands.get(1).pointer();
    Pointer c = results.getFirst().pointer();
    int n = p.n();
    // The function without _new takes a data type in the place of the compute type.
    int status =
        JCublas2.cublasGemmEx_new(
            handle, p.opB(), p.opA(), n, p.m(), p.k(), one, b, F32, p.ldb(), a, F32, p.lda(), zero,
            c, F32, n, p.type(), ANY);
    check("cublasGemmEx", status);
  }

  @Override
  public String description() {
    return "JCublas, libcublas.so.12 " + version;
  }

  @Override
  public void close() {
    owned.close();
  }
}
