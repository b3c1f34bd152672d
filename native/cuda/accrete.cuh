// What every kernel file includes, and the one place that knows who compiles it: nvcc for a GPU, or
// g++ for the emulated driver of ../emulator. Everything else in this folder is plain CUDA C++.
//
// Conventions of all kernels:
// - Activations are channels-last: [N, H, W, C] for the logical shape [N, C, H, W]. `rows` is the
//   product of everything but the channel. Parameters, masks and labels are canonical (row-major).
// - Counts are below 2^31. One thread handles one element, or a grid-stride loop does.
// - No atomics on floats: a sum is cut into parts by the shape alone, and the parts are added in
//   order, so that the same input gives the same bits on every device.
// - Pointers that the IR may make equal (results in place) are not __restrict__.
#pragma once

#ifdef ACCRETE_EMULATOR
#include "device.h"
#else
#include "instructions.cuh"
#include "instructions90.cuh"
// The emulator finds kernels by a table; a GPU's driver by their names.
#define ACCRETE_EXPORT(kernel)
// Emulated shared memory is poisoned before each block; a GPU's holds what was there.
#define ACCRETE_SHARED(type, name, count) __shared__ type name[count]
// What the launch gives beyond that; the emulator looks whether it is so many bytes.
#define ACCRETE_DYNAMIC_SHARED(name, bytes) extern __shared__ char name[]
// Whether what is compiled may use what compute capability 9.0a has alone.
#ifdef __CUDA_ARCH_FEAT_SM90_ALL
#define ACCRETE_HOPPER
#endif
#endif

constexpr int kThreads = 256;
constexpr int kWarp = 32;
constexpr unsigned kWholeWarp = 0xffffffffu;

// The elements of a thread in a one-dimensional grid.
#define ACCRETE_FOR(i, count)                                                \
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < (count); \
       i += gridDim.x * blockDim.x)
