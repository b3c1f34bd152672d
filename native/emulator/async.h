// What a Hopper multiprocessor does on its own while threads go on: copies of tiles into shared memory,
// barriers that count their bytes, products of warpgroups. From the PTX ISA: mbarrier,
// cp.async.bulk.tensor, wgmma.mma_async and its matrix descriptors, proxies.
//
// Of the moments that are allowed it takes those that faults do not survive. A copy poisons its target
// at once and is done when a thread waits for it. A product takes its sums away from the thread, leaves
// poison, and is computed when its group is awaited, or at once if `eager`.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tensor_map.h"

// The asynchronous proxy of one block. Every function returns what is wrong, empty if nothing.
class AsyncProxy {
 public:
  explicit AsyncProxy(char* shared) : shared_(shared) {}

  // For a new block with so many bytes of shared memory in use.
  void reset(size_t bytes, unsigned threads);
  void resize(size_t bytes);

  std::string init(unsigned long long* barrier, unsigned thread, unsigned arrivals);
  std::string expect(unsigned long long* barrier, unsigned bytes);
  std::string copy_tile(void* to, const void* map, int x, int y, unsigned long long* barrier);
  // Does the copies that count for the barrier; `over` tells whether its phase of this parity has ended.
  std::string poll(unsigned long long* barrier, unsigned parity, bool& over);

  std::string store(void* to, const void* words, unsigned thread);
  void fence(unsigned thread);

  void wgmma_fence(unsigned thread) { threads_[thread].fenced = true; }
  void commit(unsigned thread) { threads_[thread].groups++; }
  std::string multiply(unsigned thread, bool bf16, float* sums, unsigned columns, uint64_t a,
                       uint64_t b, bool eager);
  std::string await(unsigned thread, unsigned pending);
  // What a thread must have done before it returns.
  std::string finish(unsigned thread) const;

 private:
  struct Copy {
    size_t to;
    EmulatedTensorMap map;
    int x, y;
  };
  struct Barrier {
    unsigned owner, arrivals, pending, phase;
    bool visible;
    int64_t bytes;
    std::vector<Copy> copies;
  };
  struct Product {
    bool bf16;
    float* sums;
    unsigned columns;
    uint64_t a, b;
    unsigned group;
  };
  struct Thread {
    bool fenced = false;
    unsigned groups = 0;
    std::vector<Product> products;
    // Sums that are being added to, until all their products are awaited.
    std::map<float*, std::vector<float>> sums;
    std::vector<size_t> unfenced;
  };

  std::string find(unsigned long long* barrier, Barrier*& found);
  size_t offset(const void* in) const { return static_cast<const char*>(in) - shared_; }
  bool inside(const void* from, size_t bytes) const;
  void transfer(const Copy& copy);
  void settle(Barrier& barrier);
  std::string compute(unsigned thread, const Product& product);
  std::string line(uint64_t descriptor, unsigned line, unsigned count, bool bf16, float* values);

  char* shared_;
  size_t bytes_ = 0;
  std::map<unsigned long long*, Barrier> barriers_;
  std::vector<Thread> threads_;
  // For each 16 bytes, one more than the thread that wrote them without a fence since; 0 = none.
  std::vector<unsigned> writer_;
};
