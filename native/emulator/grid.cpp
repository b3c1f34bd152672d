#include "grid.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <numeric>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "async.h"
#include "fibers.h"

namespace {

constexpr unsigned kWarp = 32;
constexpr size_t kSharedMemory = 48 << 10;
// What a launch gives begins here: a GPU promises no more than 16 bytes of alignment either.
constexpr size_t kDynamicStart = 17 * 16;
// Below this many threads in a grid, waking others costs more than they could do.
constexpr size_t kWorthSharing = 2048;

std::atomic<Order> order{Order::kForward};

// A copy to shared memory that a thread has asked for, and the group it belongs to.
struct AsyncCopy {
  void* to;
  const void* from;
  size_t bytes;
  unsigned group;
};

enum class State { kReady, kAtBarrier, kInExchange, kAwaitsCopies, kReturned };

struct Thread {
  EmulatedThread identity;
  unsigned index;
  State state;
  Fiber fiber;
  // What the thread brings to an exchange with its warp.
  unsigned mask;
  const void* given;
  size_t bytes;
  void* all;
  std::deque<AsyncCopy> copies;
  unsigned groups;
  // The barrier whose phase it waits for.
  const void* awaited;
};

// Runs one block at a time on the calling thread of the host.
class Block {
 public:
  std::string run(const Launch& launch, size_t index);
  void barrier();
  void exchange(unsigned mask, const void* given, size_t bytes, void* all);
  void* shared(const void* key, size_t bytes);
  void copy_async(void* to, const void* from, size_t bytes);
  void commit_copies() { current_->groups++; }
  void await_copies(unsigned pending);
  const EmulatedThread* self() const { return &current_->identity; }
  char* dynamic_shared(size_t bytes);
  void await_phase(unsigned long long* barrier, unsigned parity);
  void multiply(bool bf16, float* sums, unsigned columns, uint64_t a, uint64_t b);
  AsyncProxy& async();
  unsigned thread() const { return current_->index; }
  unsigned address(const void* in) const { return static_cast<const char*>(in) - sharedMemory_; }
  // Ends the launch with an error, unless it is empty.
  void expect_none(std::string wrong);
  void wake(const void* barrier);

 private:
  void prepare(size_t index);
  void schedule();
  void finish_barrier();
  void finish_exchange(unsigned warp, unsigned mask);
  void fail(std::string what);
  static void body(void* block);
  void finish_thread();

