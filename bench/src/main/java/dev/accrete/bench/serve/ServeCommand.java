package dev.accrete.bench.serve;

import dev.accrete.bench.peer.ServingPeer;
import dev.accrete.bench.work.JsonFile;
import dev.accrete.bench.work.Machine;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench serve}. */
@Command(
    name = "serve",
    description =
        "Measure the server of models: MobileNetV1 0.5 at 64 pixels behind HTTP, a JPEG in, classes"
            + " with probabilities out, client and server on this machine. With --peer ONNX Runtime"
            + " answers behind the same server, in turns. With --moves versions change under load,"
            + " and a day is learned.",
    showDefaultValues = true)
public final class ServeCommand implements Callable<Integer> {
  private static final int FAILED = 3;

  @Option(names = "--seconds", description = "of every measurement")
  private int seconds = 15;

  @Option(names = "--warm-up", description = "seconds before it that do not count")
  private int warmUp = 10;

  @Option(names = "--rounds", description = "processes of each engine")
  private int rounds = 3;

  @Option(names = "--connections", description = "each sends when it was answered")
  private int connections = 16;

  @Option(names = "--threads", description = "of the engine")
  private int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  @Option(names = "--pixels", description = "height and width of the pictures that are sent")
  private int pixels = 128;

  @Option(
      names = "--keep",
      description = "pictures that the store keeps with its answers: none, doubtful or all")
  private String keep = "none";

  @Option(names = "--moves", description = "promotions and rollbacks during a last measurement")
  private int moves = 100;

  @Option(names = "--peer", description = "take turns with ONNX Runtime behind the same server")
  private boolean peer;

  @Option(names = "--out", description = "a new folder for the store and serve.json")
  private Path out = Path.of("runs", "serve");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this and stop")
  @SuppressWarnings("unused") // picocli acts on it.
  private boolean help;

  @Spec private CommandSpec spec;

  /**
   * What a server did in a round.
   *
   * @param serverCpuSeconds processor time of the server while it was measured
   */
  record Round(String engine, int number, Load.Result load, double serverCpuSeconds) {}

  /** An engine behind the server. */
  private record Engine(
      String name, String argument, String classPath, Map<String, String> environment) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (Files.exists(out)) {
      throw new AccreteException(out + " is there already: name another folder with --out");
    }
    PrintWriter console = spec.commandLine().getOut();
    List<Engine> engines = engines();
    Stage stage = Stage.make(Files.createDirectories(out));
    List<byte[]> pictures = stage.pictures(pixels);
    double load = Machine.load();
    List<Round> results = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (Engine engine : engines) {
        Round result = measure(engine, round, stage, pictures);
        results.add(result);
        tell(console, result);
      }
    }
    if (moves > 0) {
      Round result = underMoves(engines.getFirst(), stage, pictures);
      results.add(result);
      tell(console, result);
    }
    write(results, load, pictures);
    return results.stream().allMatch(round -> round.load().failed() == 0) ? 0 : FAILED;
  }

  private List<Engine> engines() throws IOException {
    List<Engine> engines = new ArrayList<>();
    String own = System.getProperty("java.class.path");
    engines.add(new Engine("accrete", ServerMain.OWN, own, Map.of()));
    if (peer) {
      ServingPeer found = ServingPeer.required(threads);
      engines.add(
          new Engine("onnx-runtime", found.factory(), found.classPath(), found.environment()));
    }
    return engines;
  }

  private ServerProcess start(Engine engine, Stage stage) throws IOException {
    return ServerProcess.start(
        engine.classPath(),
        engine.environment(),
        out.resolve(engine.name() + ".log"),
        engine.argument(),
        stage.store().toString(),
        Integer.toString(threads),
        keep);
  }

  private Round measure(Engine engine, int number, Stage stage, List<byte[]> pictures)
      throws IOException, InterruptedException {
    try (ServerProcess server = start(engine, stage)) {
      Load load = new Load(server.uri(), connections, pictures);
      load.run(Duration.ofSeconds(warmUp));
      double before = server.cpuSeconds();
      Load.Result result = load.run(Duration.ofSeconds(seconds));
      return new Round(engine.name(), number, result, server.cpuSeconds() - before);
    }
  }

  /** The same while versions come and go and a day is learned; it ends when all is done. */
  private Round underMoves(Engine engine, Stage stage, List<byte[]> pictures)
      throws IOException, InterruptedException {
    try (ServerProcess server = start(engine, stage);
        ExecutorService others = Executors.newFixedThreadPool(2)) {
      Load load = new Load(server.uri(), connections, pictures);
      load.run(Duration.ofSeconds(warmUp));
      double before = server.cpuSeconds();
      Future<?> moving =
          others.submit(
              () -> {
                Swaps.move(server.uri(), moves, Stage.FIRST, Stage.SECOND);
                return null;
              });
      Future<?> learning = others.submit(() -> Swaps.learn(stage.store(), stage.newDay()));
      Load.Result result = load.run(Duration.ofSeconds(seconds));
      while (!moving.isDone() || !learning.isDone()) {
        result = result.and(load.run(Duration.ofSeconds(1)));
      }
      moving.get();
      learning.get();
      return new Round(
          engine.name() + ", " + moves + " movements and an update",
          1,
          result,
          server.cpuSeconds() - before);
    } catch (ExecutionException e) {
      throw new AccreteException("what changed the store failed: " + e.getCause(), e);
    }
  }

  private static void tell(PrintWriter console, Round round) {
    Load.Result load = round.load();
    console.printf(
        Locale.ROOT,
        "%-14s round %d: %,7.0f requests/s, p50 %.1f ms, p95 %.1f, p99 %.1f, longest %.0f;"
            + " %d failed; server %.2f of %.1f s CPU%n",
        round.engine(),
        round.number(),
        load.perSecond(),
        load.p50Ms(),
        load.p95Ms(),
        load.p99Ms(),
        load.maxMs(),
        load.failed(),
        round.serverCpuSeconds(),
        load.seconds());
    if (load.failed() > 0) {
      console.println("  first failure: " + load.firstFailure());
    }
    console.flush();
  }

  private void write(List<Round> results, double load, List<byte[]> pictures) throws IOException {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("schema", 1);
    report.put("machine", Machine.here());
    report.put("loadBefore", load);
    report.put("connections", connections);
    report.put("threads", threads);
    report.put("pixels", pixels);
    report.put("pictures", pictures.size());
    report.put("keep", keep);
    report.put("rounds", results);
    JsonFile.write(out.resolve("serve.json"), report);
  }
}
