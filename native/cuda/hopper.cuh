// The core of every product for Hopper (compute capability 9.0), beside the portable one of mma.cuh:
// the same rounding, the same sums in fp32, the same way to hand out results. Operands are matrices
// that the tensor memory accelerator copies: lines or what lies across them 16 bytes aligned.
//
// 256 threads, two warpgroups, make a tile of 128 x 128 or 128 x 64, a warpgroup 64 lines of it. Slabs
// of 32 inner indices, as fp32, are copied into shared memory kStages ahead by one thread's order.
// All threads round a slab into a second place in shared memory, as wgmma wants it: the inner index
// along memory, 16-byte chunks swizzled. Meanwhile the tensor cores multiply the slab before.
//
// Rounding takes a pass over shared memory, but TF32 left to the hardware would be cut off, bf16 needs
// it, and so do operands that lie across: TF32 is only multiplied along memory.
//
// Per slab of a 128 x 128 tile: 32 KiB copied, 2 * 128 * 128 * 32 operations: 32 operations per byte
// from L2 (21 with 64 columns), as in the portable core's large tiles; at 5.5 TB/s from L2 (a figure
// that others measured on an H100) 176 TFLOP/s, or 1,400 clocks a slab on each multiprocessor. Tensor
// cores take 512 (TF32) or 256 (bf16) of them. Shared memory takes 32 KiB copied, 32 read, 32 or 16
// written rounded, and 48 or 24 read by wgmma: 1,152 or 832 clocks at 128 bytes each. So it is bound by
// L2, as long as activations are kept in fp32, and by memory where sums are short. It should come nearer
// to that limit than the portable core, whose warps each round what they share with others, and spend
// their instructions on addresses, copies and fragments. None of this is measured: it has run on the
// emulator only.
#pragma once
#include "mma.cuh"

constexpr int kSlab = 32;
constexpr int kSlabBytes = 4 * kSlab;
constexpr int kTileRows = 128;
constexpr int kWarpgroup = 128;
constexpr int kWarpgroupRows = 64;

// What a swizzle repeats after: tiles in shared memory begin at multiples of it.
constexpr int kSwizzlePeriod = 1024;

// What a wgmma instruction reads of a line.
constexpr int kStepBytes = 32;

struct HopperTf32 : Tf32 {
  template <int kGroups>
  static __device__ __forceinline__ void multiply(float (&sums)[kGroups][4], unsigned long long a,
                                                  unsigned long long b) {
    wgmma_tf32(sums, a, b);
  }
};

struct HopperBf16 : Bf16 {
  template <int kGroups>
  static __device__ __forceinline__ void multiply(float (&sums)[kGroups][4], unsigned long long a,
                                                  unsigned long long b) {
    wgmma_bf16(sums, a, b);
  }
};

// A matrix in memory by its map, the box of which is a slab of a tile. With the inner index along
// memory the box is 32 x lines, its 16-byte chunks swizzled, else lines x 32 as it is.
template <bool kAlongInner>
struct MappedMatrix {
  static constexpr bool kInnerFast = kAlongInner;

  const TensorMap& map;

  __device__ __forceinline__ void fetch(void* to, int line, int k,
                                        unsigned long long* barrier) const {
    copy_tile(to, map, kInnerFast ? k : line, kInnerFast ? line : k, barrier);
  }
};

// An operand's slabs in shared memory: copied ones, and rounded ones.
template <int kLines, bool kInnerFast, class Rounding>
struct Slab {
  // Groups of four numbers that, rounded, make a chunk of 16 bytes.
  static constexpr int kFours = 4 / Rounding::kWords;
  static constexpr int kChunks = kSlab / 4 / kFours;
  static constexpr int kPitch = 16 * kChunks;
  static constexpr int kCopied = kLines * kSlabBytes;
  static constexpr int kRounded = kLines * kPitch;

  // Bits 7 and above of an address are added to those of its chunk: with 128 bytes a line the number
  // of the line, modulo 8; with 64 bytes that of the pair of lines, modulo 4. Thus eight neighbouring
  // lines have the same chunk in different banks.
  template <int kOfLine>
  static __device__ __forceinline__ int swizzled(int offset) {
    return offset ^ (offset >> 7 & (kOfLine - 1)) << 4;
  }

  // Inner indices 4 four .. 4 four + 3 of a line of a copied slab.
  static __device__ __forceinline__ float4 read(const char* copied, int line, int four) {
    if constexpr (kInnerFast) {
      int at = swizzled<kSlabBytes / 16>(line * kSlabBytes + four * 16);
      return *reinterpret_cast<const float4*>(copied + at);
    } else {
      const float* at = reinterpret_cast<const float*>(copied) + four * 4 * kLines + line;
      return make_float4(at[0], at[kLines], at[2 * kLines], at[3 * kLines]);
    }
  }

  // Rounds a copied slab, all threads together. Neighbouring threads take neighbours in memory.
  static __device__ __forceinline__ void round(const char* copied, char* rounded) {
    constexpr int kAcross = kInnerFast ? kChunks : kLines;
    constexpr int kStep = kThreads / kAcross;
    int across = threadIdx.x % kAcross;
    int along = threadIdx.x / kAcross;
#pragma unroll
    for (int i = 0; i < kLines * kChunks / kThreads; i++) {
      int line = kInnerFast ? along + i * kStep : across;
      int chunk = kInnerFast ? across : along + i * kStep;
      unsigned words[4];
#pragma unroll
      for (int four = 0; four < kFours; four++) {
        unsigned some[Rounding::kWords];
        Rounding::round(read(copied, line, chunk * kFours + four), some);
#pragma unroll
        for (int w = 0; w < Rounding::kWords; w++) words[four * Rounding::kWords + w] = some[w];
      }
      store_operand(rounded + swizzled<kChunks>(line * kPitch + chunk * 16), words);
    }
  }