  const Launch* launch_ = nullptr;
  std::deque<Thread> threads_;
  std::vector<unsigned> turns_;
  unsigned count_ = 0;
  unsigned alive_ = 0;
  unsigned atBarrier_ = 0;
  Thread* current_ = nullptr;
  std::string failure_;
  alignas(1024) char sharedMemory_[kDynamicStart + kMostSharedMemory + 256];
  std::vector<std::pair<const void*, size_t>> declarations_;
  size_t staticStart_ = 0;
  size_t sharedBytes_ = 0;
  AsyncProxy async_{sharedMemory_};
  bool asyncUsed_ = false;
};

thread_local Block* block_here = nullptr;

EmulatedIndex unravel(size_t index, const EmulatedIndex& extent) {
  return {static_cast<unsigned>(index % extent.x),
          static_cast<unsigned>(index / extent.x % extent.y),
          static_cast<unsigned>(index / extent.x / extent.y)};
}

size_t volume(const EmulatedIndex& extent) {
  return static_cast<size_t>(extent.x) * extent.y * extent.z;
}

void arrange(std::vector<unsigned>& turns, size_t count, size_t seed) {
  turns.resize(count);
  std::iota(turns.begin(), turns.end(), 0u);
  Order wanted = order;
  if (wanted == Order::kReverse) std::reverse(turns.begin(), turns.end());
  if (wanted == Order::kRandom) {
    std::shuffle(turns.begin(), turns.end(), std::minstd_rand(seed + 1));
  }
}

std::string Block::run(const Launch& launch, size_t index) {
  launch_ = &launch;
  prepare(index);
  schedule();
  return std::exchange(failure_, std::string());
}

void Block::prepare(size_t index) {
  count_ = static_cast<unsigned>(volume(launch_->block));
  while (threads_.size() < count_) threads_.emplace_back();
  arrange(turns_, count_, index);
  for (unsigned i = 0; i < count_; i++) {
    Thread& thread = threads_[i];
    thread.identity = {unravel(i, launch_->block), unravel(index, launch_->grid), launch_->block,
                       launch_->grid, i % kWarp};
    thread.index = i;
    thread.state = State::kReady;
    thread.copies.clear();
    thread.groups = 0;
    thread.fiber.prepare(&Block::body, this);
  }
  alive_ = count_;
  atBarrier_ = 0;
  declarations_.clear();
  asyncUsed_ = false;
  size_t given = launch_->sharedBytes;
  staticStart_ = given == 0 ? 0 : (kDynamicStart + given + 255) / 256 * 256;
  sharedBytes_ = staticStart_;
  memset(sharedMemory_, 0xFF, staticStart_);
}

void Block::schedule() {
  while (alive_ > 0 && failure_.empty()) {
    bool progress = false;
    for (unsigned turn : turns_) {
      Thread& thread = threads_[turn];
      if (thread.state != State::kReady) continue;
      progress = true;
      current_ = &thread;
      thread.fiber.enter();
      if (!failure_.empty()) return;
    }
    if (!progress) {
      auto waiting = [this](State state) {
        unsigned count = 0;
        for (unsigned i = 0; i < count_; i++) count += threads_[i].state == state;
        return std::to_string(count);
      };
      failure_ = "deadlock: of " + std::to_string(alive_) + " threads " +
                 waiting(State::kAtBarrier) + " wait in __syncthreads, " +
                 waiting(State::kAwaitsCopies) +
                 " for copies of tiles, and the others in an exchange with their warp";
    }
  }
}

void Block::body(void* block) {
  Block* self = static_cast<Block*>(block);
  self->launch_->kernel->call(self->launch_->arguments);
  self->finish_thread();
  // Never comes back, so nothing with a destructor may live here.
  self->current_->fiber.leave();
}

void Block::finish_thread() {
  Thread* thread = current_;
  if (asyncUsed_) expect_none(async_.finish(thread->index));
  thread->state = State::kReturned;
  alive_--;
  finish_barrier();
  unsigned first = thread->index / kWarp * kWarp;
  for (unsigned i = first; i < std::min(count_, first + kWarp); i++) {
    if (threads_[i].state == State::kInExchange) {
      finish_exchange(thread->index / kWarp, threads_[i].mask);
    }
  }
}

void Block::fail(std::string what) {
  failure_ = std::move(what);
  current_->fiber.leave();
}

void Block::barrier() {
  Thread* thread = current_;
  thread->state = State::kAtBarrier;
  atBarrier_++;
  finish_barrier();
  // Even the last to arrive waits for its turn, so that the order of threads stays the chosen one.
  thread->fiber.leave();
}

void Block::finish_barrier() {
  if (alive_ == 0 || atBarrier_ < alive_) return;
  for (unsigned i = 0; i < count_; i++) {
    if (threads_[i].state == State::kAtBarrier) threads_[i].state = State::kReady;
  }
  atBarrier_ = 0;
}

void Block::exchange(unsigned mask, const void* given, size_t bytes, void* all) {
  Thread* thread = current_;
  if ((mask >> thread->identity.lane & 1) == 0) {
    fail("a thread calls a warp function with a mask that leaves it out");
  }
  thread->mask = mask;
  thread->given = given;
  thread->bytes = bytes;
  thread->all = all;
  thread->state = State::kInExchange;
  finish_exchange(thread->index / kWarp, mask);
  thread->fiber.leave();
}

void Block::finish_exchange(unsigned warp, unsigned mask) {
  unsigned first = warp * kWarp;
  unsigned lanes = std::min(count_ - first, kWarp);
  for (unsigned lane = 0; lane < lanes; lane++) {
    const Thread& thread = threads_[first + lane];
    bool awaited = (mask >> lane & 1) != 0 && thread.state != State::kReturned;
    if (awaited && !(thread.state == State::kInExchange && thread.mask == mask)) return;
  }
  for (unsigned from = 0; from < lanes; from++) {
    Thread& giver = threads_[first + from];
    if ((mask >> from & 1) == 0 || giver.state != State::kInExchange) continue;
    for (unsigned to = 0; to < lanes; to++) {
      Thread& taker = threads_[first + to];
      if ((mask >> to & 1) == 0 || taker.state != State::kInExchange) continue;
      memcpy(static_cast<char*>(taker.all) + from * giver.bytes, giver.given, giver.bytes);
    }
  }
  for (unsigned lane = 0; lane < lanes; lane++) {
    Thread& thread = threads_[first + lane];
    if ((mask >> lane & 1) != 0 && thread.state == State::kInExchange) {
      thread.state = State::kReady;
    }
  }
}

void* Block::shared(const void* key, size_t bytes) {
  for (auto& [declared, offset] : declarations_) {
    if (declared == key) return sharedMemory_ + offset;
  }
  size_t offset = sharedBytes_;
  size_t declared = offset - staticStart_ + bytes;
  if (declared > kSharedMemory) fail("more than 48 KiB of shared memory declared");
  if (declared + launch_->sharedBytes > kMostSharedMemory) {
    fail("more than 227 KiB of shared memory declared and given");
  }
  sharedBytes_ += (bytes + 255) / 256 * 256;
  declarations_.emplace_back(key, offset);
  // All ones are a NaN in every format: what is read before it is written shows in the result.
  memset(sharedMemory_ + offset, 0xFF, bytes);
  return sharedMemory_ + offset;
}

void Block::copy_async(void* to, const void* from, size_t bytes) {
  auto address = [](const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); };
  if (address(to) % bytes != 0 || address(from) % bytes != 0) {
    fail("an asynchronous copy of " + std::to_string(bytes) + " bytes is not aligned to them");
  }
  bool shared = to >= sharedMemory_ && static_cast<char*>(to) + bytes <= sharedMemory_ + sharedBytes_;
  if (!shared) fail("an asynchronous copy goes elsewhere than to shared memory");
  memset(to, 0xFF, bytes);
  current_->copies.push_back({to, from, bytes, current_->groups});
}

