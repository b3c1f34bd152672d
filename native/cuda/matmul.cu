// Products of matrices, and with them the convolutions with 1 x 1 filters.
#include "mma.cuh"

// y[rows, cols] (+ a slab for each part of the inner extent) of a and b in any orientation: element
// (i, k) of a lies at i * aOuter + k * aInner, element (k, j) of b at j * bOuter + k * bInner.
// Grid (row tiles, column tiles, parts of splitLength inner indices). Bytes: 4 (rows * inner + inner
// * cols + parts * rows * cols); operations: 2 rows * cols * inner.
template <class Core, bool kAInner, bool kBInner>
__device__ __forceinline__ void product(int rows, int cols, int inner, int splitLength,
                                               int aOuter, int aInner, int bOuter, int bInner,
                                               const float* a, const float* b, float* y) {
  Matrix<kAInner> left = {a, rows, aOuter, aInner};
  Matrix<kBInner> right = {b, cols, bOuter, bInner};
  int from = blockIdx.z * splitLength;
  int to = min(inner, from + splitLength);
  float* slab = y + (size_t)blockIdx.z * rows * cols;
  Core::template multiply<4, 4>(left, right, blockIdx.x, blockIdx.y, from, to,
                                [=](int row, int col, float sum) {
                                  if (row < rows && col < cols) {
                                    slab[(size_t)row * cols + col] = sum;
                                  }
                                });
}

#define ACCRETE_MATMUL(name, aInnerFast, bInnerFast, ...)                                       \
  extern "C" __global__ void __launch_bounds__(kThreads, 2)                                     \
  name(int rows, int cols, int inner, int splitLength, int aOuter, int aInner, int bOuter,      \
       int bInner, const float* __restrict__ a, const float* __restrict__ b,                    \
       float* __restrict__ y) {                                                                 \
    product<__VA_ARGS__, aInnerFast, bInnerFast>(rows, cols, inner, splitLength, aOuter, aInner, \
                                                 bOuter, bInner, a, b, y);                      \
  }                                                                                             \
  ACCRETE_EXPORT(name)

// Named by what lies along memory in a and b: the inner index (i) or the outer one (o).
#define ACCRETE_ORIENTATIONS(suffix, ...)                           \
  ACCRETE_MATMUL(matmul_ii_##suffix, true, true, __VA_ARGS__)   \
  ACCRETE_MATMUL(matmul_io_##suffix, true, false, __VA_ARGS__)  \
  ACCRETE_MATMUL(matmul_oi_##suffix, false, true, __VA_ARGS__)  \
  ACCRETE_MATMUL(matmul_oo_##suffix, false, false, __VA_ARGS__)

ACCRETE_ORIENTATIONS(64, FmaCore<64>)
ACCRETE_ORIENTATIONS(128, FmaCore<128>)

// For operands of 16-byte aligned lines: what lies along memory is a multiple of four.
ACCRETE_ORIENTATIONS(64_tf32, TensorCore<64, Tf32>)
ACCRETE_ORIENTATIONS(128_tf32, TensorCore<128, Tf32>)
ACCRETE_ORIENTATIONS(64_bf16, TensorCore<64, Bf16>)
ACCRETE_ORIENTATIONS(128_bf16, TensorCore<128, Bf16>)
