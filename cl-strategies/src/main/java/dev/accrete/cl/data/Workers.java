package dev.accrete.cl.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Goes through numbered items on all cores; the first failure stops the others. */
final class Workers {
  private static final int CHUNK = 16;

  /** Works on one item. */
  interface Task {
    void run(int item) throws IOException;
  }

  private final int count;
  private final Task task;
  private final ProgressListener progress;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicBoolean failed = new AtomicBoolean();
  private int done;

  private Workers(int count, Task task, ProgressListener progress) {
    this.count = count;
    this.task = task;
    this.progress = progress;
  }

  static void forEach(int count, Task task, ProgressListener progress) throws IOException {
    new Workers(count, task, progress).run();
  }

  private void run() throws IOException {
    int most = (count + CHUNK - 1) / CHUNK;
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, Math.max(1, most));
    List<Future<?>> workers = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        workers.add(
            pool.submit(
                () -> {
                  some();
                  return task;
                }));
      }
    }
    for (Future<?> worker : workers) {
      try {
        worker.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while preparing images", e);
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

  private void some() throws IOException {
    boolean finished = false;
    try {
      for (int from = next.getAndAdd(CHUNK);
          from < count && !failed.get();
          from = next.getAndAdd(CHUNK)) {
        int to = Math.min(count, from + CHUNK);
        for (int i = from; i < to; i++) {
          task.run(i);
        }
        report(to - from);
      }
      finished = true;
    } finally {
      if (!finished) {
        failed.set(true);
      }
    }
  }

  private synchronized void report(int items) {
    done += items;
    progress.progress(done, count);
  }
}