void Block::await_copies(unsigned pending) {
  Thread* thread = current_;
  while (!thread->copies.empty() && thread->copies.front().group + pending < thread->groups) {
    const AsyncCopy& copy = thread->copies.front();
    if (copy.from == nullptr) {
      memset(copy.to, 0, copy.bytes);
    } else {
      memcpy(copy.to, copy.from, copy.bytes);
    }
    thread->copies.pop_front();
  }
}

char* Block::dynamic_shared(size_t bytes) {
  if (bytes > launch_->sharedBytes) {
    fail("the kernel needs " + std::to_string(bytes) + " bytes of shared memory, the launch gives " +
         std::to_string(launch_->sharedBytes));
  }
  return sharedMemory_ + kDynamicStart;
}

AsyncProxy& Block::async() {
  if (!asyncUsed_) async_.reset(sharedBytes_, count_);
  asyncUsed_ = true;
  async_.resize(sharedBytes_);
  return async_;
}

void Block::expect_none(std::string wrong) {
  if (!wrong.empty()) fail(std::move(wrong));
}

void Block::wake(const void* barrier) {
  for (unsigned i = 0; i < count_; i++) {
    Thread& thread = threads_[i];
    if (thread.state == State::kAwaitsCopies && thread.awaited == barrier) {
      thread.state = State::kReady;
    }
  }
}

void Block::await_phase(unsigned long long* barrier, unsigned parity) {
  for (;;) {
    bool over = false;
    expect_none(async().poll(barrier, parity, over));
    if (over) {
      wake(barrier);
      return;
    }
    current_->awaited = barrier;
    current_->state = State::kAwaitsCopies;
    current_->fiber.leave();
  }
}

void Block::multiply(bool bf16, float* sums, unsigned columns, uint64_t a, uint64_t b) {
  struct Call {
    uint64_t bf16, columns, a, b;
  };
  // Before the warp meets: who comes first must not find what only later threads will have written.
  bool eager = order == Order::kReverse || (order == Order::kRandom && turns_[0] % 2 == 0);
  expect_none(async().multiply(thread(), bf16, sums, columns, a, b, eager));
  Call mine = {bf16, columns, a, b}, all[kWarp];
  exchange(0xffffffffu, &mine, sizeof mine, all);
  if (count_ % (4 * kWarp) != 0) fail("a product of warpgroups, of which the block has no whole number");
  for (const Call& other : all) {
    if (memcmp(&other, &mine, sizeof mine) != 0) {
      fail("the threads of a warp do not agree on a product of warpgroups");
    }
  }
}

// One grid at a time, cut up among the caller and helpers that live as long as the process.
class Pool {
 public:
  std::string run(const Launch& launch);

