package dev.accrete.kernels.vector.run;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Persistent daemon threads that run the tiles of one kernel at a time; the caller takes part.
 *
 * <p>Every thread owns a fixed, contiguous share of the tiles, which keeps a tile's memory with one
 * core from kernel to kernel; who is done early takes tiles from the shares of others, so that a
 * thread the operating system holds up costs one tile and not its whole share. A kernel is over
 * when its tiles are, not when its threads are: one that does not come in time, because others use
 * the processors too, is not waited for, and finds nothing left to do when it comes. Waiting
 * threads spin briefly, then park.
 *
 * <p>A thread may thus look for tiles of a kernel that is long over. So a tile is taken together
 * with the number of its kernel (its generation), and only tiles below the end of the same kernel
 * count; while one of them is at work its kernel cannot be over.
 */
public final class WorkerPool implements TileRunner, AutoCloseable {
  private static final Optional<Throwable> NONE = Optional.empty();
  private static final int SPINS = 4_000;
  private static final long PARK_NANOS = 50_000_000L;

  /** Numbers that fill two cache lines, which processors like to fetch together. */
  private static final int LINE = 32;

  private final ReentrantLock oneKernelAtATime = new ReentrantLock();

  private final List<Thread> workers = new ArrayList<>();
  private final Scratch[] scratch;

  /** Per share its next tile under the generation's number, one per cache line. */
  private final AtomicLongArray next;

  /** Per share the end of its tiles under the generation's number. */
  private final AtomicLongArray ends;

  /** Per thread how many tiles of the generation at hand it has finished. */
  private final AtomicIntegerArray done;

  /** Per worker whether it has to be woken. */
  private final AtomicIntegerArray parked;

  private final AtomicReference<Optional<Throwable>> failure = new AtomicReference<>(NONE);
  private TileBody body = (tile, memory) -> {};
  private final AtomicInteger generation = new AtomicInteger();
  private volatile boolean closed;
  private volatile boolean awaited;
  private volatile Thread caller = Thread.currentThread();

  /** A pool of {@code threads} threads, the caller's included. */
  public WorkerPool(int threads) {
    this(threads, Thread.ofPlatform().daemon().name("accrete-worker-", 1).factory());
  }

  WorkerPool(int threads, ThreadFactory factory) {
    scratch = new Scratch[threads];
    next = new AtomicLongArray(threads * LINE);
    ends = new AtomicLongArray(threads * LINE);
    done = new AtomicIntegerArray(threads * LINE);
    parked = new AtomicIntegerArray(threads * LINE);
    for (int i = 0; i < threads; i++) {
      scratch[i] = new Scratch();
    }
    for (int i = 1; i < threads; i++) {
      int index = i;
      Thread worker = factory.newThread(() -> serve(index));
      workers.add(worker);
      worker.start();
    }
  }

  /** The number of threads, the caller's included. */
  @Override
  public int threads() {
    return scratch.length;
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
      await(tiles);
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
    int threads = scratch.length;
    int number = generation.get() + 1;
    body = kernel;
    caller = Thread.currentThread();
    for (int i = 0; i < threads; i++) {
      done.setPlain(i * LINE, 0);
      ends.set(i * LINE, stamped(number, (int) ((long) tiles * (i + 1) / threads)));
    }
    // From here on threads that look for tiles find these.
    for (int i = 0; i < threads; i++) {
      next.set(i * LINE, stamped(number, (int) ((long) tiles * i / threads)));
    }
    generation.set(number);
    int wanted = Math.min(workers.size(), tiles - 1);
    for (int i = 0; i < wanted; i++) {
      if (parked.get((i + 1) * LINE) != 0) {
        LockSupport.unpark(workers.get(i));
      }
    }
  }

  private static long stamped(int generation, int tile) {
    return (long) generation << Integer.SIZE | tile;
  }

  private void await(int tiles) {
    for (int spins = 0; !isOver(tiles); spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        awaited = true;
        if (!isOver(tiles)) {
          LockSupport.parkNanos(this, PARK_NANOS);
        }
      }
    }
    awaited = false;
  }

  private boolean isOver(int tiles) {
    int sum = 0;
    for (int i = 0; i < scratch.length; i++) {
      sum += done.get(i * LINE);
    }
    return sum == tiles;
  }

  private void serve(int index) {
    int seen = 0;
    while (!closed) {
      for (int spins = 0; generation.get() == seen && spins < SPINS; spins++) {
        Thread.onSpinWait();
      }
      if (generation.get() == seen) {
        parked.set(index * LINE, 1);
        while (generation.get() == seen && !closed) {
          LockSupport.park(this);
        }
        parked.set(index * LINE, 0);
      }
      if (generation.get() != seen) {
        seen = generation.get();
        work(index);
        VarHandle.fullFence(); // what was done is seen before it is looked whether anybody waits
        if (awaited) {
          LockSupport.unpark(caller);
        }
      }
    }
  }

  private void work(int index) {
    for (int i = 0; i < scratch.length; i++) {
      int owner = (index + i) % scratch.length * LINE;
      long tile = next.getAndIncrement(owner);
      while (isBelow(tile, ends.get(owner))) {
        run((int) tile, index);
        tile = next.getAndIncrement(owner);
      }
    }
  }

  /** Whether a tile is one of the kernel, and the part of it, whose end this is. */
  private static boolean isBelow(long tile, long end) {
    return tile >>> Integer.SIZE == end >>> Integer.SIZE && tile < end;
  }

  private void run(int tile, int index) {
    try {
      body.run(tile, scratch[index]);
    } catch (Throwable thrown) {
      failure.compareAndSet(NONE, Optional.of(thrown));
    } finally {
      done.setRelease(index * LINE, done.getPlain(index * LINE) + 1);
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
}
