// What kernels compiled for the emulator and the emulated driver know of each other.
#pragma once
#include <cstddef>
#include <cstdint>

extern "C" {

struct EmulatedIndex {
  unsigned x, y, z;
};

// Who a thread is; the built-in variables of CUDA.
struct EmulatedThread {
  EmulatedIndex threadIdx, blockIdx, blockDim, gridDim;
  unsigned lane;
};

// A kernel's entry in its module's table, found as symbol accrete_kernel_<name>.
struct EmulatedKernel {
  const char* name;
  void (*call)(void** arguments);
  const size_t* argumentSizes;
  const char* argumentKinds;  // a letter each: pointer, integer, float or struct
  size_t argumentCount;
};

// The calling thread. It stays the same within a kernel, so the compiler may ask once.
const EmulatedThread* emulator_self() __attribute__((const));

// The block's shared memory for the declaration `key`, poisoned with NaN before the block starts.
void* emulator_shared(const void* key, size_t bytes);

// The block's shared memory that the launch gives, at least so many bytes, poisoned likewise.
char* emulator_dynamic_shared(size_t bytes);

// Waits for all threads of the block that have not returned.
void emulator_barrier();

// Waits for all threads of the warp in `mask`, then fills all[lane] with what each of them gave.
void emulator_exchange(unsigned mask, const void* given, size_t bytes, void* all);

// Copies to shared memory, zeros if from is null, when the calling thread waits for the group that
// its next commit ends; until then the target is poisoned.
void emulator_copy_async(void* to, const void* from, size_t bytes);
void emulator_commit_copies();

// Waits for all but the `pending` latest groups of the calling thread.
void emulator_await_copies(unsigned pending);

// What instructions90.cuh says of the functions of these names. Sums are `columns` / 2 floats of the
// calling thread; those of the calling warp must agree on all else.
unsigned emulator_shared_address(const void* in);
void emulator_barrier_init(unsigned long long* barrier, unsigned arrivals);
void emulator_barrier_expect(unsigned long long* barrier, unsigned bytes);
void emulator_barrier_wait(unsigned long long* barrier, unsigned parity);
void emulator_copy_tile(void* to, const void* map, int x, int y, unsigned long long* barrier);
void emulator_store_operand(void* to, const void* words);
void emulator_fence_async_proxy();
void emulator_wgmma_fence();
void emulator_wgmma_commit();
void emulator_wgmma_await(unsigned pending);
void emulator_wgmma(bool bf16, float* sums, unsigned columns, uint64_t a, uint64_t b);
}
