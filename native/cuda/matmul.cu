// Products of matrices, and with them the convolutions with 1 x 1 filters.
#include "gemm.cuh"

// y[rows, cols] (+ a slab for each part of the inner extent) of a and b in any orientation: element
// (i, k) of a lies at i * aOuter + k * aInner, element (k, j) of b at j * bOuter + k * bInner.
// Grid (row tiles, column tiles, parts of splitLength inner indices). Bytes: 4 (rows * inner + inner
// * cols + parts * rows * cols); operations: 2 rows * cols * inner.
template <int kSide, bool kAInner, bool kBInner>
__device__ __forceinline__ void product(int rows, int cols, int inner, int splitLength,
                                               int aOuter, int aInner, int bOuter, int bInner,
                                               const float* a, const float* b, float* y) {
  Matrix<kAInner> left = {a, rows, aOuter, aInner};
  Matrix<kBInner> right = {b, cols, bOuter, bInner};
  int from = blockIdx.z * splitLength;
  int to = min(inner, from + splitLength);
  float* slab = y + (size_t)blockIdx.z * rows * cols;
  multiply_tile<kSide>(left, right, blockIdx.x, blockIdx.y, from, to,
                       [=](int row, int col, float sum) {
                         if (row < rows && col < cols) slab[(size_t)row * cols + col] = sum;
                       });
}

#define ACCRETE_MATMUL(name, side, aInnerFast, bInnerFast)                                      \
  extern "C" __global__ void __launch_bounds__(kThreads, 2)                                     \
  name(int rows, int cols, int inner, int splitLength, int aOuter, int aInner, int bOuter,      \
       int bInner, const float* __restrict__ a, const float* __restrict__ b,                    \
       float* __restrict__ y) {                                                                 \
    product<side, aInnerFast, bInnerFast>(rows, cols, inner, splitLength, aOuter, aInner,       \
                                          bOuter, bInner, a, b, y);                             \
  }                                                                                             \
  ACCRETE_EXPORT(name)

// Named by what lies along memory in a and b: the inner index (i) or the outer one (o).
ACCRETE_MATMUL(matmul_ii_64, 64, true, true)
ACCRETE_MATMUL(matmul_io_64, 64, true, false)
ACCRETE_MATMUL(matmul_oi_64, 64, false, true)
ACCRETE_MATMUL(matmul_oo_64, 64, false, false)
ACCRETE_MATMUL(matmul_ii_128, 128, true, true)
ACCRETE_MATMUL(matmul_io_128, 128, true, false)
ACCRETE_MATMUL(matmul_oi_128, 128, false, true)
ACCRETE_MATMUL(matmul_oo_128, 128, false, false)
