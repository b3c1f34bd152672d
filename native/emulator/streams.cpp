// Streams, events and graphs. Work is done at once, or, in deferred mode, as late as a program that
// waits properly can bear: when a wait asks for it.
#include <chrono>
#include <memory>
#include <set>

#include "driver.h"

std::recursive_mutex driver_mutex;
std::string last_failure;
CUresult sticky_error = kSuccess;

namespace {

typedef std::vector<Operation> Graph;

struct Stream {
  std::deque<Operation> pending;
  std::unique_ptr<Graph> captured;
};

// An event counts how often it was recorded and how many of those records have been passed.
struct Event {
  Stream* stream = nullptr;
  size_t recorded = 0;
  size_t passed = 0;
  std::chrono::steady_clock::time_point time;
};

bool deferred = false;
Stream null_stream;
std::set<Stream*> streams{&null_stream};

Stream* of(void* handle) {
  // Null, and cuda.h's handles 1 and 2 for the default streams.
  return reinterpret_cast<uintptr_t>(handle) <= 2 ? &null_stream : static_cast<Stream*>(handle);
}

CUresult execute(const Operation& operation) {
  if (sticky_error != kSuccess) return sticky_error;
  return operation();
}

CUresult do_next(Stream* stream) {
  Operation operation = std::move(stream->pending.front());
  stream->pending.pop_front();
  return execute(operation);
}

CUresult drain(Stream* stream) {
  CUresult result = sticky_error;
  while (!stream->pending.empty()) {
    CUresult done = do_next(stream);
    if (result == kSuccess) result = done;
  }
  return result;
}

// Does the work of the event's stream up to its record number `target`.
CUresult reach(Event* event, size_t target) {
  CUresult result = sticky_error;
  while (event->passed < target && !event->stream->pending.empty()) {
    CUresult done = do_next(event->stream);
    if (result == kSuccess) result = done;
  }
  return result;
}

}  // namespace

CUresult enqueue(void* handle, Operation operation) {
  Stream* stream = of(handle);
  if (stream->captured != nullptr) {
    stream->captured->push_back(std::move(operation));
    return kSuccess;
  }
  if (!deferred) return execute(operation);
  if (sticky_error != kSuccess) return sticky_error;
  stream->pending.push_back(std::move(operation));
  return kSuccess;
}

CUresult finish_everything() {
  CUresult result = sticky_error;
  for (Stream* stream : streams) {
    CUresult done = drain(stream);
    if (result == kSuccess) result = done;
  }
  return result;
}

void set_deferred(bool wanted) {
  finish_everything();
  deferred = wanted;
}

extern "C" {

CUresult cuStreamCreate(void** stream, unsigned) {
  DriverLock lock(driver_mutex);
  Stream* made = new Stream;
  streams.insert(made);
  *stream = made;
  return kSuccess;
}

CUresult cuStreamDestroy_v2(void* handle) {
  DriverLock lock(driver_mutex);
  Stream* stream = of(handle);
  if (stream == &null_stream || streams.count(stream) == 0) return kInvalidHandle;
  CUresult result = drain(stream);
  streams.erase(stream);
  delete stream;
  return result;
}

CUresult cuStreamSynchronize(void* stream) {
  DriverLock lock(driver_mutex);
  return of(stream)->captured != nullptr ? kCaptureUnsupported : drain(of(stream));
}

CUresult cuCtxSynchronize() {
  DriverLock lock(driver_mutex);
  return finish_everything();
}

CUresult cuStreamQuery(void* stream) {
  DriverLock lock(driver_mutex);
  return sticky_error != kSuccess ? sticky_error
         : of(stream)->pending.empty() ? kSuccess
                                       : kNotReady;
}

CUresult cuEventCreate(void** event, unsigned) {
  *event = new Event;
  return kSuccess;
}

CUresult cuEventDestroy_v2(void* event) {
  DriverLock lock(driver_mutex);
  Event* dying = static_cast<Event*>(event);
  // What still waits in a stream refers to it.
  CUresult result = reach(dying, dying->recorded);
  delete dying;
  return result;
}

CUresult cuEventRecord(void* handle, void* stream) {
  DriverLock lock(driver_mutex);
  if (of(stream)->captured != nullptr) return kCaptureUnsupported;
  Event* event = static_cast<Event*>(handle);
  event->stream = of(stream);
  size_t number = ++event->recorded;
  return enqueue(stream, [=] {
    event->passed = number;
    event->time = std::chrono::steady_clock::now();
    return kSuccess;
  });
}

CUresult cuStreamWaitEvent(void* stream, void* handle, unsigned) {
  DriverLock lock(driver_mutex);
  if (of(stream)->captured != nullptr) return kCaptureUnsupported;
  Event* event = static_cast<Event*>(handle);
  size_t target = event->recorded;
  return enqueue(stream, [=] { return reach(event, target); });
}

CUresult cuEventSynchronize(void* event) {
  DriverLock lock(driver_mutex);
  Event* awaited = static_cast<Event*>(event);
  return reach(awaited, awaited->recorded);
}

CUresult cuEventQuery(void* event) {
  DriverLock lock(driver_mutex);
  Event* asked = static_cast<Event*>(event);
  return sticky_error != kSuccess             ? sticky_error
         : asked->passed == asked->recorded ? kSuccess
                                            : kNotReady;
}

CUresult cuEventElapsedTime(float* milliseconds, void* begin, void* end) {
  DriverLock lock(driver_mutex);
  Event* first = static_cast<Event*>(begin);
  Event* last = static_cast<Event*>(end);
  if (first->recorded == 0 || last->recorded == 0) return kInvalidHandle;
  if (first->passed < first->recorded || last->passed < last->recorded) return kNotReady;
  *milliseconds = std::chrono::duration<float, std::milli>(last->time - first->time).count();
  return kSuccess;
}

CUresult cuStreamBeginCapture_v2(void* handle, int) {
  DriverLock lock(driver_mutex);
  Stream* stream = of(handle);
  if (stream == &null_stream || stream->captured != nullptr) return kCaptureUnsupported;
  stream->captured = std::make_unique<Graph>();
  return kSuccess;
}

CUresult cuStreamEndCapture(void* handle, void** graph) {
  DriverLock lock(driver_mutex);
  Stream* stream = of(handle);
  if (stream->captured == nullptr) return kCaptureUnsupported;
  *graph = stream->captured.release();
  return kSuccess;
}

CUresult cuGraphInstantiateWithFlags(void** executable, void* graph, unsigned long long) {
  *executable = new Graph(*static_cast<Graph*>(graph));
  return kSuccess;
}

CUresult cuGraphLaunch(void* executable, void* stream) {
  DriverLock lock(driver_mutex);
  for (const Operation& operation : *static_cast<Graph*>(executable)) {
    CUresult result = enqueue(stream, operation);
    if (result != kSuccess) return result;
  }
  return kSuccess;
}

CUresult cuGraphDestroy(void* graph) {
  delete static_cast<Graph*>(graph);
  return kSuccess;
}

CUresult cuGraphExecDestroy(void* executable) {
  delete static_cast<Graph*>(executable);
  return kSuccess;
}
}
