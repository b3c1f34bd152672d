package dev.accrete.production.serve.api;

import dev.accrete.cl.data.DataException;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.image.ImageException;
import dev.accrete.production.serve.http.Problem;
import dev.accrete.production.serve.live.BusyException;
import dev.accrete.production.serve.live.NoModelException;
import dev.accrete.production.serve.workshop.UnsupportedWorkException;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failure looks like to a client. */
public final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private Refusals() {}

  /** What to say of a failure; what is our fault is logged. */
  public static Problem of(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case Problem problem -> problem;
      case BusyException busy -> Problem.later(503, "busy", message, RETRY);
      case NoModelException none -> Problem.later(503, "no_model", message, RETRY);
      case UnsupportedWorkException unsupported -> Problem.of(409, "unsupported", message);
      case ImageException damaged -> Problem.of(422, "unreadable_image", message);
      case DataException unusable -> Problem.of(422, "bad_data", message);
      case AccreteException refused -> Problem.of(409, "refused", message);
      case HttpException http ->
          Problem.of(http.getCode(), "bad_request", String.valueOf(http.getReason()));
      case OutOfMemoryError memory -> {
        LOG.error("a request took all memory", memory);
        yield Problem.later(
            503, "memory", "the memory does not suffice; give Java a larger heap", RETRY);
      }
      default -> {
        String id = UUID.randomUUID().toString();
        LOG.error("request failed ({})", id, failure);
        yield Problem.of(500, "internal", "internal error; the server's log says more under " + id);
      }
    };
  }
}
