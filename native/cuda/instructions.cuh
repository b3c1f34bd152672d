// PTX instructions that CUDA C++ has no functions for, of compute capability 8.0 and above. The
// emulator has the same functions in ../emulator/instructions.h.
#pragma once

// Copies four floats (one float) to shared memory while the thread goes on; zeros if from is null.
// Both addresses are aligned to what is copied.
__device__ __forceinline__ void copy_async_4(float* to, const float* from) {
  unsigned target = static_cast<unsigned>(__cvta_generic_to_shared(to));
  int bytes = from == nullptr ? 0 : 16;
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(target), "l"(from), "r"(bytes)
               : "memory");
}
__device__ __forceinline__ void copy_async_1(float* to, const float* from) {
  unsigned target = static_cast<unsigned>(__cvta_generic_to_shared(to));
  int bytes = from == nullptr ? 0 : 4;
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(target), "l"(from), "r"(bytes)
               : "memory");
}

// Ends a group of copies.
__device__ __forceinline__ void commit_copies() { asm volatile("cp.async.commit_group;" ::: "memory"); }

// Waits until at most the kPending latest groups of this thread are under way.
template <int kPending>
__device__ __forceinline__ void await_copies() {
  asm volatile("cp.async.wait_group %0;" ::"n"(kPending) : "memory");
}

// The nearest number of 10 mantissa bits, ties away from zero.
__device__ __forceinline__ unsigned to_tf32(float value) {
  unsigned word;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(word) : "f"(value));
  return word;
}

// The nearest numbers of 7 mantissa bits, ties to even; low in the low half.
__device__ __forceinline__ unsigned to_bf16_pair(float low, float high) {
  unsigned word;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(word) : "f"(high), "f"(low));
  return word;
}

// Adds to a tile of 16 x 8 sums the product of 16 x 8 (bf16: 16 x 16) by 8 x 8 (16 x 8), spread over
// the threads of a warp: thread 4 g + t holds sums (g, 2t), (g, 2t + 1), (g + 8, 2t), (g + 8, 2t + 1);
// of a the elements (g, t), (g + 8, t), (g, t + 4), (g + 8, t + 4); of b the elements (t, g), (t + 4,
// g). With bf16 an inner index t stands for the pair 2t, 2t + 1.
__device__ __forceinline__ void mma_tf32(float (&sums)[4], unsigned a0, unsigned a1, unsigned a2,
                                         unsigned a3, unsigned b0, unsigned b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
      : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
}
__device__ __forceinline__ void mma_bf16(float (&sums)[4], unsigned a0, unsigned a1, unsigned a2,
                                         unsigned a3, unsigned b0, unsigned b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
      : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
}
