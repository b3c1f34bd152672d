package dev.accrete.app;

import dev.accrete.cl.run.Plugins;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.production.serve.ModelServer;
import dev.accrete.production.serve.ServeOptions;
import dev.accrete.production.serve.api.Keep;
import dev.accrete.production.serve.http.Limits;
import dev.accrete.production.serve.live.Batching;
import dev.accrete.production.serve.live.Classifier;
import dev.accrete.production.serve.live.Loader;
import dev.accrete.production.serve.live.Trial;
import dev.accrete.production.serve.workshop.FileWorkshop;
import dev.accrete.production.serve.workshop.Shelf;
import dev.accrete.production.serve.workshop.StoreShelf;
import dev.accrete.production.serve.workshop.StoreWorkshop;
import dev.accrete.production.serve.workshop.Workshop;
import dev.accrete.production.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete serve}. */
@Command(
    name = "serve",
    description =
        "Serves a store's champion, or one model's file, over HTTP, and follows what is promoted."
            + " A store's policy says what is not said here. Stops at SIGTERM or Ctrl-C, when the"
            + " requests under way are answered.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class ServeCommand implements Callable<Integer> {
  private static final long MIB = 1L << 20;
  private static final double NANOS_PER_MILLI = 1e6;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", arity = "0..1", description = "The store's folder.")
  private @Nullable Path folder;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Instead of a store, one model; when the file is replaced, so is the model.")
  private @Nullable Path model;

  @Option(names = "--port", description = "Default: 8080; 0 for any that is free.")
  private @Nullable Integer port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Where it listens. Default: 127.0.0.1; others need --tokens.")
  private @Nullable String host;

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      description = "Who may do what; accrete token makes it. Read again when it changes.")
  private @Nullable Path tokens;

  @Option(names = "--backend", defaultValue = Backends.AUTO, description = "Default: auto.")
  private String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads of the network; images are decoded on the others. Default: half of the"
              + " processors.")
  private @Nullable Integer threads;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Images that the network sees at once. Default: serve.batch-images of the policy (32"
              + " unless it says otherwise); 16 with --model.")
  private @Nullable Integer batch;

  @Option(
      names = "--delay",
      paramLabel = "MS",
      description =
          "How long an image waits for others that are being decoded; 0 takes what is queued."
              + " Default: serve.batching-delay-ms of the policy (0); 2 with --model.")
  private @Nullable Double delay;

  @Option(
      names = "--queue",
      paramLabel = "N",
      description =
          "Images that may wait; more are turned away with 503. Default: serve.queue-images of the"
              + " policy (1024); 512 with --model.")
  private @Nullable Integer queue;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "Requests of a token in a second; more get 429. Default:"
              + " serve.max-requests-per-second of the policy (unlimited).")
  private @Nullable Integer rate;

  @Option(
      names = "--max-request",
      paramLabel = "MIB",
      description =
          "Largest request to classify; to teach, 8 times that. Default: serve.max-request-mib of"
              + " the policy (256) to teach and at most 32 of them to classify; 256 and 32 with"
              + " --model.")
  private @Nullable Integer maxRequest;

  @Option(
      names = "--max-images",
      paramLabel = "N",
      description =
          "Images of a request. Default: serve.max-images of the policy (10000), but no more than"
              + " may wait; 64 with --model.")
  private @Nullable Integer maxImages;

  @Option(
      names = "--shadow",
      paramLabel = "SHARE",
      description =
          "Share of images that the candidate answers unheard. Default: serve.shadow-share of the"
              + " policy (0.1).")
  private @Nullable Double shadow;

  @Option(
      names = "--canary",
      paramLabel = "SHARE",
      description =
          "Share of requests that the candidate answers, until an alarm ends it. Default:"
              + " serve.canary-share of the policy (0).")
  private @Nullable Double canary;

  @Option(
      names = "--keep",
      description =
          "Which images are kept with their answers, so that a label makes them lessons: all,"
              + " doubtful or none. Default: all.")
  private Keep keep = Keep.ALL;

  @Option(
      names = "--keep-days",
      paramLabel = "N",
      defaultValue = "30",
      description = "How long, unless a label comes for them. Default: 30.")
  private int keepDays;

  @Option(
      names = "--classifiers",
      paramLabel = "DIR",
      description =
          "Where classifiers are kept that clients make (/v3/classifiers). Default: the store's"
              + " name with .classifiers behind it.")
  private @Nullable Path classifiers;

  @Option(
      names = "--plugins",
      paramLabel = "PATH",
      split = ",",
      description = "Jars or folders with strategies or models from outside.")
  private @Nullable List<Path> plugins;

  @Override
  public Integer call() throws InterruptedException, IOException {
    Path from = folder;
    Path file = model;
    if ((from == null) == (file == null)) {
      throw new ParameterException(
          spec.commandLine(), "name a store, or one model's file with --model");
    }
    Plugins.use(Optional.ofNullable(plugins).orElse(List.of()));
    if (keepDays < 0) {
      throw new ParameterException(spec.commandLine(), "--keep-days is " + keepDays);
    }
    Console console = Console.of(spec);
    Backends.notices(backend).forEach(console::note);
    BackendOptions resources = Failures.settings(spec, this::resources);
    if (from == null) {
      ServeOptions options = Failures.settings(spec, () -> adjusted(ServeOptions.defaults()));
      serve(
          console,
          new FileWorkshop(file == null ? Path.of("") : file),
          Shelf.none("serve a store instead of one model's file"),
          Backends.create(backend, resources),
          options);
      return 0;
    }
    Store store = Stores.open(from);
    ServeOptions options;
    Backend teaching;
    try {
      options = Failures.settings(spec, () -> adjusted(policy(store)));
      teaching = Backends.create(backend, resources);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
    Duration kept = Duration.ofDays(keepDays);
    serve(
        console,
        new StoreWorkshop(store, teaching, kept, Clock.systemUTC()),
        new StoreShelf(shelf(from), store.learnerConfig(), teaching, kept),
        Backends.create(backend, resources),
        options);
    return 0;
  }

  private BackendOptions resources() {
    int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    return new BackendOptions(threads == null ? half : threads);
  }

  private static ServeOptions policy(Store store) {
    return ServeOptions.of(
        store.policy().serve(),
        store.policyFile().flatMap(policy -> store.policy().serve().tokens(policy)));
  }

  private Path shelf(Path store) {
    return classifiers == null ? Stores.classifiers(store) : classifiers;
  }

  /** What is said on the command line wins. */
  private ServeOptions adjusted(ServeOptions options) {
    Batching batching = options.batching();
    int together = batch == null ? batching.most() : batch;
    int waiting = queue == null ? Math.max(batching.queue(), together) : queue;
    Duration wait =
        delay == null ? batching.delay() : Duration.ofNanos(Math.round(delay * NANOS_PER_MILLI));
    Limits limits = options.limits();
    if (maxRequest != null) {
      limits = limits.withBytes(maxRequest * MIB, 8 * maxRequest * MIB, limits.image());
    }
    limits =
        limits.withImages(
            limits.pixels(), maxImages == null ? Math.min(limits.images(), waiting) : maxImages);
    Trial trial = options.trial();
    return options
        .at(
            host == null ? options.host() : host,
            port == null ? options.port() : port,
            tokens == null ? options.tokens() : Optional.of(tokens))
        .with(new Batching(together, wait, waiting))
        .with(rate == null ? limits : limits.withRate(rate))
        .with(
            trial
                .withShadow(shadow == null ? trial.shadow() : shadow)
                .withCanary(canary == null ? trial.canary() : canary))
        .keeping(keep);
  }

  private void serve(
      Console console, Workshop workshop, Shelf shelf, Backend engine, ServeOptions options)
      throws InterruptedException, IOException {
    ModelServer server =
        ModelServer.start(workshop, shelf, Classifier.factory(engine), Version.text(), options);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  console.note("stopping: requests under way are answered");
                  server.close();
                  console.note("stopped");
                  // The signal itself would make it 143.
                  Runtime.getRuntime().halt(0);
                },
                "accrete-stop"));
    console.print(greeting(server, options, engine));
    new CountDownLatch(1).await();
  }

  /** Why nothing answers, and what to do about it. */
  private static String nothing(Optional<Loader.Failure> failure) {
    return failure
        .map(
            broken ->
                ", whose version "
                    + broken.version()
                    + " cannot be loaded: go back with accrete rollback, or promote another,")
        .orElse(", which knows nothing yet: teach it a class, or promote a version,");
  }

  private static String greeting(ModelServer server, ServeOptions options, Backend engine) {
    String name = server.roster().main().workshop().name();
    String what =
        server
            .roster()
            .main()
            .champion()
            .map(
                live ->
                    "version "
                        + live.version()
                        + " of "
                        + name
                        + " ("
                        + Stores.classes(live.classes().size())
                        + ")")
            .orElseGet(() -> name + nothing(server.roster().main().status().failure()));
    String token = options.tokens().isPresent() ? " -H \"Authorization: Bearer $TOKEN\"" : "";
    return "serving "
        + what
        + " at "
        + server.uri()
        + "\n  "
        + engine.description()
        + "; up to "
        + options.batching().most()
        + " images at once, which wait "
        + options.batching().delay().toNanos() / NANOS_PER_MILLI
        + " ms for each other\n  a page to try it: "
        + server.uri()
        + "/   described in: "
        + server.uri()
        + "/openapi.yaml\n  curl"
        + token
        + " --data-binary @photo.jpg -H 'Content-Type: image/jpeg' "
        + server.uri()
        + "/v1/classify";
  }
}
