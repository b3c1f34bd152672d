package dev.accrete.production.serve.live;

import dev.accrete.production.serve.metrics.Metrics;
import dev.accrete.production.serve.workshop.Answer;
import dev.accrete.production.serve.workshop.SecondOpinion;
import dev.accrete.production.serve.workshop.Workshop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands answers over to the workshop in batches, so that no request waits for a disk. What waits is
 * bounded: beyond {@value #MOST} answers new ones are dropped, beyond 64 MiB of images their
 * images. Both are counted, as is what the workshop could not keep.
 */
final class Recorder implements AutoCloseable {
  static final int MOST = 16_384;
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
  private static final long MOST_BYTES = 64L << 20;
  private static final int TOGETHER = 1_024;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int ATTEMPTS = 3;

  private final Workshop workshop;
  private final Metrics metrics;
  private final ArrayBlockingQueue<Object> queue = new ArrayBlockingQueue<>(MOST);
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong offered = new AtomicLong();
  private final AtomicLong handed = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  Recorder(Workshop workshop, Metrics metrics) {
    this.workshop = workshop;
    this.metrics = metrics;
    thread = Thread.ofPlatform().name("accrete-recorder").daemon().start(this::work);
  }

  void offer(Answer answer) {
    int length = answer.content().map(content -> content.length).orElse(0);
    Answer kept = answer;
    if (length > 0 && bytes.addAndGet(length) > MOST_BYTES) {
      bytes.addAndGet(-length);
      metrics.records("image_dropped", 1);
      kept =
          new Answer(
              answer.id(),
              answer.at(),
              answer.version(),
              answer.image(),
              answer.label(),
              answer.probability(),
              answer.second(),
              answer.subject(),
              Optional.empty());
    }
    if (!put(kept)) {
      bytes.addAndGet(-kept.content().map(content -> content.length).orElse(0));
    }
  }

  void offer(SecondOpinion opinion) {
    put(opinion);
  }

  private boolean put(Object record) {
    if (closed || !queue.offer(record)) {
      metrics.records("dropped", 1);
      return false;
    }
    offered.incrementAndGet();
    return true;
  }

  private void work() {
    List<Object> batch = new ArrayList<>(TOGETHER);
    while (!closed || !queue.isEmpty()) {
      try {
        Object first = queue.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        queue.drainTo(batch, TOGETHER - 1);
        hand(batch);
      } catch (InterruptedException e) {
        LOG.debug("the recorder was interrupted; it ends when it is closed", e);
      } finally {
        handed.addAndGet(batch.size());
        batch.clear();
      }
    }
  }

  private void hand(List<Object> batch) throws InterruptedException {
    List<Answer> answers = new ArrayList<>();
    List<SecondOpinion> opinions = new ArrayList<>();
    for (Object record : batch) {
      switch (record) {
        case Answer answer -> answers.add(answer);
        case SecondOpinion opinion -> opinions.add(opinion);
        default -> throw new IllegalStateException("no record: " + record);
      }
    }
    attempt(answers.size(), () -> workshop.record(answers));
    attempt(opinions.size(), () -> workshop.recordSecond(opinions));
    answers.forEach(
        answer -> bytes.addAndGet(-answer.content().map(content -> content.length).orElse(0)));
  }

  private void attempt(int count, Runnable work) throws InterruptedException {
    if (count == 0) {
      return;
    }
    for (int attempt = 1; ; attempt++) {
      try {
        work.run();
        metrics.records("kept", count);
        return;
      } catch (RuntimeException e) {
        if (attempt == ATTEMPTS) {
          metrics.records("failed", count);
          LOG.warn("{} answers could not be kept: {}", count, e.getMessage(), e);
          return;
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  /** Waits, but not for ever, until the workshop has what was offered before. */
  void flush(Duration most) {
    long wanted = offered.get();
    long end = System.nanoTime() + most.toNanos();
    try {
      while (handed.get() < wanted && System.nanoTime() - end < 0) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Hands over what is left. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
