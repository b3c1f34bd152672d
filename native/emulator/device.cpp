// The device, its context, modules and launches.
#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "driver.h"
#include "grid.h"
#include "tensor_map.h"

namespace {

constexpr int kDriverVersion = 13000;
constexpr unsigned kMaxThreads = 1024;
constexpr unsigned kMaxGridYZ = 65535;

struct Function {
  const EmulatedKernel* kernel;
  // What a launch may give of shared memory.
  size_t mostShared;
};

// Without cuFuncSetAttribute.
constexpr size_t kUsualShared = 48 << 10;

struct Module {
  void* library;
  // Open for as long as the library: its number is the name by which the loader knows the library.
  int file;
  std::map<std::string, Function> functions;
};

int context_mark;
thread_local void* context = nullptr;

// A launch owns copies of its arguments: a graph may run long after the caller's are gone.
struct Arguments {
  // As tensor maps are aligned.
  struct alignas(64) Piece {
    char bytes[64];
  };
  std::vector<std::vector<Piece>> values;
  std::vector<void*> pointers;

  Arguments(const EmulatedKernel& kernel, void** given) {
    for (size_t i = 0; i < kernel.argumentCount; i++) {
      size_t size = kernel.argumentSizes[i];
      values.emplace_back((size + sizeof(Piece) - 1) / sizeof(Piece));
      memcpy(values.back().data(), given[i], size);
    }
    for (auto& value : values) pointers.push_back(value.data());
  }
};

size_t elf_size(const unsigned char* image) {
  uint64_t table;
  uint16_t entry, count;
  memcpy(&table, image + 40, sizeof table);
  memcpy(&entry, image + 58, sizeof entry);
  memcpy(&count, image + 60, sizeof count);
  return table + static_cast<size_t>(entry) * count;
}

}  // namespace

extern "C" {

// For tests: order 0 forward, 1 reverse, 2 random. Forgives what a faulty kernel has done.
void accrete_emulator_configure(int order, int deferred) {
  DriverLock lock(driver_mutex);
  sticky_error = kSuccess;
  set_order(static_cast<Order>(order));
  set_deferred(deferred != 0);
}

CUresult cuInit(unsigned) { return kSuccess; }

CUresult cuDriverGetVersion(int* version) {
  *version = kDriverVersion;
  return kSuccess;
}

CUresult cuDeviceGetCount(int* count) {
  *count = 1;
  return kSuccess;
}

CUresult cuDeviceGet(int* device, int ordinal) {
  *device = ordinal;
  return ordinal == 0 ? kSuccess : kInvalidDevice;
}

CUresult cuDeviceGetName(char* name, int length, int) {
  snprintf(name, length, "Accrete emulated GPU");
  return kSuccess;
}

CUresult cuDeviceGetAttribute(int* value, int attribute, int) {
  switch (attribute) {
    case 16:  // multiprocessors
      *value = 1;
      return kSuccess;
    case 75:  // compute capability, major
      *value = 9;
      return kSuccess;
    case 76:  // compute capability, minor
      *value = 0;
      return kSuccess;
    default:
      return kNotSupported;
  }
}

CUresult cuDevicePrimaryCtxRetain(void** retained, int) {
  *retained = &context_mark;
  return kSuccess;
}

CUresult cuDevicePrimaryCtxRelease_v2(int) { return kSuccess; }

CUresult cuCtxSetCurrent(void* wanted) {
  context = wanted;
  return kSuccess;
}

CUresult cuCtxGetCurrent(void** current) {
  *current = context;
  return kSuccess;
}

// The image is a shared object for this processor where a GPU gets a fatbin.
CUresult cuModuleLoadData(void** module, const void* image) {
  const unsigned char* bytes = static_cast<const unsigned char*>(image);
  if (memcmp(bytes, "\177ELF", 4) != 0) return kInvalidImage;
  int file = memfd_create("accrete-emulated-module", MFD_CLOEXEC);
  if (file < 0) return kOutOfMemory;
  size_t size = elf_size(bytes);
  for (size_t done = 0; done < size;) {
    ssize_t written = write(file, bytes + done, size - done);
    if (written <= 0) {
      close(file);
      return kOutOfMemory;
    }
    done += written;
  }
  std::string path = "/proc/self/fd/" + std::to_string(file);
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    last_failure = dlerror();
    close(file);
    return kInvalidImage;
  }
  *module = new Module{library, file, {}};
  return kSuccess;
}

CUresult cuModuleUnload(void* handle) {
  DriverLock lock(driver_mutex);
  CUresult finished = finish_everything();
  Module* module = static_cast<Module*>(handle);
  dlclose(module->library);
  close(module->file);
  delete module;
  return finished;
}

CUresult cuModuleGetFunction(void** function, void* handle, const char* name) {
  DriverLock lock(driver_mutex);
  Module* module = static_cast<Module*>(handle);
  std::string symbol = std::string("accrete_kernel_") + name;
  auto* kernel = static_cast<const EmulatedKernel*>(dlsym(module->library, symbol.c_str()));
  if (kernel == nullptr) return kNotFound;
  *function = &module->functions.emplace(name, Function{kernel, kUsualShared}).first->second;
  return kSuccess;
}

