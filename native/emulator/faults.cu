// Kernels with the faults that the emulator is there to find, for its own test.
#include "../cuda/accrete.cuh"

// Reads what another thread has written, without waiting for it.
extern "C" __global__ void missing_barrier(float* y) {
  ACCRETE_SHARED(float, shared, kThreads);
  shared[threadIdx.x] = (float)threadIdx.x;
  y[threadIdx.x] = shared[kThreads - 1 - threadIdx.x];
}
ACCRETE_EXPORT(missing_barrier)

// The same, with the barrier.
extern "C" __global__ void with_barrier(float* y) {
  ACCRETE_SHARED(float, shared, kThreads);
  shared[threadIdx.x] = (float)threadIdx.x;
  __syncthreads();
  y[threadIdx.x] = shared[kThreads - 1 - threadIdx.x];
}
ACCRETE_EXPORT(with_barrier)

// Half of a warp waits for the block, which waits for the other half, which waits for the first.
extern "C" __global__ void diverging(float* y) {
  if (threadIdx.x % 2 == 0) {
    __syncthreads();
  } else {
    y[threadIdx.x] = __shfl_xor_sync(kWholeWarp, 1.0f, 1);
  }
}
ACCRETE_EXPORT(diverging)

enum Step { kNone, kProxyFence, kBarrier, kFence, kAwait };

// y = 8 by a product of ones, with one step left out. All chunks are alike, so it does not matter where
// swizzling puts them.
template <Step kLeftOut>
__device__ __forceinline__ void ones_by_wgmma(float* y) {
  constexpr int kLines = 64;
  constexpr int kPitch = 128;
  ACCRETE_SHARED(char, lines, kLines * kPitch);
  constexpr unsigned kOne = 0x3f800000u;
  const unsigned ones[4] = {kOne, kOne, kOne, kOne};
  for (int i = threadIdx.x; i < kLines * kPitch / 16; i += kThreads) {
    store_operand(lines + 16 * i, ones);
  }
  if (kLeftOut != kProxyFence) fence_async_proxy();
  if (kLeftOut != kBarrier) __syncthreads();
  unsigned long long descriptor =
      1ull << 62 | (8ull * kPitch / 16) << 32 | shared_address(lines) >> 4;
  float sums[8][4] = {};
  if (kLeftOut != kFence) wgmma_fence();
  wgmma_tf32(sums, descriptor, descriptor);
  wgmma_commit();
  if (kLeftOut != kAwait) wgmma_await<0>();
  y[threadIdx.x] = sums[7][3];
}

#define ONES_BY_WGMMA(name, leftOut) \
  extern "C" __global__ void name(float* y) { ones_by_wgmma<leftOut>(y); } \
  ACCRETE_EXPORT(name)
ONES_BY_WGMMA(wgmma_complete, kNone)
ONES_BY_WGMMA(wgmma_without_proxy_fence, kProxyFence)
ONES_BY_WGMMA(wgmma_without_barrier, kBarrier)
ONES_BY_WGMMA(wgmma_without_fence, kFence)
ONES_BY_WGMMA(wgmma_without_await, kAwait)

// y = a box of 32 x 8 from (x, 6) on, as it lies in shared memory.
template <bool kWaits, bool kPromises>
__device__ __forceinline__ void box_of(const TensorMap& map, int x, float* y) {
  ACCRETE_SHARED(float, box, kThreads);
  ACCRETE_SHARED(unsigned long long, full, 1);
  if (threadIdx.x == 0) {
    barrier_init(full, 1);
    fence_async_proxy();
    if (kPromises) barrier_expect(full, kThreads * sizeof(float));
    copy_tile(box, map, x, 6, full);
  }
  __syncthreads();
  if (kWaits) barrier_wait(full, 0);
  y[threadIdx.x] = box[threadIdx.x];
}

#define BOX_OF(name, waits, promises)                                                   \
  extern "C" __global__ void name(const __grid_constant__ TensorMap map, int x, float* y) { \
    box_of<waits, promises>(map, x, y);                                                 \
  }                                                                                     \
  ACCRETE_EXPORT(name)
BOX_OF(box_complete, true, true)
BOX_OF(box_without_wait, false, true)
BOX_OF(box_without_promise, true, false)
