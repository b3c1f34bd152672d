// What the fake vendor libraries share: they write down how they are called, and compute with plain
// loops on the emulated device, in order with what its streams are given.
#pragma once
#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "driver.h"

#define FAKE extern "C" __attribute__((visibility("default")))

namespace fake {

std::string calls;
std::string failing;
int failing_status = 0;
std::set<void*> alive;

// Results are off by so much: a library that computes something else.
float error = 0;

// Writes a call down, and tells its status.
template <typename... Arguments>
int called(const char* function, Arguments... arguments) {
  std::ostringstream line;
  line << function;
  ((line << ' ' << arguments), ...);
  calls += line.str() + '\n';
  return failing == function ? failing_status : 0;
}

template <typename T>
int make(const char* function, void** made) {
  int status = called(function);
  if (status == 0) {
    *made = new T();
    alive.insert(*made);
  }
  return status;
}

template <typename T>
int destroy(const char* function, void* object) {
  if (alive.erase(object) == 0) return called(function, "twice"), 1;
  delete static_cast<T*>(object);
  return called(function);
}

inline bool on_device(std::initializer_list<std::pair<const void*, size_t>> floats) {
  for (auto [address, count] : floats) {
    if (!is_device_memory(reinterpret_cast<CUdeviceptr>(address), 4 * count)) return false;
  }
  return true;
}

}  // namespace fake

FAKE const char* fake_calls() { return fake::calls.c_str(); }
FAKE int fake_alive() { return static_cast<int>(fake::alive.size()); }

// Forgets the calls; from now on a function fails with a status, and results are off; 2: by NaN.
FAKE int fake_reset(const char* function, int status, int error) {
  fake::calls.clear();
  fake::failing = function;
  fake::failing_status = status;
  fake::error = error == 2 ? NAN : error;
  return 0;
}
