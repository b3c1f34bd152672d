// The tensor-core core of every product, beside the fp32 one of gemm.cuh and for the same operands:
// elements are rounded to TF32 or bf16 on their way into the tensor cores, sums are fp32.
//
// 256 threads, 8 warps, make a tile of 64 x 64 or 128 x 128, a warp 32 x 16 or 64 x 32 of it. Slices
// of 16 inner indices, as fp32, are copied into shared memory in the background, two slices ahead.
// Per slice of a tile: 2 * 16 * side elements copied, 2 * side * side * 16 operations, so 16 (32)
// operations per byte from L2. To be bound by an H100's tensor cores (495 TFLOP/s TF32, 990 bf16 by its
// data sheet) large tiles would need 15 (31) TB/s from L2, more than it has: bound by L2, for as long
// as activations are kept in fp32. Not measured.
//
// A slice lies in shared memory as its operand does outside: 16 inner indices of a line together, or
// the lines of an inner index, their order changed so that the threads of a warp read from different
// banks. Thread t of four takes the inner indices 4t .. 4t + 3 of a line, whatever the instruction
// calls them: a and b agree, and a sum has no order in exact arithmetic.
#pragma once
#include "gemm.cuh"

constexpr int kMmaDepth = 16;
constexpr int kMmaSlices = 3;
constexpr int kWarpRows = 2;
constexpr int kWarpColumns = 4;

struct Tf32 {
  static constexpr int kWords = 4;

  static __device__ __forceinline__ void round(const float4& v, unsigned (&words)[kWords]) {
    words[0] = to_tf32(v.x);
    words[1] = to_tf32(v.y);
    words[2] = to_tf32(v.z);
    words[3] = to_tf32(v.w);
  }
  static __device__ __forceinline__ void multiply(float (&sums)[4], unsigned a0, unsigned a1,
                                                  unsigned a2, unsigned a3, unsigned b0,
                                                  unsigned b1) {
    mma_tf32(sums, a0, a1, a2, a3, b0, b1);
  }
};

struct Bf16 {
  static constexpr int kWords = 2;

  static __device__ __forceinline__ void round(const float4& v, unsigned (&words)[kWords]) {
    words[0] = to_bf16_pair(v.x, v.y);
    words[1] = to_bf16_pair(v.z, v.w);
  }
  static __device__ __forceinline__ void multiply(float (&sums)[4], unsigned a0, unsigned a1,
                                                  unsigned a2, unsigned a3, unsigned b0,
                                                  unsigned b1) {
    mma_bf16(sums, a0, a1, a2, a3, b0, b1);
  }
};

// One operand's way through shared memory. kVector: how many neighbours are copied at once; four need
// aligned lines and extents that are multiples of four.
template <int kSide, class Operand, int kVector>
struct Slices {
  static constexpr int kSize = kSide * kMmaDepth;
  static constexpr int kAcross = (Operand::kInnerFast ? kMmaDepth : kSide) / kVector;
  static constexpr int kStep = kThreads / kAcross;
  static constexpr int kCopies = kSize / kVector / kThreads;
  static constexpr int kLines = Operand::kInnerFast ? kCopies : 1;

  const Operand& operand;
  float* shared;
  int line;
  int depth;
  typename Operand::Outer outer[kLines];

  __device__ __forceinline__ Slices(const Operand& from, int tile, float* to)
      : operand(from), shared(to) {
    int across = threadIdx.x % kAcross * kVector;
    int along = threadIdx.x / kAcross;
    line = Operand::kInnerFast ? along : across;
    depth = Operand::kInnerFast ? across : along;
#pragma unroll
    for (int i = 0; i < kLines; i++) outer[i] = operand.outer(tile * kSide + line + i * kStep);
  }

  static __device__ __forceinline__ void copy(float* to, const float* from) {
    if constexpr (kVector == 4) {
      copy_async_4(to, from);
    } else {
      copy_async_1(to, from);
    }
  }

  // Starts to copy inner indices from .. to - 1, at most 16 of them, into slice number `slice`.
  __device__ __forceinline__ void fetch(int slice, int from, int to) {
    float* start = shared + slice * kSize;
    if constexpr (Operand::kInnerFast) {
      int k = from + depth;
      typename Operand::Inner inner = operand.inner(k);
#pragma unroll
      for (int i = 0; i < kCopies; i++) {
        copy(start + (line + i * kStep) * kMmaDepth + depth,
             k < to ? operand.find(outer[i], inner) : nullptr);
      }
    } else {
#pragma unroll
      for (int i = 0; i < kCopies; i++) {
        int d = depth + i * kStep;
        int k = from + d;
        copy(start + d * kSide + (line ^ d / 4 * 8),
             k < to ? operand.find(outer[0], operand.inner(k)) : nullptr);
      }
    }
  }