  // What wgmma wants to know of lines of a rounded slab, addresses and distances in units of 16 bytes:
  // bits 0-13 where they begin; 16-29 the distance between columns of chunks, without meaning here; 32-45
  // the distance between groups of eight lines; 49-51 the phase of the swizzle, 0 as tiles are aligned;
  // 62-63 its kind, 1 for 128 bytes, 2 for 64.
  static __device__ __forceinline__ unsigned long long descriptor(const char* rounded) {
    constexpr unsigned long long kKind = kPitch == 128 ? 1 : 2;
    constexpr unsigned long long kEightLines = 8 * kPitch / 16;
    return kKind << 62 | kEightLines << 32 | 1ull << 16 | (shared_address(rounded) >> 4 & 0x3fff);
  }
};

template <int kColumns, int kStages, class Rounding>
struct HopperCore {
  static constexpr int kGroups = kColumns / 8;

  template <class A, class B>
  struct Layout {
    typedef Slab<kTileRows, A::kInnerFast, Rounding> SlabA;
    typedef Slab<kColumns, B::kInnerFast, Rounding> SlabB;
    static constexpr int kCopied = SlabA::kCopied + SlabB::kCopied;
    static constexpr int kRounded = SlabA::kRounded + SlabB::kRounded;
    // What a launch must give.
    static constexpr int kBytes = kStages * kCopied + 2 * kRounded + kSwizzlePeriod;
  };

  // Copies slab number `slab` of both operands to where its turn is.
  template <class A, class B>
  static __device__ __forceinline__ void fetch(const A& a, const B& b, int rowTile, int colTile,
                                               int k, char* to, unsigned long long* barrier) {
    barrier_expect(barrier, Layout<A, B>::kCopied);
    a.fetch(to, rowTile * kTileRows, k, barrier);
    b.fetch(to + Layout<A, B>::SlabA::kCopied, colTile * kColumns, k, barrier);
  }

  // As TensorCore::multiply; to - from may be no multiple of a slab at the end of the operands only.
  template <int kVectorA, int kVectorB, class A, class B, class Out>
  static __device__ __forceinline__ void multiply(const A& a, const B& b, int rowTile, int colTile,
                                                  int from, int to, const Out& out) {
    typedef Layout<A, B> L;
    typedef typename L::SlabA SlabA;
    typedef typename L::SlabB SlabB;
    ACCRETE_DYNAMIC_SHARED(whole, L::kBytes);
    ACCRETE_SHARED(unsigned long long, full, kStages);
    char* copied = whole + (kSwizzlePeriod - shared_address(whole) % kSwizzlePeriod) % kSwizzlePeriod;
    char* rounded = copied + kStages * L::kCopied;
    int slabs = (to - from + kSlab - 1) / kSlab;
    bool orders = threadIdx.x == 0;
    if (orders) {
      for (int s = 0; s < kStages; s++) barrier_init(full + s, 1);
      fence_async_proxy();
    }
    __syncthreads();
    if (orders) {
      for (int s = 0; s < min(kStages, slabs); s++) {
        fetch(a, b, rowTile, colTile, from + s * kSlab, copied + s * L::kCopied, full + s);
      }
    }
    __syncwarp();
    // Rounds a slab when it is there, to the place that the slab before does not take.
    auto round = [&](int slab) {
      const char* from = copied + slab % kStages * L::kCopied;
      char* to = rounded + slab % 2 * L::kRounded;
      barrier_wait(full + slab % kStages, slab / kStages & 1);
      SlabA::round(from, to);
      SlabB::round(from + SlabA::kCopied, to + SlabA::kRounded);
      fence_async_proxy();
    };
    // Once all threads have rounded a slab, its copy's place is free.
    auto refill = [&](int slab) {
      int next = slab + kStages;
      if (orders && next < slabs) {
        int stage = slab % kStages;
        fetch(a, b, rowTile, colTile, from + next * kSlab, copied + stage * L::kCopied, full + stage);
      }
      __syncwarp();
    };
    int ofWarpgroup = threadIdx.x / kWarpgroup * kWarpgroupRows;
    float sums[kGroups][4] = {};
    round(0);
    __syncthreads();
    refill(0);
    for (int slab = 0; slab < slabs; slab++) {
      const char* left = rounded + slab % 2 * L::kRounded;
      unsigned long long lines = SlabA::descriptor(left + ofWarpgroup * SlabA::kPitch);
      unsigned long long columns = SlabB::descriptor(left + SlabA::kRounded);
      wgmma_fence();
#pragma unroll
      for (int at = 0; at < SlabA::kPitch; at += kStepBytes) {
        Rounding::multiply(sums, lines + at / 16, columns + at / 16);
      }
      wgmma_commit();
      if (slab + 1 < slabs) round(slab + 1);
      wgmma_await<0>();
      // Both warpgroups have multiplied this slab, and all threads have rounded the next.
      __syncthreads();
      refill(slab + 1);
    }
    int row = rowTile * kTileRows + ofWarpgroup + threadIdx.x % kWarpgroup / kWarp * 16 +
              threadIdx.x % kWarp / 4;
    int col = colTile * kColumns + threadIdx.x % 4 * 2;
#pragma unroll
    for (int j = 0; j < kGroups; j++) {
#pragma unroll
      for (int s = 0; s < 4; s++) out(row + s / 2 * 8, col + j * 8 + s % 2, sums[j][s]);
    }
  }
};
