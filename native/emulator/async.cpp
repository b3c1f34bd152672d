#include "async.h"

#include <algorithm>
#include <cstring>

namespace {

constexpr uint64_t kBarrierMark = 0x7265697272616265;
constexpr size_t kChunk = 16;
constexpr unsigned kWarp = 32;
// What a product reads of each line.
constexpr size_t kStep = 32;

// Swizzling adds bits 7 and above of an address to the number of its 16-byte chunk.
size_t swizzled(size_t address, size_t chunks) {
  return address ^ (address >> 7 & (chunks - 1)) << 4;
}

float float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace

void AsyncProxy::reset(size_t bytes, unsigned threads) {
  barriers_.clear();
  threads_.assign(threads, Thread());
  writer_.clear();
  resize(bytes);
}

void AsyncProxy::resize(size_t bytes) {
  bytes_ = bytes;
  writer_.resize((bytes + kChunk - 1) / kChunk, 0);
}

bool AsyncProxy::inside(const void* from, size_t bytes) const {
  return from >= shared_ && static_cast<const char*>(from) + bytes <= shared_ + bytes_;
}

std::string AsyncProxy::init(unsigned long long* barrier, unsigned thread, unsigned arrivals) {
  if (!inside(barrier, sizeof *barrier)) return "a barrier lies elsewhere than in shared memory";
  if (arrivals == 0 || arrivals >= 1u << 20) return "a barrier is to await a forbidden number";
  *barrier = kBarrierMark;
  barriers_[barrier] = {thread, arrivals, arrivals, 0, false, 0, {}};
  return "";
}

std::string AsyncProxy::find(unsigned long long* barrier, Barrier*& found) {
  auto known = barriers_.find(barrier);
  if (known == barriers_.end() || *barrier != kBarrierMark) {
    return "a barrier of copies is not initialized, or was overwritten";
  }
  found = &known->second;
  return "";
}

std::string AsyncProxy::expect(unsigned long long* barrier, unsigned bytes) {
  Barrier* found = nullptr;
  std::string wrong = find(barrier, found);
  if (!wrong.empty()) return wrong;
  if (found->pending == 0) return "more threads arrive at a barrier than its phase awaits";
  found->bytes += bytes;
  found->pending--;
  settle(*found);
  return "";
}

void AsyncProxy::settle(Barrier& barrier) {
  if (barrier.pending != 0 || barrier.bytes != 0) return;
  barrier.phase++;
  barrier.pending = barrier.arrivals;
}

std::string AsyncProxy::copy_tile(void* to, const void* map, int x, int y, unsigned long long* barrier) {
  Barrier* found = nullptr;
  std::string wrong = find(barrier, found);
  if (!wrong.empty()) return wrong;
  if (!found->visible) return "a copy of a tile uses a barrier that was initialized without a fence";
  auto* tensor = static_cast<const EmulatedTensorMap*>(map);
  if (reinterpret_cast<uintptr_t>(map) % 64 != 0) return "a tensor map is not aligned to 64 bytes";
  if (tensor->mark != EmulatedTensorMap::kMark) return "a copy of a tile is given no tensor map";
  size_t bytes = size_t{4} * tensor->boxWidth * tensor->boxHeight;
  if (!inside(to, bytes)) return "a copy of a tile goes elsewhere than to shared memory";
  if (offset(to) % 128 != 0) return "a tile's target is not aligned to 128 bytes";
  memset(to, 0xFF, bytes);
  found->copies.push_back({offset(to), *tensor, x, y});
  return "";
}

void AsyncProxy::transfer(const Copy& copy) {
  const EmulatedTensorMap& map = copy.map;
  size_t at = copy.to;
  for (int64_t y = copy.y; y < copy.y + int64_t{map.boxHeight}; y++) {
    for (int64_t x = copy.x; x < copy.x + int64_t{map.boxWidth}; x++, at += sizeof(float)) {
      bool within = x >= 0 && y >= 0 && x < static_cast<int64_t>(map.width) &&
                    y < static_cast<int64_t>(map.height);
      float value = 0;
      if (within) memcpy(&value, map.data + y * map.pitch + x * sizeof value, sizeof value);
      memcpy(shared_ + swizzled(at, map.chunks), &value, sizeof value);
    }
  }
}

std::string AsyncProxy::poll(unsigned long long* barrier, unsigned parity, bool& over) {
  Barrier* found = nullptr;
  std::string wrong = find(barrier, found);
  if (!wrong.empty()) return wrong;
  for (const Copy& copy : found->copies) {
    transfer(copy);
    found->bytes -= int64_t{4} * copy.map.boxWidth * copy.map.boxHeight;
  }
  bool copied = !found->copies.empty();
  found->copies.clear();
  if (copied) settle(*found);
  over = (found->phase & 1) != parity;
  return "";
}

std::string AsyncProxy::store(void* to, const void* words, unsigned thread) {
  if (!inside(to, kChunk)) return "an operand is written elsewhere than to shared memory";
  if (offset(to) % kChunk != 0) return "an operand is written to no multiple of 16 bytes";
  memcpy(to, words, kChunk);
  size_t chunk = offset(to) / kChunk;
  writer_[chunk] = thread + 1;
  threads_[thread].unfenced.push_back(chunk);
  return "";
}

void AsyncProxy::fence(unsigned thread) {
  for (size_t chunk : threads_[thread].unfenced) {
    if (writer_[chunk] == thread + 1) writer_[chunk] = 0;
  }
  threads_[thread].unfenced.clear();
  for (auto& [word, barrier] : barriers_) {
    if (barrier.owner == thread) barrier.visible = true;
  }
}

std::string AsyncProxy::multiply(unsigned thread, bool bf16, float* sums, unsigned columns,
                                 uint64_t a, uint64_t b, bool eager) {
  Thread& mine = threads_[thread];
  if (!mine.fenced) return "wgmma.mma_async comes without a wgmma.fence before it";
  std::vector<float>& kept = mine.sums[sums];
  if (kept.empty()) {
    kept.assign(sums, sums + columns / 2);
    memset(sums, 0xFF, sizeof(float) * kept.size());
  }
  Product product = {bf16, sums, columns, a, b, mine.groups};
  std::string wrong = eager ? compute(thread, product) : "";
  // Computed or not, it is under way until it is awaited.
  if (eager) product.columns = 0;
  mine.products.push_back(product);
  return wrong;
}

std::string AsyncProxy::await(unsigned thread, unsigned pending) {
  Thread& mine = threads_[thread];
  mine.fenced = false;
  std::vector<Product> later;
  for (const Product& product : mine.products) {
    if (product.group + pending >= mine.groups) {
      later.push_back(product);
      continue;
    }
    std::string wrong = product.columns == 0 ? "" : compute(thread, product);
    if (!wrong.empty()) return wrong;
  }
  mine.products = std::move(later);
  for (auto sums = mine.sums.begin(); sums != mine.sums.end();) {
    bool underWay = std::any_of(mine.products.begin(), mine.products.end(),
                                [&](const Product& p) { return p.sums == sums->first; });
    if (underWay) {
      ++sums;
    } else {
      memcpy(sums->first, sums->second.data(), sizeof(float) * sums->second.size());
      sums = mine.sums.erase(sums);
    }
  }
  return "";
}

std::string AsyncProxy::finish(unsigned thread) const {
  return threads_[thread].products.empty() ? "" : "a thread returns without awaiting its products";
}

// One line's part of a product, `count` numbers, found by a descriptor.
std::string AsyncProxy::line(uint64_t descriptor, unsigned line, unsigned count, bool bf16,
                             float* values) {
  size_t start = (descriptor & 0x3fff) << 4;
  size_t eightLines = (descriptor >> 32 & 0x3fff) << 4;
  unsigned phase = descriptor >> 49 & 7;
  unsigned kind = descriptor >> 62;
  if (kind == 0 || phase != 0) return "a matrix descriptor is of a kind that is not emulated";
  size_t chunks = size_t{16} >> kind;
  size_t address = start + line / 8 * eightLines + line % 8 * chunks * kChunk;
  for (unsigned k = 0; k < count; k++) {
    size_t size = bf16 ? 2 : 4;
    size_t at = swizzled(address + k * size, chunks);
    if (at + size > bytes_) return "a matrix descriptor leads out of shared memory";
    if (writer_[at / kChunk] != 0) {
      return "a product reads what thread " + std::to_string(writer_[at / kChunk] - 1) +
             " wrote without fence.proxy.async";
    }
    uint32_t bits = 0;
    memcpy(&bits, shared_ + at, size);
    // Of TF32 the hardware leaves the lower 13 bits out.
    values[k] = float_of(bf16 ? bits << 16 : bits & ~0x1fffu);
  }
  return "";
}

// The calling thread's part of a product: 2 lines of a by a fourth of the columns. Sums in the order of
// the inner index; a tensor core's own order is not documented.
std::string AsyncProxy::compute(unsigned thread, const Product& product) {
  unsigned count = product.bf16 ? kStep / 2 : kStep / 4;
  unsigned lane = thread % kWarp;
  unsigned row = thread / kWarp % 4 * 16 + lane / 4;
  float upper[kStep / 2], lower[kStep / 2], column[kStep / 2];
  std::string wrong = line(product.a, row, count, product.bf16, upper);
  if (wrong.empty()) wrong = line(product.a, row + 8, count, product.bf16, lower);
  std::vector<float>& sums = threads_[thread].sums[product.sums];
  for (unsigned j = 0; j < product.columns / 8 && wrong.empty(); j++) {
    for (unsigned c = 0; c < 2 && wrong.empty(); c++) {
      wrong = line(product.b, j * 8 + lane % 4 * 2 + c, count, product.bf16, column);
      for (unsigned k = 0; k < count; k++) {
        sums[j * 4 + c] += upper[k] * column[k];
        sums[j * 4 + 2 + c] += lower[k] * column[k];
      }
    }
  }
  return wrong;
}
