// What the device can do at most, so that benchmarks can say what share of it a kernel reaches.
#include "mma.cuh"

constexpr int kChains = 16;
constexpr int kMmaChains = 8;

// `rounds` x 16 independent chains of fused multiply-adds per thread, all in registers: 32
// operations per thread and round, and no memory to speak of. Limited by the FMA units alone: enough
// chains to hide their latency even for the few warps of a small grid.
extern "C" __global__ void __launch_bounds__(kThreads)
fma_chains(int rounds, float factor, float* out) {
  float sums[kChains];
#pragma unroll
  for (int i = 0; i < kChains; i++) sums[i] = threadIdx.x + i;
  // Counting rounds must not cost what it would in a short loop.
#pragma unroll 8
  for (int round = 0; round < rounds; round++) {
#pragma unroll
    for (int i = 0; i < kChains; i++) sums[i] = sums[i] * factor + factor;
  }
  float total = 0;
#pragma unroll
  for (int i = 0; i < kChains; i++) total += sums[i];
  out[blockIdx.x * blockDim.x + threadIdx.x] = total;
}
ACCRETE_EXPORT(fma_chains)

// `rounds` x 8 independent chains of products of tiles per warp: 16 x 8 (bf16: 16 x 16) by 8 x 8 (16 x
// 8), all in registers. Limited by the tensor cores as mma.sync drives them; wgmma may do more. Factors
// differ from thread to thread: tensor cores are faster on zeros and ones, which need less power.
template <class Rounding>
__device__ __forceinline__ void mma_chains(int rounds, float factor, float* out) {
  int lane = threadIdx.x % kWarp;
  float4 column = make_float4(factor * lane, -factor * lane, factor, -factor);
  unsigned a[Rounding::kWords], b[Rounding::kWords];
  Rounding::round(column, a);
  Rounding::round(make_float4(factor, factor * lane, -factor * lane, factor), b);
  float sums[kMmaChains][4];
#pragma unroll
  for (int i = 0; i < kMmaChains; i++) {
#pragma unroll
    for (int s = 0; s < 4; s++) sums[i][s] = i;
  }
#pragma unroll 4
  for (int round = 0; round < rounds; round++) {
#pragma unroll
    for (int i = 0; i < kMmaChains; i++) {
      Rounding::multiply(sums[i], a[0], a[1], a[0], a[1], b[0], b[1]);
    }
  }
  float total = 0;
#pragma unroll
  for (int i = 0; i < kMmaChains; i++) {
#pragma unroll
    for (int s = 0; s < 4; s++) total += sums[i][s];
  }
  out[blockIdx.x * blockDim.x + threadIdx.x] = total;
}

#define ACCRETE_MMA_CHAINS(name, rounding)                   \
  extern "C" __global__ void __launch_bounds__(kThreads)     \
  mma_chains_##name(int rounds, float factor, float* out) {  \
    mma_chains<rounding>(rounds, factor, out);               \
  }                                                          \
  ACCRETE_EXPORT(mma_chains_##name)

ACCRETE_MMA_CHAINS(tf32, Tf32)
ACCRETE_MMA_CHAINS(bf16, Bf16)
