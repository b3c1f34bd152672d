// What the device can do at most, so that benchmarks can say what share of it a kernel reaches.
#include "accrete.cuh"

constexpr int kChains = 16;

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
