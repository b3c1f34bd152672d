// What the emulated driver writes into the 128 bytes of a tensor map; a real driver's are its secret.
#pragma once
#include <cstdint>

struct EmulatedTensorMap {
  static constexpr uint64_t kMark = 0x70614d726f736e65;

  uint64_t mark;
  const char* data;
  // Elements along memory and across; bytes from line to line.
  uint64_t width, height, pitch;
  uint32_t boxWidth, boxHeight;
  // 16-byte chunks that are swizzled among each other: 1, 2, 4 or 8.
  uint32_t chunks;
  uint32_t unused[19];
};
static_assert(sizeof(EmulatedTensorMap) == 128);