  // Inner indices 4t .. 4t + 3 of a line of the tile.
  __device__ __forceinline__ float4 read(int slice, int ofTile, int t) const {
    const float* start = shared + slice * kSize;
    if constexpr (Operand::kInnerFast) {
      return *reinterpret_cast<const float4*>(start + ofTile * kMmaDepth + 4 * t);
    } else {
      const float* at = start + 4 * t * kSide + (ofTile ^ t * 8);
      return make_float4(at[0], at[kSide], at[2 * kSide], at[3 * kSide]);
    }
  }
};

template <int kSide, class Rounding>
struct TensorCore {
  static constexpr int kRows = kSide / kWarpRows;
  static constexpr int kColumns = kSide / kWarpColumns;
  static constexpr int kDown = kRows / 16;
  static constexpr int kAcross = kColumns / 8;
  static constexpr int kWords = Rounding::kWords;

  // As FmaCore::multiply; kVectorA and kVectorB say how many neighbours of an operand may be copied
  // at once.
  template <int kVectorA, int kVectorB, class A, class B, class Out>
  static __device__ __forceinline__ void multiply(const A& a, const B& b, int rowTile, int colTile,
                                                  int from, int to, const Out& out) {
    ACCRETE_SHARED(float4, sharedA, kMmaSlices * kSide * kMmaDepth / 4);
    ACCRETE_SHARED(float4, sharedB, kMmaSlices * kSide * kMmaDepth / 4);
    Slices<kSide, A, kVectorA> slicesA(a, rowTile, reinterpret_cast<float*>(sharedA));
    Slices<kSide, B, kVectorB> slicesB(b, colTile, reinterpret_cast<float*>(sharedB));
    int warp = threadIdx.x / kWarp;
    int g = threadIdx.x % kWarp / 4;
    int t = threadIdx.x % 4;
    int row = warp / kWarpColumns * kRows + g;
    int col = warp % kWarpColumns * kColumns + g;
    float sums[kDown][kAcross][4] = {};
#pragma unroll
    for (int s = 0; s < kMmaSlices - 1; s++) {
      slicesA.fetch(s, from + s * kMmaDepth, to);
      slicesB.fetch(s, from + s * kMmaDepth, to);
      commit_copies();
    }
    int full = 0;
    int empty = kMmaSlices - 1;
    for (int k0 = from; k0 < to; k0 += kMmaDepth) {
      await_copies<kMmaSlices - 2>();
      __syncthreads();
      slicesA.fetch(empty, k0 + (kMmaSlices - 1) * kMmaDepth, to);
      slicesB.fetch(empty, k0 + (kMmaSlices - 1) * kMmaDepth, to);
      commit_copies();
      unsigned right[kAcross][kWords];
#pragma unroll
      for (int j = 0; j < kAcross; j++) Rounding::round(slicesB.read(full, col + j * 8, t), right[j]);
#pragma unroll
      for (int i = 0; i < kDown; i++) {
        unsigned upper[kWords], lower[kWords];
        Rounding::round(slicesA.read(full, row + i * 16, t), upper);
        Rounding::round(slicesA.read(full, row + i * 16 + 8, t), lower);
#pragma unroll
        for (int j = 0; j < kAcross; j++) {
#pragma unroll
          for (int w = 0; w < kWords; w += 2) {
            Rounding::multiply(sums[i][j], upper[w], lower[w], upper[w + 1], lower[w + 1],
                               right[j][w], right[j][w + 1]);
          }
        }
      }
      empty = full;
      full = full + 1 == kMmaSlices ? 0 : full + 1;
    }
    // What is still under way are zeros, but no copy may end in the memory of the next block.
    await_copies<0>();
    int firstRow = rowTile * kSide + row;
    int firstCol = colTile * kSide + warp % kWarpColumns * kColumns + 2 * t;
#pragma unroll
    for (int i = 0; i < kDown; i++) {
#pragma unroll
      for (int j = 0; j < kAcross; j++) {
#pragma unroll
        for (int s = 0; s < 4; s++) {
          out(firstRow + i * 16 + s / 2 * 8, firstCol + j * 8 + s % 2, sums[i][j][s]);
        }
      }
    }
  }
};
