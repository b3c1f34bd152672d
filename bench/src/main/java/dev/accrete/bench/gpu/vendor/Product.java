package dev.accrete.bench.gpu.vendor;

import dev.accrete.core.Precision;
import dev.accrete.core.Shape;
import dev.accrete.core.op.MatMul;
import dev.accrete.kernels.spec.OpSpec;

/**
 * A product of matrices whose rows lie in memory one after the other, as arguments of {@code
 * cublasGemmEx}. For cuBLAS columns do, so what it finds in A's memory is A transposed: it is asked
 * for B' A' = C'. Numbers are those of {@code cublas_api.h}.
 *
 * @param opB whether B is transposed, {@code cublasOperation_t}
 * @param opA the same of A
 * @param n columns of C
 * @param m rows of C
 * @param k terms of each sum
 * @param ldb numbers from row to row of B in memory
 * @param lda the same of A
 * @param type {@code cublasComputeType_t}: sums in fp32, factors rounded on their way in
 */
record Product(int opB, int opA, int n, int m, int k, int ldb, int lda, int type) {
  /** Numbers of 32 bits, as {@code cudaDataType} has them. */
  static final int F32 = 0;

  /** Lets the library choose its kernel. */
  static final int ANY = -1;

  /** What NVIDIA's documentation recommends for Hopper; others need less. */
  static final int WORKSPACE_BYTES = 32 << 20;

  static Product of(OpSpec.Case spec, Precision precision) {
    MatMul op = (MatMul) spec.op();
    Shape a = spec.inputTypes().get(0).shape();
    Shape b = spec.inputTypes().get(1).shape();
    Shape c = spec.resultTypes().getFirst().shape();
    return new Product(
        op.transposeB() ? 1 : 0,
        op.transposeA() ? 1 : 0,
        c.dim(1),
        c.dim(0),
        a.dim(op.transposeA() ? 0 : 1),
        b.dim(1),
        a.dim(1),
        switch (precision) {
          case FP32 -> 68;
          case TF32 -> 77;
          case BF16 -> 75;
        });
  }
}
