package dev.accrete.production.serve.http;

import dev.accrete.production.serve.metrics.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes requests from Jetty, on a virtual thread each, and brings them to their routes. */
public final class Front extends Handler.Abstract {
  private static final Logger ACCESS = LoggerFactory.getLogger("dev.accrete.access");
  private static final String UNKNOWN = "unknown";
  private static final long MOST_LEFT = 64L << 20;
  private static final Duration LEFT_TIME = Duration.ofSeconds(2);

  /**
   * How long a connection is kept for another request: longer than clients keep theirs (Java's 30
   * seconds, proxies 60), or a request may meet a connection that is just being closed.
   */
  private static final Duration KEPT = Duration.ofSeconds(75);

  private final Router router = new Router();
  private final Set<EndPoint> busy = ConcurrentHashMap.newKeySet();
  private final Guard guard;
  private final RateLimiter rate;
  private final Limits limits;
  private final Memory memory;
  private final Path temporary;
  private final Metrics metrics;
  private final Metrics.Route unknown;
  private final Function<Throwable, Problem> refusals;

  /**
   * A front without a door yet.
   *
   * @param temporary a folder for what does not fit into memory
   * @param refusals what to say of a failure
   */
  public Front(
      Optional<Tokens> tokens,
      Limits limits,
      Path temporary,
      Metrics metrics,
      Function<Throwable, Problem> refusals) {
    guard = new Guard(tokens);
    rate = new RateLimiter(limits.rate(), System::nanoTime);
    memory = new Memory(limits.memory());
    this.limits = limits;
    this.temporary = temporary;
    this.metrics = metrics;
    this.refusals = refusals;
    unknown = metrics.route(UNKNOWN);
    metrics.gauge("accrete_body_bytes", "Bytes of requests that are in memory.", memory::taken);
  }

  /** Opens doors. */
  public void add(List<Route> routes) {
    routes.forEach(route -> router.add(route, metrics.route(route.method() + " " + route.path())));
  }

  /** Whether a connection has a request that is not answered yet. */
  public boolean isBusy(EndPoint connection) {
    return busy.contains(connection);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    EndPoint connection = request.getConnectionMetaData().getConnection().getEndPoint();
    busy.add(connection);
    connection.setIdleTimeout(limits.reading().toMillis());
    return answer(request, response, Callback.from(() -> release(connection), callback));
  }

  private void release(EndPoint connection) {
    connection.setIdleTimeout(Math.max(KEPT.toMillis(), limits.reading().toMillis()));
    busy.remove(connection);
  }

  private boolean answer(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getPath();
    Optional<Router.Match> match =
        path == null ? Optional.empty() : router.find(request.getMethod(), path);
    Metrics.Route figures = match.map(found -> found.target().figures()).orElse(unknown);
    Reply reply = reply(request, path == null ? "" : path, match);
    if (reply.status() == 408 || !isRead(request)) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    response.setStatus(reply.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.contentType());
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    reply.headers().forEach(response.getHeaders()::put);
    response.write(true, ByteBuffer.wrap(reply.body()), callback);
    long nanos = System.nanoTime() - request.getBeginNanoTime();
    figures.answered(reply.status(), nanos);
    if (ACCESS.isDebugEnabled()) {
      ACCESS.debug(
          "{} {} {} {} us {}",
          request.getMethod(),
          path,
          reply.status(),
          nanos / 1000,
          Request.getRemoteAddr(request));
    }
    return true;
  }

  /**
   * Reads what is left of a body that was refused, unless that is much: a connection that is closed
   * on unread bytes may take the answer with it, and one that is kept must begin with a request.
   */
  private static boolean isRead(Request request) {
    long length = request.getLength();
    if (length == 0) {
      return true;
    }
    if (length > MOST_LEFT || request.getHeaders().contains(HttpHeader.EXPECT)) {
      Content.Chunk next = request.read();
      boolean end = next != null && next.isLast() && !next.hasRemaining();
      if (next != null) {
        next.release();
      }
      return end;
    }
    try (InputStream rest =
        Content.Source.asInputStream(new BoundedSource(request, MOST_LEFT, LEFT_TIME))) {
      rest.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (IOException | Problem e) {
      return false;
    }
  }

  private Reply reply(Request request, String path, Optional<Router.Match> match) {
    ErrorForm form = match.map(found -> found.target().route().errors()).orElse(ErrorForm.ACCRETE);
    try {
      if (match.isEmpty()) {
        throw nothingThere(path);
      }
      Route route = match.get().target().route();
      Caller caller = guard.admit(request, route.role());
      if (route.role() != Role.ANYBODY) {
        refuseTooMany(caller);
      }
      try (Exchange exchange =
          new Exchange(request, match.get().parameters(), caller, limits, memory, temporary)) {
        return route.handler().handle(exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return refusal(form, Problem.of(503, "stopping", "the server stops"));
    } catch (RuntimeException | Error e) {
      return refusal(form, e instanceof Problem problem ? problem : refusals.apply(e));
    }
  }

  private Problem nothingThere(String path) {
    Set<String> methods = router.methods(path);
    return methods.isEmpty()
        ? Problem.of(404, "not_found", "there is nothing at " + path + "; see /openapi.yaml")
        : Problem.of(
            405, "wrong_method", path + " answers to " + String.join(", ", methods) + " alone");
  }

  private void refuseTooMany(Caller caller) {
    Optional<Duration> wait = rate.refuse(caller);
    if (wait.isPresent()) {
      throw Problem.later(
          429,
          "too_many_requests",
          "more than " + limits.rate() + " requests a second of '" + caller.name() + "'",
          wait.get());
    }
  }

  private Reply refusal(ErrorForm form, Problem problem) {
    metrics.refused(problem.code());
    Reply reply = new Reply(problem.status(), Reply.JSON, form.body(problem), Map.of());
    Optional<Duration> retry = problem.retry();
    if (retry.isPresent()) {
      reply = reply.with("Retry-After", Long.toString(Math.max(1, retry.get().toSeconds())));
    }
    return problem.status() == 401 ? reply.with("WWW-Authenticate", "Bearer") : reply;
  }

  /** What Jetty itself refuses looks like our refusals. */
  public Request.Handler errors() {
    return (request, response, callback) -> {
      @Nullable Object message = request.getAttribute("org.eclipse.jetty.server.error_message");
      int status = response.getStatus();
      Problem problem =
          Problem.of(status, status == 503 ? "stopping" : "bad_request", String.valueOf(message));
      Reply reply = refusal(ErrorForm.ACCRETE, problem);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.contentType());
      response.write(true, ByteBuffer.wrap(reply.body()), callback);
      return true;
    };
  }
}
