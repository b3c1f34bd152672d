// Device and pinned memory: ordinary memory with its bounds kept, poisoned when allocated.
#include <cstdlib>
#include <cstring>

#include "driver.h"

namespace {

// Both kinds of memory by address, with their sizes.
std::map<CUdeviceptr, size_t> device_memory;
std::map<void*, size_t> pinned_memory;
size_t used = 0;

// Bytes that copies were asked to bring to the device, and back from it.
uint64_t brought_to_device = 0;
uint64_t brought_back = 0;

constexpr size_t kAlignment = 256;

size_t capacity() {
  const char* mebibytes = getenv("ACCRETE_EMULATOR_MEMORY_MIB");
  return (mebibytes == nullptr ? 4096 : strtoull(mebibytes, nullptr, 10)) << 20;
}

void* allocate(size_t bytes) {
  void* memory = aligned_alloc(kAlignment, (bytes + kAlignment - 1) / kAlignment * kAlignment);
  if (memory != nullptr) memset(memory, 0xFF, bytes);
  return memory;
}

bool is_pinned(const void* address, size_t bytes) {
  auto after = pinned_memory.upper_bound(const_cast<void*>(address));
  if (after == pinned_memory.begin()) return false;
  --after;
  return static_cast<const char*>(address) + bytes <=
         static_cast<char*>(after->first) + after->second;
}

void* host(CUdeviceptr address) { return reinterpret_cast<void*>(address); }

Operation copy(void* to, const void* from, size_t bytes) {
  return [=] {
    memmove(to, from, bytes);
    return kSuccess;
  };
}

}  // namespace

bool is_device_memory(CUdeviceptr address, size_t bytes) {
  auto after = device_memory.upper_bound(address);
  if (after == device_memory.begin()) return false;
  --after;
  return address + bytes <= after->first + after->second;
}

extern "C" {

CUresult cuMemAlloc_v2(CUdeviceptr* address, size_t bytes) {
  DriverLock lock(driver_mutex);
  if (bytes == 0) return kInvalidValue;
  if (used + bytes > capacity()) return kOutOfMemory;
  void* memory = allocate(bytes);
  if (memory == nullptr) return kOutOfMemory;
  *address = reinterpret_cast<CUdeviceptr>(memory);
  device_memory[*address] = bytes;
  used += bytes;
  return kSuccess;
}

CUresult cuMemFree_v2(CUdeviceptr address) {
  DriverLock lock(driver_mutex);
  if (address == 0) return kSuccess;
  auto found = device_memory.find(address);
  if (found == device_memory.end()) return kInvalidValue;
  CUresult finished = finish_everything();
  used -= found->second;
  device_memory.erase(found);
  free(host(address));
  return finished;
}

CUresult cuMemGetInfo_v2(size_t* free, size_t* total) {
  DriverLock lock(driver_mutex);
  *total = capacity();
  *free = *total - used;
  return kSuccess;
}

CUresult cuDeviceTotalMem_v2(size_t* bytes, int) {
  *bytes = capacity();
  return kSuccess;
}

CUresult cuMemHostAlloc(void** memory, size_t bytes, unsigned) {
  DriverLock lock(driver_mutex);
  if (bytes == 0) return kInvalidValue;
  *memory = allocate(bytes);
  if (*memory == nullptr) return kOutOfMemory;
  pinned_memory[*memory] = bytes;
  return kSuccess;
}

CUresult cuMemFreeHost(void* memory) {
  DriverLock lock(driver_mutex);
  if (pinned_memory.erase(memory) == 0) return kInvalidValue;
  CUresult finished = finish_everything();
  free(memory);
  return finished;
}

// For tests: what has crossed the bus since the process began.
void accrete_emulator_bus(uint64_t* to_device, uint64_t* back) {
  DriverLock lock(driver_mutex);
  *to_device = brought_to_device;
  *back = brought_back;
}

// Copies that wait. They do not wait for streams of their own, made with CU_STREAM_NON_BLOCKING.
CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void* from, size_t bytes) {
  DriverLock lock(driver_mutex);
  brought_to_device += bytes;
  return is_device_memory(to, bytes) ? copy(host(to), from, bytes)() : kInvalidValue;
}

CUresult cuMemcpyDtoH_v2(void* to, CUdeviceptr from, size_t bytes) {
  DriverLock lock(driver_mutex);
  brought_back += bytes;
  return is_device_memory(from, bytes) ? copy(to, host(from), bytes)() : kInvalidValue;
}

// Copies in a stream. A GPU quietly makes those from pageable memory wait; here they are an error.
CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t bytes, void* stream) {
  DriverLock lock(driver_mutex);
  if (!is_device_memory(to, bytes) || !is_pinned(from, bytes)) return kInvalidValue;
  brought_to_device += bytes;
  return enqueue(stream, copy(host(to), from, bytes));
}

CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t bytes, void* stream) {
  DriverLock lock(driver_mutex);
  if (!is_device_memory(from, bytes) || !is_pinned(to, bytes)) return kInvalidValue;
  brought_back += bytes;
  return enqueue(stream, copy(to, host(from), bytes));
}

CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, void* stream) {
  DriverLock lock(driver_mutex);
  if (!is_device_memory(to, bytes) || !is_device_memory(from, bytes)) return kInvalidValue;
  return enqueue(stream, copy(host(to), host(from), bytes));
}

CUresult cuMemsetD32Async(CUdeviceptr to, unsigned value, size_t count, void* stream) {
  DriverLock lock(driver_mutex);
  if (!is_device_memory(to, 4 * count) || to % 4 != 0) return kInvalidValue;
  return enqueue(stream, [=] {
    unsigned* words = static_cast<unsigned*>(host(to));
    for (size_t i = 0; i < count; i++) words[i] = value;
    return kSuccess;
  });
}
}
