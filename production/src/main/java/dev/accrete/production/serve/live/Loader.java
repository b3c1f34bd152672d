package dev.accrete.production.serve.live;

import dev.accrete.production.serve.metrics.Metrics;
import dev.accrete.production.serve.workshop.Workshop;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings versions into memory and tries them. A version that failed is tried again, ever less
 * often: the cause may pass, such as a lack of memory.
 */
public final class Loader {
  private static final Logger LOG = LoggerFactory.getLogger(Loader.class);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int MOST_DOUBLINGS = 6;

  private final Workshop workshop;
  private final Classifier.Factory factory;
  private final int most;
  private final Metrics metrics;
  private final LongSupplier clock;
  private volatile Optional<Failure> failure = Optional.empty();
  private int attempts;
  private long again;

  /**
   * A version that could not be put to work.
   *
   * @param at when that was last tried
   */
  public record Failure(int version, String message, Instant at) {}

  Loader(
      Workshop workshop,
      Classifier.Factory factory,
      int most,
      Metrics metrics,
      LongSupplier clock) {
    this.workshop = workshop;
    this.factory = factory;
    this.most = most;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** What failed last, unless another was loaded since. */
  Optional<Failure> failure() {
    return failure;
  }

  /** The version, warm; empty if it cannot be, or has failed a moment ago. */
  Optional<LiveModel> load(int version) {
    boolean failed = failure.filter(f -> f.version() == version).isPresent();
    if (failed && clock.getAsLong() - again < 0) {
      return Optional.empty();
    }
    try {
      LiveModel model = new LiveModel(version, factory.open(workshop.model(version), most));
      warm(model);
      failure = Optional.empty();
      attempts = 0;
      return Optional.of(model);
    } catch (RuntimeException | OutOfMemoryError e) {
      attempts = failed ? attempts + 1 : 0;
      again = clock.getAsLong() + pause();
      failure = Optional.of(new Failure(version, String.valueOf(e.getMessage()), Instant.now()));
      metrics.swap(workshop.name(), "failed");
      LOG.warn(
          "{}: version {} cannot be loaded: {}; what answered before goes on",
          workshop.name(),
          version,
          e.getMessage());
      LOG.debug("{}: version {}", workshop.name(), version, e);
      return Optional.empty();
    }
  }

  private long pause() {
    long doubled = Duration.ofSeconds(1).toNanos() << Math.min(attempts, MOST_DOUBLINGS);
    return Math.min(doubled, LONGEST.toNanos());
  }

  private void warm(LiveModel model) {
    boolean sound = false;
    try {
      model.warm(most);
      sound = true;
    } finally {
      if (!sound) {
        model.leave();
      }
    }
  }
}
