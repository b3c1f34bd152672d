#include "fibers.h"

#include <sys/mman.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {
constexpr size_t kPage = 4096;
constexpr size_t kStack = 16 * kPage;
}  // namespace

#if !defined(__x86_64__)
#error "the emulator switches stacks in x86-64 assembly; add the like for this processor"
#endif

// Saves the registers that a function must keep, swaps stacks, restores them. x86-64 System V.
extern "C" void emulator_switch(void** save, void* to);
// Where a prepared fiber starts: calls rbx(r12).
extern "C" void emulator_start();
asm(R"(
.text
.globl emulator_switch
.hidden emulator_switch
.type emulator_switch, @function
emulator_switch:
  push %rbp
  push %rbx
  push %r12
  push %r13
  push %r14
  push %r15
  mov %rsp, (%rdi)
  mov %rsi, %rsp
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  ret
.globl emulator_start
.hidden emulator_start
.type emulator_start, @function
emulator_start:
  mov %r12, %rdi
  call *%rbx
  ud2
)");

Fiber::Fiber() {
  void* stack = mmap(nullptr, kStack + kPage, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (stack == MAP_FAILED) {
    perror("accrete emulator: no memory for a thread's stack");
    abort();
  }
  stack_ = static_cast<char*>(stack);
  mprotect(stack_, kPage, PROT_NONE);
}

Fiber::~Fiber() { munmap(stack_, kStack + kPage); }

void Fiber::prepare(void (*body)(void*), void* argument) {
  uintptr_t top = reinterpret_cast<uintptr_t>(stack_ + kPage + kStack) & ~uintptr_t{15};
#ifdef __SANITIZE_ADDRESS__
  // Whoever had this stack before left it without returning.
  ASAN_UNPOISON_MEMORY_REGION(stack_ + kPage, kStack);
#endif
  void** frame = reinterpret_cast<void**>(top);
  // Two words, so that the stack is aligned to 16 bytes where emulator_start calls.
  *--frame = nullptr;
  *--frame = nullptr;
  *--frame = reinterpret_cast<void*>(&emulator_start);
  *--frame = nullptr;                         // rbp
  *--frame = reinterpret_cast<void*>(body);   // rbx
  *--frame = argument;                        // r12
  *--frame = nullptr;                         // r13
  *--frame = nullptr;                         // r14
  *--frame = nullptr;                         // r15
  own_ = frame;
}

void Fiber::enter() { emulator_switch(&scheduler_, own_); }

void Fiber::leave() { emulator_switch(&own_, scheduler_); }
