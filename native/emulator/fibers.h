// Threads of a block: stacks that one thread of the host switches between.
#pragma once
#include <cstddef>

// A stack of its own that runs `body` and can be left and entered again. Not movable: its stack
// refers to it.
class Fiber {
 public:
  Fiber();
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Makes the next enter() call body(argument). The body must never return: it leaves for good.
  void prepare(void (*body)(void*), void* argument);

  // Runs the fiber until it leaves. For the scheduler.
  void enter();

  // Returns to where the fiber was entered. For the fiber.
  void leave();

 private:
  char* stack_;
  void* own_ = nullptr;
  void* scheduler_ = nullptr;
};