CUresult cuFuncSetAttribute(void* function, int attribute, int value) {
  DriverLock lock(driver_mutex);
  constexpr int kMaxDynamicSharedSize = 8;
  if (attribute != kMaxDynamicSharedSize) return kNotSupported;
  if (function == nullptr || value < 0 || static_cast<size_t>(value) > kMostSharedMemory) {
    return kInvalidValue;
  }
  static_cast<Function*>(function)->mostShared = value;
  return kSuccess;
}

// For matrices of floats alone, in boxes of whole swizzles.
CUresult cuTensorMapEncodeTiled(void* map, int type, unsigned rank, void* address,
                                const uint64_t* extents, const uint64_t* strides,
                                const unsigned* box, const unsigned* elementStrides, int interleave,
                                int swizzle, int l2Promotion, int fill) {
  DriverLock lock(driver_mutex);
  constexpr int kFloat32 = 7;
  auto wrong = [](const void* pointer, unsigned alignment) {
    return pointer == nullptr || reinterpret_cast<uintptr_t>(pointer) % alignment != 0;
  };
  if (type != kFloat32 || rank != 2 || interleave != 0 || fill != 0) return kNotSupported;
  if (swizzle < 0 || swizzle > 3 || l2Promotion < 0 || l2Promotion > 3) return kInvalidValue;
  if (wrong(map, 64) || wrong(address, 16)) return kInvalidValue;
  for (int i = 0; i < 2; i++) {
    if (extents[i] == 0 || extents[i] > 1ull << 32) return kInvalidValue;
    if (box[i] == 0 || box[i] > 256 || elementStrides[i] != 1) return kInvalidValue;
  }
  unsigned across = 4 * box[0], chunks = 1u << swizzle;
  if (strides[0] % 16 != 0 || strides[0] >= 1ull << 40 || strides[0] < 4 * extents[0] ||
      across % 16 != 0 || (swizzle != 0 && across > 16 * chunks)) {
    return kInvalidValue;
  }
  // A GPU leaves gaps after rows that are shorter than the swizzle; nothing here needs that.
  if (swizzle != 0 && across != 16 * chunks) return kNotSupported;
  size_t bytes = (extents[1] - 1) * strides[0] + 4 * extents[0];
  if (!is_device_memory(reinterpret_cast<CUdeviceptr>(address), bytes)) return kInvalidValue;
  EmulatedTensorMap made = {EmulatedTensorMap::kMark,
                            static_cast<const char*>(address),
                            extents[0],
                            extents[1],
                            strides[0],
                            box[0],
                            box[1],
                            chunks,
                            {}};
  memcpy(map, &made, sizeof made);
  return kSuccess;
}

CUresult cuLaunchKernel(void* function, unsigned gridX, unsigned gridY, unsigned gridZ,
                        unsigned blockX, unsigned blockY, unsigned blockZ, unsigned sharedBytes,
                        void* stream, void** arguments, void** extra) {
  DriverLock lock(driver_mutex);
  EmulatedIndex grid = {gridX, gridY, gridZ}, block = {blockX, blockY, blockZ};
  bool empty = !gridX || !gridY || !gridZ || !blockX || !blockY || !blockZ;
  bool large = gridY > kMaxGridYZ || gridZ > kMaxGridYZ || gridX > 0x7fffffff ||
               static_cast<uint64_t>(blockX) * blockY * blockZ > kMaxThreads;
  if (context == nullptr) return kInvalidContext;
  if (function == nullptr || empty || large || extra != nullptr ||
      sharedBytes > static_cast<Function*>(function)->mostShared) {
    return kInvalidValue;
  }
  const EmulatedKernel* kernel = static_cast<Function*>(function)->kernel;
  auto owned = std::make_shared<Arguments>(*kernel, arguments);
  return enqueue(stream, [=]() -> CUresult {
    std::string failure = run_grid({kernel, grid, block, sharedBytes, owned->pointers.data()});
    if (failure.empty()) return kSuccess;
    last_failure = std::string("kernel ") + kernel->name + ": " + failure;
    return sticky_error = kLaunchFailed;
  });
}

CUresult cuGetErrorName(CUresult error, const char** name) {
  static const std::map<CUresult, const char*> names = {
      {kSuccess, "CUDA_SUCCESS"},
      {kInvalidValue, "CUDA_ERROR_INVALID_VALUE"},
      {kOutOfMemory, "CUDA_ERROR_OUT_OF_MEMORY"},
      {kInvalidDevice, "CUDA_ERROR_INVALID_DEVICE"},
      {kInvalidImage, "CUDA_ERROR_INVALID_IMAGE"},
      {kInvalidContext, "CUDA_ERROR_INVALID_CONTEXT"},
      {kInvalidHandle, "CUDA_ERROR_INVALID_HANDLE"},
      {kNotFound, "CUDA_ERROR_NOT_FOUND"},
      {kNotReady, "CUDA_ERROR_NOT_READY"},
      {kLaunchFailed, "CUDA_ERROR_LAUNCH_FAILED"},
      {kNotSupported, "CUDA_ERROR_NOT_SUPPORTED"},
      {kCaptureUnsupported, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED"},
  };
  auto found = names.find(error);
  if (found == names.end()) return kInvalidValue;
  *name = found->second;
  return kSuccess;
}

CUresult cuGetErrorString(CUresult error, const char** text) {
  DriverLock lock(driver_mutex);
  if (error != kLaunchFailed && error != kInvalidImage) return cuGetErrorName(error, text);
  *text = last_failure.c_str();
  return kSuccess;
}
}
