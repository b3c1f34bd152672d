package dev.accrete.bench.cpu;

import dev.accrete.bench.own.OwnWorker;
import dev.accrete.bench.peer.Peers;
import dev.accrete.bench.work.JsonFile;
import dev.accrete.bench.work.Machine;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench cpu}: every case, ours and the best peer side by side. */
@Command(
    name = "cpu",
    description = {
      "Measure training, inference, updates and ops, next to the best other engine.",
      "Both processes live and do the same work, and their runs alternate: training steps,"
          + " inference, updates with one batch of a stream, and ops alone. Writes cpu.json and"
          + " cpu.html."
    })
public final class CpuCommand implements Callable<Integer> {
  private static final int FULL_ROUNDS = 3;
  private static final int QUICK_ROUNDS = 1;
  private static final double BUSY = 0.5;

  @Option(
      names = "--quick",
      description = "a few smaller cases, once each: under three minutes, and rough")
  private boolean quick;

  @Option(
      names = "--threads",
      split = ",",
      description = "numbers of worker threads (default: all processors, and 1)")
  private List<Integer> threads =
      Stream.of(Runtime.getRuntime().availableProcessors(), 1).distinct().toList();

  @Option(
      names = "--only",
      paramLabel = "PATTERN",
      description = "the cases whose name contains a match of this regular expression")
  private Optional<String> only = Optional.empty();

  @Option(
      names = "--rounds",
      description = "pairs of processes, ours and the peer's (default: 3, with --quick 1)")
  private Optional<Integer> rounds = Optional.empty();

  @Option(names = "--list", description = "name the cases and stop")
  private boolean list;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "the folder to write to (default: ${DEFAULT-VALUE})")
  private Path out = Path.of("bench-cpu");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this and stop")
  @SuppressWarnings("unused") // picocli acts on it.
  private boolean help;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    CpuSuite all = quick ? CpuSuite.quick(threads) : CpuSuite.full(threads);
    CpuSuite suite = only.isPresent() ? all.matching(only.get()) : all;
    PrintWriter console = spec.commandLine().getOut();
    if (list) {
      suite.names().forEach(console::println);
      console.flush();
      return 0;
    }
    int count = rounds.orElse(quick ? QUICK_ROUNDS : FULL_ROUNDS);
    if (count < 1) {
      throw new AccreteException("--rounds " + count + " measures nothing; take at least 1");
    }
    double expected = count * suite.entries().stream().mapToDouble(e -> e.seconds()).sum();
    console.printf(
        Locale.ROOT,
        "%d cases, %d round%s, about %s%n",
        suite.entries().size(),
        count,
        count == 1 ? "" : "s",
        Eta.words(Duration.ofSeconds((long) expected)));
    console.flush();
    ProgressLines progress = new ProgressLines(console, suite.entries().size() * count, expected);
    CpuRun run =
        new CpuRun(
            suite,
            quick ? "quick" : "full",
            count,
            OwnWorker.here(),
            Peers::find,
            (entry, round, outcome, soFar) -> {
              progress.ended(entry, round, outcome);
              write(soFar);
            });
    noteCircumstances(run);
    run.run();
    CpuReport report = run.report();
    write(report);
    new SummaryTable(console).print(report);
    console.println("wrote " + out.toAbsolutePath().normalize() + "/cpu.json and cpu.html");
    console.flush();
    return run.hasFailed() ? 1 : 0;
  }

  private void noteCircumstances(CpuRun run) {
    if (quick) {
      run.addNote(
          "quick: smaller networks and mini-batches than the full suite, few rounds; ratios are"
              + " rough");
    }
    double load = Machine.load();
    if (load > BUSY) {
      run.addNote(
          String.format(
              Locale.ROOT, "the machine was busy: load average %.2f before the first round", load));
    }
  }

  private void write(CpuReport report) throws IOException {
    JsonFile.write(out.resolve("cpu.json"), report.toJson());
    Files.writeString(out.resolve("cpu.html"), CpuHtml.of(report));
  }
}
