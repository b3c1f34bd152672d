// Prints what arguments kernels take, one kernel a line: name, then of each argument its kind (see
// abi.h) and its bytes. Arguments: a folder, and names of files in it without .so, each followed by a
// colon and the names of its kernels, separated by commas.
#include <dlfcn.h>

#include <cstdio>
#include <sstream>
#include <string>

#include "abi.h"

int main(int count, char** arguments) {
  for (int i = 2; i < count; i++) {
    std::string file = arguments[i];
    std::string kernels = file.substr(file.find(':') + 1);
    file.resize(file.find(':'));
    void* library = dlopen((std::string(arguments[1]) + "/" + file + ".so").c_str(), RTLD_NOW);
    if (library == nullptr) {
      std::fprintf(stderr, "%s\n", dlerror());
      return 1;
    }
    std::istringstream names(kernels);
    for (std::string name; std::getline(names, name, ',');) {
      auto* kernel =
          static_cast<const EmulatedKernel*>(dlsym(library, ("accrete_kernel_" + name).c_str()));
      if (kernel == nullptr) {
        std::fprintf(stderr, "%s: %s\n", file.c_str(), dlerror());
        return 1;
      }
      std::printf("%s/%s", file.c_str(), name.c_str());
      for (size_t a = 0; a < kernel->argumentCount; a++) {
        std::printf(" %c%zu", kernel->argumentKinds[a], kernel->argumentSizes[a]);
      }
      std::printf("\n");
    }
  }
}
