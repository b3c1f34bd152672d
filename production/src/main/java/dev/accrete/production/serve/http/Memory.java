package dev.accrete.production.serve.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes that bodies of requests may take together. */
final class Memory {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  Memory(long most) {
    this.most = most;
  }

  /**
   * Takes some.
   *
   * @throws Problem 503 if there is not so much left
   */
  void take(long bytes) {
    if (taken.addAndGet(bytes) > most) {
      taken.addAndGet(-bytes);
      throw Problem.later(
          503, "busy", "too many requests are being read; try again in a moment", RETRY);
    }
  }

  void give(long bytes) {
    taken.addAndGet(-bytes);
  }

  long taken() {
    return taken.get();
  }
}
