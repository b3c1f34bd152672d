// PTX instructions of compute capability 9.0a alone: copies of tiles by the tensor memory accelerator,
// barriers that count their bytes, and products of a warpgroup, which is four warps. The emulator has
// the same functions in ../emulator/instructions90.h. Functions that nothing calls are not translated,
// so that this may be included whatever is compiled for.
#pragma once

// A matrix in memory as the driver's cuTensorMapEncodeTiled describes it (a CUtensorMap), passed by
// value as a __grid_constant__.
struct alignas(64) TensorMap {
  unsigned long long words[16];
};

// Where something lies in shared memory, as the instructions below count.
__device__ __forceinline__ unsigned shared_address(const void* in) {
  return static_cast<unsigned>(__cvta_generic_to_shared(in));
}

// Makes a word of shared memory a barrier whose phases end after so many arrivals, and the bytes that
// were promised.
__device__ __forceinline__ void barrier_init(unsigned long long* barrier, unsigned arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(shared_address(barrier)), "r"(arrivals)
               : "memory");
}

// Arrives at a barrier, and promises bytes to its phase.
__device__ __forceinline__ void barrier_expect(unsigned long long* barrier, unsigned bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(shared_address(barrier)),
               "r"(bytes)
               : "memory");
}

__device__ __forceinline__ bool barrier_passed(unsigned long long* barrier, unsigned parity) {
  unsigned over;
  asm volatile(
      "{\n"
      ".reg .pred over;\n"
      "mbarrier.try_wait.parity.shared::cta.b64 over, [%1], %2;\n"
      "selp.u32 %0, 1, 0, over;\n"
      "}"
      : "=r"(over)
      : "r"(shared_address(barrier)), "r"(parity)
      : "memory");
  return over != 0;
}

__device__ __forceinline__ unsigned long long nanoseconds() {
  unsigned long long now;
  asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(now));
  return now;
}

// Waits for the end of the barrier's phase of this parity; the first has parity 0. What was copied
// until then is visible. Ten seconds without an end are an error of the kernel: better that than to hang.
__device__ __forceinline__ void barrier_wait(unsigned long long* barrier, unsigned parity) {
  if (barrier_passed(barrier, parity)) return;
  unsigned long long began = nanoseconds();
  while (!barrier_passed(barrier, parity)) {
    if (nanoseconds() - began > 10000000000ull) __trap();
  }
}

// Starts to copy the map's box of elements from (x, y) on, x along memory, to shared memory; zeros for
// what lies beyond the matrix. All bytes of the box count for the barrier when they are there.
__device__ __forceinline__ void copy_tile(void* to, const TensorMap& map, int x, int y,
                                          unsigned long long* barrier) {
  asm volatile(
      "cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes "
      "[%0], [%1, {%2, %3}], [%4];" ::"r"(shared_address(to)),
      "l"(&map), "r"(x), "r"(y), "r"(shared_address(barrier))
      : "memory");
}

// Copies of tiles and products of warpgroups see shared memory through a proxy of their own. Lets them
// see what this thread has written, and what it has read be overwritten by them.
__device__ __forceinline__ void fence_async_proxy() {
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}

// Writes 16 bytes of an operand to shared memory.
__device__ __forceinline__ void store_operand(void* to, const unsigned (&words)[4]) {
  *static_cast<uint4*>(to) = make_uint4(words[0], words[1], words[2], words[3]);
}

// Orders the registers of sums, and of what was done to them, before the products that follow.
__device__ __forceinline__ void wgmma_fence() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }

// Ends a group of products.
__device__ __forceinline__ void wgmma_commit() {
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}

// Waits until at most the kPending latest groups of this warpgroup are under way.
template <int kPending>
__device__ __forceinline__ void wgmma_await() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(kPending) : "memory");
}

// Starts to add the product of 64 lines of a and 64 (128) lines of b, 32 bytes of each (8 numbers in
// TF32, 16 in bf16), to sums. Both lie in shared memory as descriptors say. Thread 32 w + 4 g + t holds
// in sums[j] the sums (row, column) = (16 w + g, 8 j + 2 t), (.., 8 j + 2 t + 1), and both of row 16 w +
// g + 8. Sums must not be touched between wgmma_fence and wgmma_await.
#define ACCRETE_SUMS(j) "+f"(sums[j][0]), "+f"(sums[j][1]), "+f"(sums[j][2]), "+f"(sums[j][3])
#define ACCRETE_SUMS_8(j)                                                                    \
  ACCRETE_SUMS(j), ACCRETE_SUMS(j + 1), ACCRETE_SUMS(j + 2), ACCRETE_SUMS(j + 3),            \
      ACCRETE_SUMS(j + 4), ACCRETE_SUMS(j + 5), ACCRETE_SUMS(j + 6), ACCRETE_SUMS(j + 7)

#define ACCRETE_WGMMA_64(name, shape, transposed)                                             \
  __device__ __forceinline__ void name(float (&sums)[8][4], unsigned long long a,             \
                                       unsigned long long b) {                                \
    asm volatile("{\n.reg .pred add;\nsetp.ne.b32 add, 1, 0;\n"                               \
                 "wgmma.mma_async.sync.aligned.m64n64" shape " "                              \
                 "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "    \
                 "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, "     \
                 "%30, %31}, %32, %33, add, 1, 1" transposed ";\n}"                           \
                 : ACCRETE_SUMS_8(0)                                                          \
                 : "l"(a), "l"(b));                                                           \
  }

#define ACCRETE_WGMMA_128(name, shape, transposed)                                            \
  __device__ __forceinline__ void name(float (&sums)[16][4], unsigned long long a,            \
                                       unsigned long long b) {                                \
    asm volatile("{\n.reg .pred add;\nsetp.ne.b32 add, 1, 0;\n"                               \
                 "wgmma.mma_async.sync.aligned.m64n128" shape " "                             \
                 "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "    \
                 "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, "     \
                 "%30, %31, %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, "     \
                 "%44, %45, %46, %47, %48, %49, %50, %51, %52, %53, %54, %55, %56, %57, "     \
                 "%58, %59, %60, %61, %62, %63}, %64, %65, add, 1, 1" transposed ";\n}"       \
                 : ACCRETE_SUMS_8(0), ACCRETE_SUMS_8(8)                                       \
                 : "l"(a), "l"(b));                                                           \
  }

ACCRETE_WGMMA_64(wgmma_tf32, "k8.f32.tf32.tf32", "")
ACCRETE_WGMMA_128(wgmma_tf32, "k8.f32.tf32.tf32", "")
ACCRETE_WGMMA_64(wgmma_bf16, "k16.f32.bf16.bf16", ", 0, 0")
ACCRETE_WGMMA_128(wgmma_bf16, "k16.f32.bf16.bf16", ", 0, 0")
