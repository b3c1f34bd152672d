// Products of matrices on Hopper's tensor cores, beside those of matmul.cu and to the same results but
// for the order of sums. Compiled for 9.0a; on anything else a launch is an error.
#include "hopper.cuh"

// As product of matmul.cu: y[rows, cols] (+ a slab for each part of the inner extent). splitLength is a
// multiple of 32. Bytes: 4 (rows * inner + inner * cols + parts * rows * cols); operations: 2 rows * cols
// * inner. hopper.cuh tells the limits.
template <class Core, bool kAInner, bool kBInner>
__device__ __forceinline__ void product(int rows, int cols, int inner, int splitLength,
                                        const TensorMap& a, const TensorMap& b, float* y) {
#ifdef ACCRETE_HOPPER
  MappedMatrix<kAInner> left = {a};
  MappedMatrix<kBInner> right = {b};
  int from = blockIdx.z * splitLength;
  int to = min(inner, from + splitLength);
  float* slab = y + (size_t)blockIdx.z * rows * cols;
  Core::template multiply<4, 4>(left, right, blockIdx.x, blockIdx.y, from, to,
                                [=](int row, int col, float sum) {
                                  if (row < rows && col < cols) {
                                    slab[(size_t)row * cols + col] = sum;
                                  }
                                });
#else
  __trap();
#endif
}

#define ACCRETE_MATMUL(name, aInnerFast, bInnerFast, resident, ...)                             \
  extern "C" __global__ void __launch_bounds__(kThreads, resident)                              \
  name(int rows, int cols, int inner, int splitLength, const __grid_constant__ TensorMap a,     \
       const __grid_constant__ TensorMap b, float* __restrict__ y) {                            \
    product<__VA_ARGS__, aInnerFast, bInnerFast>(rows, cols, inner, splitLength, a, b, y);      \
  }                                                                                             \
  ACCRETE_EXPORT(name)

// Named by what lies along memory in a and b: the inner index (i) or the outer one (o).
#define ACCRETE_ORIENTATIONS(suffix, resident, ...)                         \
  ACCRETE_MATMUL(hopper_ii_##suffix, true, true, resident, __VA_ARGS__)     \
  ACCRETE_MATMUL(hopper_io_##suffix, true, false, resident, __VA_ARGS__)    \
  ACCRETE_MATMUL(hopper_oi_##suffix, false, true, resident, __VA_ARGS__)    \
  ACCRETE_MATMUL(hopper_oo_##suffix, false, false, resident, __VA_ARGS__)

// Stages are as many as let a multiprocessor (228 KiB of shared memory) hold two blocks: while one
// waits or writes, the other multiplies. TF32 with 128 columns needs too much for that, and takes four.
ACCRETE_ORIENTATIONS(64_tf32, 2, HopperCore<64, 2, HopperTf32>)
ACCRETE_ORIENTATIONS(128_tf32, 1, HopperCore<128, 4, HopperTf32>)
ACCRETE_ORIENTATIONS(64_bf16, 2, HopperCore<64, 3, HopperBf16>)
ACCRETE_ORIENTATIONS(128_bf16, 2, HopperCore<128, 2, HopperBf16>)
