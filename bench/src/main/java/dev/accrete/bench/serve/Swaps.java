package dev.accrete.bench.serve;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.store.Store;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Moves versions in and out of production under load, and lets the store learn a day. */
final class Swaps {
  private static final int OK = 200;
  private static final String JSON = "application/json";

  private Swaps() {}

  /** Rolls back to one version and promotes the other, in turns, so many movements in all. */
  static void move(URI server, int times, int back, int forth) throws IOException {
    for (int i = 0; i < times; i++) {
      boolean rollback = i % 2 == 0;
      String body =
          rollback
              ? "{\"version\": " + back + ", \"reason\": \"bench\"}"
              : "{\"version\": " + forth + ", \"reason\": \"bench\", \"force\": true}";
      try (Connection connection = new Connection(server)) {
        Connection.Reply reply =
            connection.post(
                rollback ? "/v1/rollback" : "/v1/promote",
                JSON,
                body.getBytes(StandardCharsets.UTF_8));
        if (reply.status() != OK || !reply.body().contains("\"live\":true")) {
          throw new AccreteException("movement " + (i + 1) + " failed: " + reply.body());
        }
      }
    }
  }

  /** Takes a day in and learns it, in this process while the server's goes on. */
  static void learn(Path store, Path day) {
    try (Store open = Store.open(store);
        Backend backend = Backends.create(Backends.AUTO, new BackendOptions(1))) {
      open.ingest(Source.of(day), IngestOptions.defaults().withNewClasses(), ProgressListener.NONE);
      if (open.update(backend, ProgressListener.NONE).isEmpty()) {
        throw new AccreteException("nothing of " + day + " was new");
      }
    }
  }
}
