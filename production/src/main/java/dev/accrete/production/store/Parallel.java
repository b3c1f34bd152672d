package dev.accrete.production.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Numbered tasks on several threads; the first failure stops the others. */
final class Parallel {
  private static final int WAITING = 32;

  /** One task. */
  interface Task {
    void run(int number) throws IOException;
  }

  private Parallel() {}

  /** Tasks that compute: one thread for each processor. */
  static void compute(int count, Task task) throws IOException {
    int threads = Math.clamp(count, 1, Runtime.getRuntime().availableProcessors());
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      run(pool, threads, count, task);
    }
  }

  /** Tasks that wait for the disk. */
  static void wait(int count, Task task) throws IOException {
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      run(pool, Math.clamp(count, 1, WAITING), count, task);
    }
  }

  private static void run(ExecutorService pool, int threads, int count, Task task)
      throws IOException {
    AtomicInteger next = new AtomicInteger();
    AtomicBoolean failed = new AtomicBoolean();
    List<Future<?>> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      workers.add(
          pool.submit(
              () -> {
                boolean done = false;
                try {
                  for (int n = next.getAndIncrement();
                      n < count && !failed.get();
                      n = next.getAndIncrement()) {
                    task.run(n);
                  }
                  done = true;
                } finally {
                  if (!done) {
                    failed.set(true);
                  }
                }
                return task;
              }));
    }
    for (Future<?> worker : workers) {
      await(worker);
    }
  }

  private static void await(Future<?> worker) throws IOException {
    try {
      worker.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException problem -> throw problem;
        case Error error -> throw error;
        case null, default -> throw new IOException(e);
      }
    }
  }
}
