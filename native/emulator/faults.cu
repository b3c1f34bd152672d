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
