package dev.accrete.bench.step;

import dev.accrete.bench.own.OwnWorker;
import dev.accrete.bench.peer.Peers;
import dev.accrete.bench.peer.Search;
import dev.accrete.bench.work.Alternation;
import dev.accrete.bench.work.JsonFile;
import dev.accrete.bench.work.Machine;
import dev.accrete.bench.work.Measurement;
import dev.accrete.bench.work.Measurer;
import dev.accrete.bench.work.Task;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench step}: times one training step of MobileNetV1, alone or against libtorch. */
@Command(
    name = "step",
    description =
        "Time one training step of MobileNetV1. Every round starts a fresh process, and with --peer"
            + " one of libtorch beside it, with which it takes turns; figures are medians over"
            + " rounds.",
    showDefaultValues = true)
public final class StepCommand implements Callable<Integer> {
  private static final double BUSY = 0.5;
  private static final double MIB = 1 << 20;

  @Option(names = "--width", description = "width multiplier")
  private double width = 1.0;

  @Option(names = "--size", description = "height and width of the images in pixels")
  private int size = 128;

  @Option(names = "--mini-batch", description = "images per step")
  private int miniBatch = 128;

  @Option(names = "--rounds", description = "processes of each engine")
  private int rounds = 5;

  @Option(names = "--peer", description = "alternate with libtorch 2.7.1 through DJL")
  private boolean peer;

  @Option(names = "--out", description = "the JSON file to write")
  private Path out = Path.of("bench-step.json");

  @Mixin private StepOptions step = new StepOptions();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this and stop")
  @SuppressWarnings("unused") // picocli acts on it.
  private boolean help;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Task task = new Task(step.workload(width, size, miniBatch), step.timing());
    Search search = peer ? Peers.find(task.workload()) : Search.none();
    List<String> notes = new ArrayList<>(search.notes());
    Optional<Measurer> rival = peer ? Optional.of(search.required()) : Optional.empty();
    double load = Machine.load();
    if (load > BUSY) {
      notes.add(
          String.format(
              Locale.ROOT, "the machine was busy: load average %.2f before the first round", load));
    }
    PrintWriter console = spec.commandLine().getOut();
    console.println(task.workload().name());
    List<StepReport.Round> results = new ArrayList<>();
    StepReport report = run(task, rival, results, console, notes);
    for (int i = 1; i < rounds; i++) {
      report = run(task, rival, results, console, notes);
    }
    summarize(console, report);
    return 0;
  }

  /**
   * One more round; writes the report of all so far, so that an interrupted run leaves its figures.
   */
  private StepReport run(
      Task task,
      Optional<Measurer> rival,
      List<StepReport.Round> results,
      PrintWriter console,
      List<String> notes)
      throws IOException, InterruptedException {
    StepReport.Round round = round(task, rival);
    results.add(round);
    console.println(line(results.size(), round));
    console.flush();
    StepReport report =
        new StepReport(
            1,
            Machine.here(),
            ManagementFactory.getRuntimeMXBean().getInputArguments(),
            List.of(StepReport.Case.of(task.workload(), results)),
            notes);
    JsonFile.write(out, report);
    return report;
  }

  private static StepReport.Round round(Task task, Optional<Measurer> rival)
      throws IOException, InterruptedException {
    double load = Machine.load();
    List<Measurer> engines = Stream.concat(Stream.of(OwnWorker.here()), rival.stream()).toList();
    List<Measurement> measured = Alternation.here().measure(engines, task);
    return new StepReport.Round(load, measured.getFirst(), measured.subList(1, measured.size()));
  }

  private static String line(int number, StepReport.Round round) {
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "round %d (load %.2f): ours %.1f ms",
                number,
                round.load(),
                round.ours().medianMillis()));
    for (Measurement theirs : round.peer()) {
      line.append(
          String.format(
              Locale.ROOT, ", peer %.1f ms, ratio %.2f", theirs.medianMillis(), round.ratio()));
    }
    if (round.stolen() > Alternation.TOLERATED) {
      line.append(
          String.format(
              Locale.ROOT, ", %.0f%% of the processors' time stolen", 100 * round.stolen()));
    }
    return line.toString();
  }

  private void summarize(PrintWriter console, StepReport report) {
    StepReport.Case figures = report.cases().getFirst();
    console.printf(
        Locale.ROOT,
        "%n%-40s %8s %8s %8s %8s %8s %8s%n",
        "median of " + figures.rounds().size() + " rounds",
        "ms/step",
        "CPU ms",
        "images/s",
        "GFLOP/s",
        "peak MiB",
        "first s");
    row(
        console,
        figures.ours(),
        figures.oursMs(),
        figures.oursCpuMs(),
        figures.gflops(),
        figures.oursPeakBytes(),
        figures.oursFirstStepMs());
    if (!figures.peer().isEmpty()) {
      row(
          console,
          figures.peer(),
          figures.peerMs(),
          figures.peerCpuMs(),
          // The same work, whatever route the peer takes to it.
          figures.gflops() * figures.oursMs() / figures.peerMs(),
          figures.peerPeakBytes(),
          figures.peerFirstStepMs());
      console.printf(
          Locale.ROOT, "ratio %.2f (peer over ours; above 1 we are faster)%n", figures.ratio());
    }
    StepReport.Round round = figures.rounds().getFirst();
    Stream.concat(Stream.of(round.ours()), round.peer().stream())
        .flatMap(measurement -> measurement.remarks().stream())
        .forEach(console::println);
    report.notes().forEach(note -> console.println("note: " + note));
    console.println("wrote " + out.toAbsolutePath().normalize());
    console.flush();
  }

  private void row(
      PrintWriter console,
      String engine,
      double millis,
      double cpuMillis,
      double gflops,
      long peakBytes,
      double firstStepMillis) {
    console.printf(
        Locale.ROOT,
        "%-40s %8.1f %8.0f %8.1f %8.1f %8.0f %8.2f%n",
        engine,
        millis,
        cpuMillis,
        1e3 * miniBatch / millis,
        gflops,
        peakBytes / MIB,
        firstStepMillis / 1e3);
  }
}