 private:
  void help();
  void work();

  std::mutex mutex_;
  std::condition_variable wake_, idle_;
  size_t generation_ = 0;
  unsigned working_ = 0;
  bool started_ = false;
  const Launch* launch_ = nullptr;
  std::vector<unsigned> turns_;
  std::atomic<size_t> next_{0};
  std::string failure_;
};

std::string Pool::run(const Launch& launch) {
  launch_ = &launch;
  failure_.clear();
  arrange(turns_, volume(launch.grid), 0);
  next_ = 0;
  if (turns_.size() > 1 && turns_.size() * volume(launch.block) >= kWorthSharing) {
    std::lock_guard<std::mutex> lock(mutex_);
    unsigned helpers = std::max(1u, std::thread::hardware_concurrency()) - 1;
    for (unsigned i = 0; i < helpers && !started_; i++) std::thread(&Pool::help, this).detach();
    started_ = true;
    working_ = helpers;
    generation_++;
    wake_.notify_all();
  }
  work();
  std::unique_lock<std::mutex> lock(mutex_);
  idle_.wait(lock, [this] { return working_ == 0; });
  return failure_;
}

void Pool::help() {
  size_t seen = 0;
  for (;;) {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [&] { return generation_ != seen; });
      seen = generation_;
    }
    work();
    std::lock_guard<std::mutex> lock(mutex_);
    if (--working_ == 0) idle_.notify_one();
  }
}

void Pool::work() {
  // Kept for as long as the thread: a block holds the stacks of its threads.
  static thread_local Block* block = new Block;
  block_here = block;
  for (size_t i; (i = next_++) < turns_.size();) {
    std::string failure = block->run(*launch_, turns_[i]);
    if (!failure.empty()) {
      std::lock_guard<std::mutex> lock(mutex_);
      failure_ = failure;
      next_ = turns_.size();
    }
  }
}

}  // namespace

extern "C" {
const EmulatedThread* emulator_self() { return block_here->self(); }
void* emulator_shared(const void* key, size_t bytes) { return block_here->shared(key, bytes); }
void emulator_barrier() { block_here->barrier(); }
void emulator_exchange(unsigned mask, const void* given, size_t bytes, void* all) {
  block_here->exchange(mask, given, bytes, all);
}
void emulator_copy_async(void* to, const void* from, size_t bytes) {
  block_here->copy_async(to, from, bytes);
}
void emulator_commit_copies() { block_here->commit_copies(); }
void emulator_await_copies(unsigned pending) { block_here->await_copies(pending); }
char* emulator_dynamic_shared(size_t bytes) { return block_here->dynamic_shared(bytes); }
unsigned emulator_shared_address(const void* in) { return block_here->address(in); }
void emulator_barrier_init(unsigned long long* barrier, unsigned arrivals) {
  block_here->expect_none(block_here->async().init(barrier, block_here->thread(), arrivals));
}
void emulator_barrier_expect(unsigned long long* barrier, unsigned bytes) {
  block_here->expect_none(block_here->async().expect(barrier, bytes));
  block_here->wake(barrier);
}
void emulator_barrier_wait(unsigned long long* barrier, unsigned parity) {
  block_here->await_phase(barrier, parity);
}
void emulator_copy_tile(void* to, const void* map, int x, int y, unsigned long long* barrier) {
  block_here->expect_none(block_here->async().copy_tile(to, map, x, y, barrier));
  block_here->wake(barrier);
}
void emulator_store_operand(void* to, const void* words) {
  block_here->expect_none(block_here->async().store(to, words, block_here->thread()));
}
void emulator_fence_async_proxy() { block_here->async().fence(block_here->thread()); }
void emulator_wgmma_fence() { block_here->async().wgmma_fence(block_here->thread()); }
void emulator_wgmma_commit() { block_here->async().commit(block_here->thread()); }
void emulator_wgmma_await(unsigned pending) {
  block_here->expect_none(block_here->async().await(block_here->thread(), pending));
}
void emulator_wgmma(bool bf16, float* sums, unsigned columns, uint64_t a, uint64_t b) {
  block_here->multiply(bf16, sums, columns, a, b);
}
}

void set_order(Order wanted) { order = wanted; }

std::string run_grid(const Launch& launch) {
  // Never destroyed: its helpers may still wait when the process ends.
  static Pool* pool = new Pool;
  return pool->run(launch);
}
