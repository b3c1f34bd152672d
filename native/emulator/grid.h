// Runs the blocks of a launch on the threads of the host.
#pragma once
#include <string>

#include "abi.h"

// What all blocks together can have of shared memory beyond 48 KiB, as on compute capability 9.0.
constexpr size_t kMostSharedMemory = 227 << 10;

struct Launch {
  const EmulatedKernel* kernel;
  EmulatedIndex grid;
  EmulatedIndex block;
  size_t sharedBytes;
  void** arguments;
};

// In which order the threads of a block, and the blocks of a grid, get their turn. A kernel that
// depends on it lacks a barrier.
enum class Order { kForward, kReverse, kRandom };

void set_order(Order order);

// Runs a launch to its end. Returns what went wrong; empty if nothing.
std::string run_grid(const Launch& launch);
