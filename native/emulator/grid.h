// Runs the blocks of a launch on the threads of the host.
#pragma once
#include <string>

#include "abi.h"

struct Launch {
  const EmulatedKernel* kernel;
  EmulatedIndex grid;
  EmulatedIndex block;
  void** arguments;
};

// In which order the threads of a block, and the blocks of a grid, get their turn. A kernel that
// depends on it lacks a barrier.
enum class Order { kForward, kReverse, kRandom };

void set_order(Order order);

// Runs a launch to its end. Returns what went wrong; empty if nothing.
std::string run_grid(const Launch& launch);
