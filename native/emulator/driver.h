// What the parts of the emulated driver share. Types and numbers are those of cuda.h, which need not
// be installed.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

typedef int CUresult;
typedef uint64_t CUdeviceptr;

enum : CUresult {
  kSuccess = 0,
  kInvalidValue = 1,
  kOutOfMemory = 2,
  kInvalidDevice = 101,
  kInvalidImage = 200,
  kInvalidContext = 201,
  kInvalidHandle = 400,
  kNotFound = 500,
  kNotReady = 600,
  kLaunchFailed = 719,
  kNotSupported = 801,
  kCaptureUnsupported = 900,
};

// Work that a stream or a graph holds.
typedef std::function<CUresult()> Operation;

// Every entry point of the driver holds this lock.
extern std::recursive_mutex driver_mutex;
typedef std::lock_guard<std::recursive_mutex> DriverLock;

// Adds work to a stream, the null stream if `stream` is null.
CUresult enqueue(void* stream, Operation operation);

// Does all work of all streams, as freeing memory must.
CUresult finish_everything();

// In deferred mode streams do nothing until something waits for them, so that a missing wait shows.
void set_deferred(bool deferred);

// What the last failing kernel did; part of the error's text.
extern std::string last_failure;

// Whether [address, address + bytes) lies within one allocation of the device.
bool is_device_memory(CUdeviceptr address, size_t bytes);

// A kernel's failure spoils the context, as on a GPU: every later call reports it.
extern CUresult sticky_error;
