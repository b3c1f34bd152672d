package dev.accrete.production.serve.live;

import dev.accrete.production.serve.metrics.Metrics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that runs models. It takes the images that are queued, waits a little for those
 * that are being decoded, and runs them together. What nobody waits for runs when nobody waits.
 */
public final class Batcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Batcher.class);

  /** Second opinions that may wait. */
  private static final int BACKGROUND = 512;

  /** How often an idle thread looks whether it shall end. */
  private static final long IDLE_MILLIS = 100;

  private final Batching batching;
  private final Metrics metrics;
  private final LinkedBlockingQueue<Ticket> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger later = new AtomicInteger();
  private final AtomicInteger admitted = new AtomicInteger();
  private final AtomicInteger coming = new AtomicInteger();
  private final Thread thread;
  private volatile boolean closed;

  /** What nobody waits for; like the next, touched by the thread alone. */
  private final Queue<Ticket> background = new ArrayDeque<>();

  private byte[] pixels = {};

  /** Starts the thread. */
  public Batcher(Batching batching, Metrics metrics) {
    this.batching = batching;
    this.metrics = metrics;
    metrics.gauge(
        "accrete_queue_images", "Images being decoded, queued or answered.", admitted::get);
    thread = Thread.ofPlatform().name("accrete-batcher").start(this::work);
  }

  /** How images come together. */
  public Batching batching() {
    return batching;
  }

  /**
   * Lets so many images in; each must be {@link #submit submitted} or {@link #withdraw withdrawn},
   * and then {@link #release released}.
   *
   * @return false if there are too many already
   */
  boolean admit(int images) {
    int now = admitted.get();
    while (now + images <= batching.queue() && !closed) {
      if (admitted.compareAndSet(now, now + images)) {
        coming.addAndGet(images);
        return true;
      }
      now = admitted.get();
    }
    return false;
  }

  /** An admitted image is decoded. */
  void submit(Ticket ticket) {
    queue.add(ticket);
    coming.decrementAndGet();
  }

  /** An admitted image will not come. */
  void withdraw() {
    coming.decrementAndGet();
  }

  /** Makes room for another image. */
  void release() {
    admitted.decrementAndGet();
  }

  /** Runs an image when there is time; returns false if too many wait for that. */
  boolean later(Ticket ticket) {
    if (closed || later.incrementAndGet() > BACKGROUND) {
      later.decrementAndGet();
      return false;
    }
    queue.add(ticket);
    return true;
  }

  private void work() {
    List<Ticket> batch = new ArrayList<>(batching.most());
    while (!closed || admitted.get() > 0 || !queue.isEmpty()) {
      try {
        collect(batch);
        boolean idle = batch.isEmpty();
        run(batch);
        if (idle || queue.isEmpty() || background.size() >= batching.most()) {
          takeBackground(batch);
          run(batch);
        }
      } catch (InterruptedException e) {
        LOG.debug("the batcher was interrupted; it ends when it is closed", e);
      } catch (RuntimeException e) {
        LOG.error("the batcher goes on after an error of its own", e);
      }
    }
    background.forEach(left -> left.failed(new CancellationException("the server stops")));
  }

  private void collect(List<Ticket> batch) throws InterruptedException {
    Ticket next =
        background.isEmpty() ? queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS) : queue.poll();
    while (next != null) {
      (next.urgent ? batch : background).add(next);
      if (batch.size() == batching.most()) {
        return;
      }
      next = queue.poll();
      if (next == null) {
        next = await(batch);
      }
    }
  }

  /** The next image, if one is being decoded and it comes in time. */
  private @Nullable Ticket await(List<Ticket> batch) throws InterruptedException {
    if (batch.isEmpty() || coming.get() == 0) {
      return null;
    }
    long left = batch.getFirst().queuedAt + batching.delay().toNanos() - System.nanoTime();
    return left <= 0 ? null : queue.poll(left, TimeUnit.NANOSECONDS);
  }

  private void takeBackground(List<Ticket> batch) {
    while (batch.size() < batching.most()) {
      Ticket next = background.poll();
      if (next == null) {
        return;
      }
      later.decrementAndGet();
      batch.add(next);
    }
  }

  /** Runs all, each model's together, and empties the list. */
  private void run(List<Ticket> batch) {
    List<Ticket> group = new ArrayList<>(batch.size());
    while (!batch.isEmpty()) {
      LiveModel model = batch.getFirst().model;
      group.clear();
      batch.removeIf(ticket -> ticket.model == model && group.add(ticket));
      run(model, group);
    }
  }

  private void run(LiveModel model, List<Ticket> group) {
    long start = System.nanoTime();
    int rows = group.size();
    int bytes = model.imageBytes();
    double[] probabilities;
    try {
      if (pixels.length < rows * bytes) {
        pixels = new byte[batching.most() * bytes];
      }
      for (int i = 0; i < rows; i++) {
        System.arraycopy(group.get(i).pixels, 0, pixels, i * bytes, bytes);
        metrics.waited(start - group.get(i).queuedAt);
      }
      probabilities = model.probabilities(pixels, rows);
    } catch (RuntimeException | Error e) {
      // Whatever it is, those who wait must hear of it, and the next batch may fare better.
      LOG.warn("version {} failed on {} images", model.version(), rows, e);
      group.forEach(ticket -> ticket.failed(e));
      return;
    }
    metrics.ran(rows, System.nanoTime() - start);
    int classes = model.classes().size();
    for (int i = 0; i < rows; i++) {
      group.get(i).answered(probabilities, i * classes);
    }
  }

  /** Answers what was admitted, then ends. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
