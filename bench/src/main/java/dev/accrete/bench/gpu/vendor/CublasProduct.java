package dev.accrete.bench.gpu.vendor;

import static dev.accrete.bench.gpu.vendor.Product.ANY;
import static dev.accrete.bench.gpu.vendor.Product.F32;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.List;
import jcuda.driver.CUstream;

/** A product by cuBLAS. */
final class CublasProduct implements VendorCall {
  private final NativeLibrary library;
  private final Product p;
  private final Owned owned = new Owned();
  private final MemorySegment one = owned.arena().allocateFrom(JAVA_FLOAT, 1);
  private final MemorySegment zero = owned.arena().allocateFrom(JAVA_FLOAT, 0);
  private final MemorySegment handle;
  private final int version;

  CublasProduct(NativeLibrary library, Product product, CUstream stream) {
    this.library = library;
    this.p = product;
    try {
      DeviceFloats workspace = owned.add(new DeviceFloats(Product.WORKSPACE_BYTES / Float.BYTES));
      MemorySegment result = owned.arena().allocate(ADDRESS);
      call("cublasCreate_v2", result);
      MemorySegment created = result.get(ADDRESS, 0);
      owned.add(() -> call("cublasDestroy_v2", created));
      handle = created;
      call("cublasSetStream_v2", handle, NativeAddress.of(stream));
      // After the stream, which puts back the library's own: that cannot be captured in a graph.
      call("cublasSetWorkspace_v2", handle, workspace.address(), workspace.bytes());
      call("cublasGetVersion_v2", handle, result);
      version = result.get(JAVA_INT, 0);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void call(String function, Object... arguments) {
    library.call("cublasGetStatusString", function, arguments);
  }

  @Override
  public void enqueue(List<DeviceFloats> operands, List<DeviceFloats> results) {
    String gemm = "cublasGemmEx";
    long a = operands.get(0).address();
    long b = operands.get(1).address();
    long c = results.getFirst().address();
    int n = p.n();
    call(
        gemm, handle, p.opB(), p.opA(), n, p.m(), p.k(), one, b, F32, p.ldb(), a, F32, p.lda(),
        zero, c, F32, n, p.type(), ANY);
  }

  @Override
  public String description() {
    return library.file() + " " + version;
  }

  @Override
  public void close() {
    owned.close();
  }
}
