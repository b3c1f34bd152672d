// The functions of ../cuda/instructions.cuh for g++.
#pragma once
#include <cstdint>
#include <cstring>

#include "abi.h"

inline void copy_async_4(float* to, const float* from) { emulator_copy_async(to, from, 16); }
inline void copy_async_1(float* to, const float* from) { emulator_copy_async(to, from, 4); }
inline void commit_copies() { emulator_commit_copies(); }
template <int kPending>
inline void await_copies() {
  emulator_await_copies(kPending);
}

inline uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}
inline float float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// Rounding may carry into the exponent, up to infinity; it must leave infinities and NaN alone.
inline uint32_t to_tf32(float value) {
  uint32_t bits = bits_of(value);
  bool finite = (bits & 0x7f800000u) != 0x7f800000u;
  return (finite ? bits + 0x1000u : bits) & ~0x1fffu;
}
inline uint32_t to_bf16(float value) {
  uint32_t bits = bits_of(value);
  if (value != value) return 0x7fffu;
  return (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
}
inline uint32_t to_bf16_pair(float low, float high) { return to_bf16(low) | to_bf16(high) << 16; }

// What a thread brings to a product of its warp.
struct EmulatedFragments {
  uint32_t a[4], b[2];
};

// Sums in the order of the inner index; a tensor core's own order is not documented.
template <int kInner, class ElementA, class ElementB>
inline void emulator_mma(float (&sums)[4], const EmulatedFragments& mine, ElementA a, ElementB b) {
  EmulatedFragments all[32];
  emulator_exchange(0xffffffffu, &mine, sizeof mine, all);
  unsigned lane = emulator_self()->lane;
  for (unsigned i = 0; i < 4; i++) {
    unsigned row = lane / 4 + i / 2 * 8;
    unsigned col = lane % 4 * 2 + i % 2;
    for (unsigned k = 0; k < kInner; k++) sums[i] += a(all, row, k) * b(all, k, col);
  }
}

inline void mma_tf32(float (&sums)[4], uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3,
                     uint32_t b0, uint32_t b1) {
  emulator_mma<8>(
      sums, {{a0, a1, a2, a3}, {b0, b1}},
      [](const EmulatedFragments* all, unsigned row, unsigned k) {
        return float_of(all[row % 8 * 4 + k % 4].a[row / 8 + k / 4 * 2]);
      },
      [](const EmulatedFragments* all, unsigned k, unsigned col) {
        return float_of(all[col * 4 + k % 4].b[k / 4]);
      });
}

inline void mma_bf16(float (&sums)[4], uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3,
                     uint32_t b0, uint32_t b1) {
  auto half = [](uint32_t pair, unsigned k) {
    return float_of(k % 2 == 0 ? pair << 16 : pair & 0xffff0000u);
  };
  emulator_mma<16>(
      sums, {{a0, a1, a2, a3}, {b0, b1}},
      [=](const EmulatedFragments* all, unsigned row, unsigned k) {
        return half(all[row % 8 * 4 + k % 8 / 2].a[row / 8 + k / 8 * 2], k);
      },
      [=](const EmulatedFragments* all, unsigned k, unsigned col) {
        return half(all[col * 4 + k % 8 / 2].b[k / 8], k);
      });
}
