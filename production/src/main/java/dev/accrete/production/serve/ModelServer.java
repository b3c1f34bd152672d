package dev.accrete.production.serve;

import dev.accrete.core.AccreteException;
import dev.accrete.production.serve.api.ClassifyApi;
import dev.accrete.production.serve.api.Desk;
import dev.accrete.production.serve.api.InferenceApi;
import dev.accrete.production.serve.api.OperateApi;
import dev.accrete.production.serve.api.Refusals;
import dev.accrete.production.serve.api.School;
import dev.accrete.production.serve.api.SystemApi;
import dev.accrete.production.serve.api.TeachApi;
import dev.accrete.production.serve.api.WatsonApi;
import dev.accrete.production.serve.http.Front;
import dev.accrete.production.serve.http.Route;
import dev.accrete.production.serve.http.Tokens;
import dev.accrete.production.serve.live.Batcher;
import dev.accrete.production.serve.live.Classifier;
import dev.accrete.production.serve.live.Roster;
import dev.accrete.production.serve.live.Serving;
import dev.accrete.production.serve.metrics.Metrics;
import dev.accrete.production.serve.workshop.Shelf;
import dev.accrete.production.serve.workshop.Workshop;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server of models. It answers from {@link #start} to {@link #close}. */
public final class ModelServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);
  private static final int CONNECTIONS = 10_000;
  private static final int HEADER_BYTES = 16 << 10;
  private static final int BUFFER_BYTES = 16 << 10;
  private static final int THREADS = 64;
  private static final Duration IDLE_WHILE_STOPPING = Duration.ofMillis(200);
  private static final Duration LOOK_WHILE_STOPPING = Duration.ofMillis(50);

  private final ServeOptions options;
  private final Front front;
  private final Server jetty;
  private final ServerConnector connector;
  private final Batcher batcher;
  private final School school = new School();
  private final Roster roster;
  private final Optional<Tokens> tokens;
  private final Path temporary;
  private final List<Route> routes = new ArrayList<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private URI uri = URI.create("http://localhost");
  private boolean closed;

  private ModelServer(
      Workshop workshop,
      Shelf shelf,
      Classifier.Factory factory,
      String version,
      ServeOptions options) {
    this.options = options;
    tokens = options.tokens().map(Tokens::new);
    temporary = temporary();
    Metrics metrics = new Metrics();
    batcher = new Batcher(options.batching(), metrics);
    roster =
        new Roster(
            workshop,
            shelf,
            some ->
                new Serving(some, factory, batcher, metrics, options.trial(), System::nanoTime));
    Desk desk = new Desk(metrics, options.keep());
    routes.addAll(new SystemApi(metrics).routes());
    routes.addAll(new ClassifyApi(roster, desk).routes());
    routes.addAll(new TeachApi(roster, school, metrics).routes());
    routes.addAll(new OperateApi(roster).routes());
    routes.addAll(new InferenceApi(roster, desk, version).routes());
    routes.addAll(new WatsonApi(roster, desk, school).routes());
    front = new Front(tokens, options.limits(), temporary, metrics, Refusals::of);
    front.add(routes);
    jetty = new Server(threads());
    connector = connector();
    jetty.addConnector(connector);
    jetty.addBean(new NetworkConnectionLimit(CONNECTIONS, connector));
    jetty.setHandler(new GracefulHandler(front));
    jetty.setErrorHandler(front.errors());
    jetty.setStopTimeout(options.drain().toMillis());
  }

  /**
   * Starts a server; it answers when this returns.
   *
   * @param workshop keeps the model that is served; closed with the server, also if it cannot start
   * @param shelf keeps classifiers that clients make
   * @param factory makes models ready
   * @param version of this program
   * @throws AccreteException if the port is taken, or the tokens cannot be read
   */
  public static ModelServer start(
      Workshop workshop,
      Shelf shelf,
      Classifier.Factory factory,
      String version,
      ServeOptions options) {
    ModelServer server = new ModelServer(workshop, shelf, factory, version, options);
    try {
      server.begin();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Selectors and what else may not block; each request runs on a virtual thread of its own. */
  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("accrete-http");
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory()));
    return threads;
  }

  private ServerConnector connector() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setInputBufferSize(BUFFER_BYTES);
    http.setOutputAggregationSize(BUFFER_BYTES);
    // Names of classes may have slashes; no path is ever looked for on a disk.
    http.setUriCompliance(
        UriCompliance.DEFAULT.with(
            "CLASSES",
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
    ServerConnector made = new ServerConnector(jetty, 1, 1, new HttpConnectionFactory(http));
    made.setHost(options.host());
    made.setPort(options.port());
    made.setIdleTimeout(options.limits().reading().toMillis());
    made.setShutdownIdleTimeout(-1); // See drain.
    return made;
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("accrete-serve-");
    } catch (IOException e) {
      throw new AccreteException(
          "cannot make a folder for uploads in "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + e.getMessage()
              + "; set java.io.tmpdir to a folder that can be written",
          e);
    }
  }

  private void begin() {
    roster.refresh();
    try {
      jetty.start();
    } catch (IOException e) {
      throw new AccreteException(
          "cannot listen at "
              + options.host()
              + ":"
              + options.port()
              + " ("
              + e.getMessage()
              + "): another program may use the port, name another with --port",
          e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
    uri = URI.create("http://" + host + ":" + connector.getLocalPort());
    Thread.ofPlatform().daemon().name("accrete-poller").start(this::poll);
  }

  private void poll() {
    try {
      while (!stopping.await(options.poll().toNanos(), TimeUnit.NANOSECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      LOG.warn("promotions by others are not noticed any more: interrupted", e);
    }
  }

  private void look() {
    try {
      tokens.ifPresent(Tokens::refresh);
      roster.refresh();
    } catch (RuntimeException | Error e) {
      LOG.error("looking for promotions failed; it goes on", e);
    }
  }

  /** Where it answers. */
  public URI uri() {
    return uri;
  }

  /** All doors. */
  public List<Route> routes() {
    return List.copyOf(routes);
  }

  /** What answers. */
  public Roster roster() {
    return roster;
  }

  /**
   * Takes no new requests, answers those under way, hands over what was answered, and ends. The
   * requests have as long as the options say.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopping.countDown();
    CountDownLatch stopped = new CountDownLatch(1);
    Thread.ofVirtual().name("accrete-drain").start(() -> drain(stopped));
    try {
      // Left open, the socket would take connections that nobody serves any more.
      connector.close();
      jetty.stop();
    } catch (Exception e) {
      LOG.warn("not every request could be answered in {}: {}", options.drain(), e.toString());
    }
    stopped.countDown();
    school.close(options.drain());
    batcher.close();
    roster.close();
    removeTemporary();
  }

  /** Ends connections that wait for another request, and leaves those with one their time. */
  private void drain(CountDownLatch stopped) {
    try {
      do {
        for (EndPoint connection : connector.getConnectedEndPoints()) {
          connection.setIdleTimeout(
              front.isBusy(connection)
                  ? options.limits().reading().toMillis()
                  : IDLE_WHILE_STOPPING.toMillis());
        }
      } while (!stopped.await(LOOK_WHILE_STOPPING.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void removeTemporary() {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(temporary)) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      LOG.warn("{} is left behind: {}", temporary, e.toString());
    }
  }
}
