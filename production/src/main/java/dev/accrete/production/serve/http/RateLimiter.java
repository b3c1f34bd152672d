package dev.accrete.production.serve.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Requests a second for each caller, with as many at once as two seconds bring: the generic cell
 * rate algorithm, of one number a caller.
 */
final class RateLimiter {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final int BURST_SECONDS = 2;

  private final long interval;
  private final LongSupplier clock;
  private final long start;
  private final Map<String, AtomicLong> next = new ConcurrentHashMap<>();

  /** With 0 there is no limit. */
  RateLimiter(int perSecond, LongSupplier clock) {
    interval = perSecond == 0 ? 0 : SECOND / perSecond;
    this.clock = clock;
    start = clock.getAsLong();
  }

  /** Counts a request; how long to wait if it is one too many. */
  Optional<Duration> refuse(Caller caller) {
    if (interval == 0) {
      return Optional.empty();
    }
    AtomicLong free = next.computeIfAbsent(caller.name(), name -> new AtomicLong());
    while (true) {
      long now = clock.getAsLong() - start;
      long before = free.get();
      long after = Math.max(before, now) + interval;
      long beyond = after - now - BURST_SECONDS * SECOND;
      if (beyond > 0) {
        return Optional.of(Duration.ofNanos(beyond));
      }
      if (free.compareAndSet(before, after)) {
        return Optional.empty();
      }
    }
  }
}
