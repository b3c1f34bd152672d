// The fp32 core of every product: a tile of C[rows, cols] = A[rows, inner] B[inner, cols], where A
// and B are given by operands that fetch single elements, so that a convolution multiplies patches
// that never exist in memory.
//
// 256 threads make a tile of 64 x 64 (4 x 4 results each) or 128 x 128 (8 x 8). Both operands go
// through shared memory in slices of kDepth = 1024 / side, fetched into registers while the slice
// before is multiplied. Per slice of a tile: 2 * 1024 elements fetched, 2 * side * side * kDepth
// operations, so 32 (64) operations per byte from L2: bound by the FMA units (67 TFLOP/s on an
// H100 SXM) where the operands' bytes fit, that is for inner extents above about 100.
//
// An operand has:
//   Outer outer(int i)        what is known of line i (a row of A, a column of B); may be beyond
//   Inner inner(int k)        what is known of inner index k
//   const float* find(Outer, Inner)   the element, or null for lines beyond and in padding: a zero
//   kInnerFast                whether neighbours in memory are neighbours in k, or else in i
#pragma once
#include "accrete.cuh"

constexpr int kFetch = 4;

// The offset of a line beyond the last. Offsets instead of pointers: registers are what is short.
constexpr int kNowhere = -1;

// One operand's way into shared memory: each thread fetches four elements of a slice.
template <int kSide, class Operand>
struct Fetch {
  static constexpr int kDepth = kFetch * kThreads / kSide;
  static constexpr int kPitch = kSide + 4;
  static constexpr int kStep = Operand::kInnerFast ? kThreads / kDepth : kThreads / kSide;
  static constexpr int kLines = Operand::kInnerFast ? kFetch : 1;

  const Operand& operand;
  int line;
  int depth;
  typename Operand::Outer outer[kLines];
  float values[kFetch];

  __device__ __forceinline__ Fetch(const Operand& from, int tile) : operand(from) {
    int t = threadIdx.x;
    line = Operand::kInnerFast ? t / kDepth : t % kSide;
    depth = Operand::kInnerFast ? t % kDepth : t / kSide;
#pragma unroll
    for (int i = 0; i < kLines; i++) outer[i] = operand.outer(tile * kSide + line + i * kStep);
  }

  __device__ __forceinline__ void load(int from, int to) {
    if constexpr (Operand::kInnerFast) {
      int k = from + depth;
      typename Operand::Inner inner = operand.inner(k);
#pragma unroll
      for (int i = 0; i < kFetch; i++) {
        const float* element = k < to ? operand.find(outer[i], inner) : nullptr;
        values[i] = element == nullptr ? 0.0f : *element;
      }
    } else {
#pragma unroll
      for (int i = 0; i < kFetch; i++) {
        int k = from + depth + i * kStep;
        const float* element = k < to ? operand.find(outer[0], operand.inner(k)) : nullptr;
        values[i] = element == nullptr ? 0.0f : *element;
      }
    }
  }

  __device__ __forceinline__ void store(float* slice) const {
#pragma unroll
    for (int i = 0; i < kFetch; i++) {
      int at = Operand::kInnerFast ? depth * kPitch + line + i * kStep
                                   : (depth + i * kStep) * kPitch + line;
      slice[at] = values[i];
    }
  }
};

// Where result i of thread t lies in a side of the tile: groups of four, so that a warp reads and
// writes whole lines.
__device__ __forceinline__ int spot(int t, int i) { return i / 4 * 64 + t * 4 + i % 4; }

// Multiplies inner indices [from, to) of one tile and hands each result to out(row, col, sum), also
// those beyond the matrix. All 256 threads of the block must take part. Elements are fetched one by
// one, so kVectorA and kVectorB, which mma.cuh needs, have no meaning here.
template <int kSide>
struct FmaCore {
  template <int kVectorA, int kVectorB, class A, class B, class Out>
  static __device__ __forceinline__ void multiply(const A& a, const B& b, int rowTile, int colTile,
                                                  int from, int to, const Out& out) {
    constexpr int kPer = kSide / 16;
    constexpr int kDepth = Fetch<kSide, A>::kDepth;
    constexpr int kPitch = Fetch<kSide, A>::kPitch;
    ACCRETE_SHARED(float, sliceA, kDepth * kPitch);
    ACCRETE_SHARED(float, sliceB, kDepth * kPitch);
    Fetch<kSide, A> fetchA(a, rowTile);
    Fetch<kSide, B> fetchB(b, colTile);
    int ty = threadIdx.x / 16;
    int tx = threadIdx.x % 16;
    float sums[kPer][kPer] = {};
    fetchA.load(from, to);
    fetchB.load(from, to);
    for (int k0 = from; k0 < to; k0 += kDepth) {
      fetchA.store(sliceA);
      fetchB.store(sliceB);
      __syncthreads();
      if (k0 + kDepth < to) {
        fetchA.load(k0 + kDepth, to);
        fetchB.load(k0 + kDepth, to);
      }
#pragma unroll
      for (int k = 0; k < kDepth; k++) {
        float left[kPer], right[kPer];
#pragma unroll
        for (int i = 0; i < kPer; i++) left[i] = sliceA[k * kPitch + spot(ty, i)];
#pragma unroll
        for (int j = 0; j < kPer; j++) right[j] = sliceB[k * kPitch + spot(tx, j)];
#pragma unroll
        for (int i = 0; i < kPer; i++) {
#pragma unroll
          for (int j = 0; j < kPer; j++) sums[i][j] += left[i] * right[j];
        }
      }
      __syncthreads();
    }
#pragma unroll
    for (int i = 0; i < kPer; i++) {
#pragma unroll
      for (int j = 0; j < kPer; j++) {
        out(rowTile * kSide + spot(ty, i), colTile * kSide + spot(tx, j), sums[i][j]);
      }
    }
  }
};

// A matrix in memory: line i starts at data + i * outerStride, its elements are innerStride apart.
template <bool kAlongInner>
struct Matrix {
  static constexpr bool kInnerFast = kAlongInner;
  struct Outer {
    int offset;
  };
  typedef int Inner;

  const float* data;
  int lines;
  int outerStride;
  int innerStride;

  __device__ __forceinline__ Outer outer(int i) const {
    return {i < lines ? i * outerStride : kNowhere};
  }
  __device__ __forceinline__ Inner inner(int k) const { return k * innerStride; }
  __device__ __forceinline__ const float* find(Outer o, Inner k) const {
    return o.offset == kNowhere ? nullptr : data + (o.offset + k);
  }
};
