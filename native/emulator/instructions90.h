// The functions of ../cuda/instructions90.cuh for g++.
#pragma once
#include <cstdint>

#include "abi.h"

struct alignas(64) TensorMap {
  unsigned long long words[16];
};

inline unsigned shared_address(const void* in) { return emulator_shared_address(in); }

inline void barrier_init(unsigned long long* barrier, unsigned arrivals) {
  emulator_barrier_init(barrier, arrivals);
}
inline void barrier_expect(unsigned long long* barrier, unsigned bytes) {
  emulator_barrier_expect(barrier, bytes);
}
inline void barrier_wait(unsigned long long* barrier, unsigned parity) {
  emulator_barrier_wait(barrier, parity);
}
inline void copy_tile(void* to, const TensorMap& map, int x, int y, unsigned long long* barrier) {
  emulator_copy_tile(to, &map, x, y, barrier);
}
inline void fence_async_proxy() { emulator_fence_async_proxy(); }
inline void store_operand(void* to, const unsigned (&words)[4]) { emulator_store_operand(to, words); }

inline void wgmma_fence() { emulator_wgmma_fence(); }
inline void wgmma_commit() { emulator_wgmma_commit(); }
template <int kPending>
inline void wgmma_await() {
  emulator_wgmma_await(kPending);
}
template <int kGroups>
inline void wgmma_tf32(float (&sums)[kGroups][4], unsigned long long a, unsigned long long b) {
  emulator_wgmma(false, &sums[0][0], 8 * kGroups, a, b);
}
template <int kGroups>
inline void wgmma_bf16(float (&sums)[kGroups][4], unsigned long long a, unsigned long long b) {
  emulator_wgmma(true, &sums[0][0], 8 * kGroups, a, b);
}
