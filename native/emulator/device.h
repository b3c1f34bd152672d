// CUDA C++ as far as the kernels use it, for g++: included by accrete.cuh instead of what nvcc
// brings along. What is missing here does not compile, and is easily added.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <type_traits>
#include <utility>

#include "abi.h"
#include "instructions.h"
#include "instructions90.h"

#define ACCRETE_HOPPER

#define __global__
#define __device__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __grid_constant__
#define __restrict__ __restrict

#define threadIdx (emulator_self()->threadIdx)
#define blockIdx (emulator_self()->blockIdx)
#define blockDim (emulator_self()->blockDim)
#define gridDim (emulator_self()->gridDim)
#define __syncthreads() emulator_barrier()

// The address of a variable of its own stands for each declaration of shared memory.
#define ACCRETE_SHARED(type, name, count)  \
  static const char name##_declaration = 0; \
  type* const name = static_cast<type*>(emulator_shared(&name##_declaration, sizeof(type) * (count)))

#define ACCRETE_DYNAMIC_SHARED(name, bytes) char* const name = emulator_dynamic_shared(bytes)

// Finds a kernel's argument types, to call it with the untyped arguments of a launch.
template <class... A, size_t... I>
void emulator_call(void (*kernel)(A...), void** arguments, std::index_sequence<I...>) {
  kernel(*static_cast<std::remove_cv_t<A>*>(arguments[I])...);
}
template <class... A>
void emulator_call(void (*kernel)(A...), void** arguments) {
  emulator_call(kernel, arguments, std::index_sequence_for<A...>{});
}
template <class A>
constexpr char kEmulatedKind = std::is_pointer_v<A>          ? 'p'
                               : std::is_floating_point_v<A> ? 'f'
                               : std::is_integral_v<A>       ? 'i'
                                                             : 's';
template <auto kKernel>
struct EmulatedSignature;
template <class... A, void (*kKernel)(A...)>
struct EmulatedSignature<kKernel> {
  static constexpr size_t kSizes[] = {sizeof(A)...};
  static constexpr char kKinds[] = {kEmulatedKind<A>...};
  static void call(void** arguments) { emulator_call(kKernel, arguments); }
};
#define ACCRETE_EXPORT(kernel)                                                        \
  extern "C" __attribute__((visibility("default"))) const EmulatedKernel              \
      accrete_kernel_##kernel = {#kernel, EmulatedSignature<&kernel>::call,           \
                                 EmulatedSignature<&kernel>::kSizes,                  \
                                 EmulatedSignature<&kernel>::kKinds,                  \
                                 std::size(EmulatedSignature<&kernel>::kSizes)};

struct alignas(16) float4 {
  float x, y, z, w;
};
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

using std::max;
using std::min;

inline void __syncwarp() {
  char none = 0, all[32];
  emulator_exchange(0xffffffffu, &none, 1, all);
}

template <class T>
inline T __shfl_xor_sync(unsigned mask, T value, unsigned flip) {
  T all[32];
  emulator_exchange(mask, &value, sizeof(T), all);
  return all[emulator_self()->lane ^ flip];
}

template <class T>
inline T __shfl_sync(unsigned mask, T value, int from) {
  T all[32];
  emulator_exchange(mask, &value, sizeof(T), all);
  return all[from & 31];
}

template <class T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned distance) {
  T all[32];
  emulator_exchange(mask, &value, sizeof(T), all);
  unsigned lane = emulator_self()->lane;
  return lane < distance ? value : all[lane - distance];
}

inline unsigned __ballot_sync(unsigned mask, int predicate) {
  int all[32];
  emulator_exchange(mask, &predicate, sizeof(int), all);
  unsigned bits = 0;
  for (int lane = 0; lane < 32; lane++) {
    if ((mask >> lane & 1) != 0 && all[lane] != 0) bits |= 1u << lane;
  }
  return bits;
}

inline int __popc(unsigned word) { return __builtin_popcount(word); }

// g++ would make one instruction of a product and a sum; these are rounded one by one.
inline float __fmul_rn(float a, float b) {
  volatile float product = a * b;
  return product;
}
inline float __fadd_rn(float a, float b) {
  volatile float sum = a + b;
  return sum;
}

inline unsigned __float_as_uint(float value) {
  unsigned bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

// The threads of a block are fibers on one thread of the host, but blocks run on several.
inline int atomicAdd(int* target, int value) {
  return __atomic_fetch_add(target, value, __ATOMIC_RELAXED);
}
inline unsigned atomicOr(unsigned* target, unsigned bits) {
  return __atomic_fetch_or(target, bits, __ATOMIC_RELAXED);
}
