package dev.accrete.bench.serve;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.production.serve.ModelServer;
import dev.accrete.production.serve.ServeOptions;
import dev.accrete.production.serve.api.Keep;
import dev.accrete.production.serve.live.Classifier;
import dev.accrete.production.serve.workshop.Shelf;
import dev.accrete.production.serve.workshop.StoreWorkshop;
import dev.accrete.production.store.Store;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A server of a store's champion, in a process of its own: Accrete's engine or another behind the
 * same server. It says where it listens and serves until its standard input ends.
 */
public final class ServerMain {
  /** What precedes the address. */
  static final String READY = "listening at ";

  /** Accrete's own engine; others are names of classes with a static {@code factory(int)}. */
  static final String OWN = "accrete";

  private ServerMain() {}

  /**
   * Serves.
   *
   * @param arguments engine, store, threads of the engine, which images are kept
   */
  public static void main(String[] arguments) throws IOException {
    int threads = Integer.parseInt(arguments[2]);
    Store store = Store.open(Path.of(arguments[1]));
    Backend backend = Backends.create(Backends.AUTO, new BackendOptions(threads));
    ServeOptions options =
        ServeOptions.defaults()
            .at("127.0.0.1", 0, Optional.empty())
            .keeping(Keep.valueOf(arguments[3].toUpperCase(Locale.ROOT)));
    try (ModelServer server =
        ModelServer.start(
            new StoreWorkshop(store, backend, Duration.ofDays(1), Clock.systemUTC()),
            Shelf.none("this one is measured"),
            arguments[0].equals(OWN) ? Classifier.factory(backend) : peer(arguments[0], threads),
            "bench",
            options)) {
      System.out.println(READY + server.uri());
      while (System.in.read() >= 0) {
        // Its end is the signal.
      }
    }
    System.exit(0);
  }

  private static Classifier.Factory peer(String name, int threads) {
    try {
      return (Classifier.Factory)
          Class.forName(name).getMethod("factory", int.class).invoke(null, threads);
    } catch (InvocationTargetException e) {
      throw new AccreteException("the peer cannot be made ready: " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new AccreteException("there is no peer " + name + ": " + e, e);
    }
  }
}
