package dev.accrete.kernels.vector.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Persistent daemon threads that run the tiles of one kernel at a time; the caller takes part.
 *
 * <p>Every thread owns a fixed, contiguous share of the tiles, which keeps a tile's memory with one
 * core from kernel to kernel; who is done early takes tiles from the shares of others, so that a
 * thread the operating system holds up costs one tile and not its whole share. Waiting threads spin
 * briefly, then park.
 */
public final class WorkerPool implements TileRunner, AutoCloseable {
  private static final Optional<Throwable> NONE = Optional.empty();
  private static final int SPINS = 4_000;
  private static final long PARK_NANOS = 50_000_000L;

  /** Integers of two cache lines, which processors like to fetch together. */
  private static final int LINE = 32;

  private final ReentrantLock oneKernelAtATime = new ReentrantLock();

  private final List<Thread> workers = new ArrayList<>();
  private final Scratch[] scratch;
  private final Share[] shares;

  /**
   * The next tile of each share, one per cache line: owners count without disturbing each other.
   */
  private final AtomicIntegerArray next;

  private final AtomicInteger running = new AtomicInteger();
  private final AtomicReference<Optional<Throwable>> failure = new AtomicReference<>(NONE);
  private TileBody body = (tile, memory) -> {};
  private final AtomicInteger generation = new AtomicInteger();
  private volatile boolean closed;
  private volatile Thread caller = Thread.currentThread();

  /** A pool of {@code threads} threads, the caller's included. */
  public WorkerPool(int threads) {
    scratch = new Scratch[threads];
    shares = new Share[threads];
    next = new AtomicIntegerArray(threads * LINE);
    for (int i = 0; i < threads; i++) {
      scratch[i] = new Scratch();
      shares[i] = new Share();
    }
    for (int i = 1; i < threads; i++) {
      int index = i;
      workers.add(
          Thread.ofPlatform().daemon().name("accrete-worker-" + i).start(() -> serve(index)));
    }
  }

  /** The number of threads, the caller's included. */
  public int threads() {
    return shares.length;
  }

  /** Bytes of scratch memory of all threads. */
  long bytes() {
    long sum = 0;
    for (Scratch memory : scratch) {
      sum += memory.bytes();
    }
    return sum;
  }

  @Override
  public void reserve(int floats) {
    oneKernelAtATime.lock();
    try {
      for (Scratch memory : scratch) {
        memory.floats(floats);
      }
    } finally {
      oneKernelAtATime.unlock();
    }
  }

  @Override
  public void run(int tiles, TileBody kernel) {
    oneKernelAtATime.lock();
    try {
      if (workers.isEmpty() || tiles == 1) {
        for (int tile = 0; tile < tiles; tile++) {
          kernel.run(tile, scratch[0]);
        }
        return;
      }
      start(tiles, kernel);
      work(0);
      await();
      Optional<Throwable> thrown = failure.getAndSet(NONE);
      if (thrown.isPresent()) {
        throw propagate(thrown.get());
      }
    } finally {
      oneKernelAtATime.unlock();
    }
  }

  private void start(int tiles, TileBody kernel) {
    if (closed) {
      throw new IllegalStateException("the backend is closed");
    }
    int threads = shares.length;
    for (int i = 0; i < threads; i++) {
      shares[i].end = (int) ((long) tiles * (i + 1) / threads);
      next.set(i * LINE, (int) ((long) tiles * i / threads));
    }
    body = kernel;
    caller = Thread.currentThread();
    running.set(workers.size());
    generation.incrementAndGet();
    for (int i = 0; i < workers.size(); i++) {
      if (shares[i + 1].parked) {
        LockSupport.unpark(workers.get(i));
      }
    }
  }

  private void await() {
    for (int spins = 0; running.get() != 0; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, PARK_NANOS);
      }
    }
  }

  private void serve(int index) {
    int seen = 0;
    while (!closed) {
      for (int spins = 0; generation.get() == seen && spins < SPINS; spins++) {
        Thread.onSpinWait();
      }
      if (generation.get() == seen) {
        shares[index].parked = true;
        while (generation.get() == seen && !closed) {
          LockSupport.park(this);
        }
        shares[index].parked = false;
      }
      if (generation.get() != seen) {
        seen = generation.get();
        work(index);
        if (running.decrementAndGet() == 0) {
          LockSupport.unpark(caller);
        }
      }
    }
  }

  private void work(int index) {
    try {
      for (int i = 0; i < shares.length; i++) {
        int owner = (index + i) % shares.length;
        int end = shares[owner].end;
        for (int tile = next.getAndIncrement(owner * LINE);
            tile < end;
            tile = next.getAndIncrement(owner * LINE)) {
          body.run(tile, scratch[index]);
        }
      }
    } catch (Throwable thrown) {
      failure.compareAndSet(NONE, Optional.of(thrown));
    }
  }

  private static RuntimeException propagate(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    return new IllegalStateException(thrown);
  }

  @Override
  public void close() {
    closed = true;
    workers.forEach(LockSupport::unpark);
  }

  /**
   * What one thread owns of the kernel at hand; padded, because threads hammer their own counters.
   */
  private static final class Share {
    int end;
    volatile boolean parked;
  }
}
