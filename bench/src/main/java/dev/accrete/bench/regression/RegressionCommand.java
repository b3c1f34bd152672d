package dev.accrete.bench.regression;

import dev.accrete.bench.cpu.CpuSuite;
import dev.accrete.bench.own.OwnWorker;
import dev.accrete.bench.step.StepOptions;
import dev.accrete.bench.work.Alternation;
import dev.accrete.bench.work.Contender;
import dev.accrete.bench.work.JsonFile;
import dev.accrete.bench.work.Machine;
import dev.accrete.bench.work.Measurement;
import dev.accrete.bench.work.Task;
import dev.accrete.bench.work.Worker;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench regression}: whether this build trains slower than another one. */
@Command(
    name = "regression",
    description = {
      "Tell whether this build trains slower than another. Processes of both live side by side"
          + " and their runs alternate; exit code 3",
      "means that a case became slower by more than the noise.",
      "Without --baseline this build is compared with itself, which must not fail; with --slowdown"
          + " as",
      "well, every step waits for that share of its time, which must be found out."
    },
    showDefaultValues = true)
public final class RegressionCommand implements Callable<Integer> {
  /** The exit code where a case became slower. */
  static final int REGRESSION = 3;

  @Option(
      names = "--baseline",
      paramLabel = "DIR",
      description = "a checkout in which './accrete bench' was built, or a folder of its jars")
  private Optional<Path> baseline = Optional.empty();

  @Option(
      names = "--workload",
      paramLabel = "WIDTH:SIZE:MINIBATCH",
      split = ",",
      description = "training steps of MobileNetV1 to compare")
  private List<String> workloads = List.of("0.5:64:32", "1.0:128:16");

  @Option(
      names = "--case",
      paramLabel = "PATTERN",
      description =
          "compare the cases of 'bench cpu' whose name contains a match of this regular expression"
              + " instead")
  private Optional<String> pattern = Optional.empty();

  @Option(names = "--rounds", description = "pairs of processes; twice as many where in doubt")
  private int rounds = 10;

  @Option(names = "--slowdown", description = "slows the candidate by this share, to test the test")
  private double slowdown;

  @Option(names = "--out", description = "the JSON file to write")
  private Path out = Path.of("bench-regression.json");

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
    if (rounds < Judgement.FEWEST_ROUNDS) {
      throw new AccreteException(
          "--rounds " + rounds + " is too few to judge by; take " + Judgement.FEWEST_ROUNDS);
    }
    List<Task> tasks = tasks();
    Contender own = OwnWorker.here();
    Contender candidate = slowdown == 0 ? own : own.withOption(slowdownOption());
    Contender old = baseline.isPresent() ? OwnWorker.build(baseline.get()) : own;
    PrintWriter console = spec.commandLine().getOut();
    List<RegressionReport.Case> cases = new ArrayList<>();
    for (Task task : tasks) {
      String name = task.workload().name();
      console.println(name);
      Comparison comparison =
          new Comparison(() -> round(List.of(old, candidate), task), round -> show(console, round));
      cases.add(RegressionReport.Case.of(name, comparison.run(rounds)));
      show(console, cases.getLast());
    }
    RegressionReport report =
        new RegressionReport(
            1,
            Machine.here(),
            baseline.map(Path::toString).orElse("this build"),
            slowdown == 0 ? "this build" : "this build, slowed by " + slowdown,
            cases);
    JsonFile.write(out, report);
    console.println("wrote " + out.toAbsolutePath().normalize());
    console.flush();
    return report.isRegression() ? REGRESSION : 0;
  }

  private static Comparison.Round round(List<Contender> builds, Task task)
      throws IOException, InterruptedException {
    List<Measurement> measured = Alternation.here().measure(builds, task);
    return new Comparison.Round(
        measured.getFirst().medianMillis(), measured.getLast().medianMillis());
  }

  private String slowdownOption() {
    return "-D" + Worker.SLOWDOWN + "=" + slowdown;
  }

  private List<Task> tasks() {
    return pattern.isPresent()
        ? CpuSuite.full(List.of(step.threads())).matching(pattern.get()).tasks()
        : workloads.stream().map(this::task).toList();
  }

  private Task task(String text) {
    String[] parts = text.split(":", -1);
    try {
      if (parts.length == 3) {
        return new Task(
            step.workload(
                Double.parseDouble(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2])),
            step.timing());
      }
    } catch (NumberFormatException e) {
      throw new AccreteException(workloadError(text), e);
    }
    throw new AccreteException(workloadError(text));
  }

  private static String workloadError(String text) {
    return "'" + text + "' is not a workload; write WIDTH:SIZE:MINIBATCH, for example 0.5:64:32";
  }

  private static void show(PrintWriter console, Comparison.Round round) {
    console.printf(
        Locale.ROOT,
        "  baseline %8.2f ms, candidate %8.2f ms, ratio %.3f%n",
        round.baselineMs(),
        round.candidateMs(),
        round.ratio());
    console.flush();
  }

  private static void show(PrintWriter console, RegressionReport.Case one) {
    console.printf(
        Locale.ROOT,
        "  %s: ratio %.3f, 95%% between %.3f and %.3f, deviation %.3f%s%n",
        one.verdict().name().toLowerCase(Locale.ROOT),
        one.ratio(),
        one.low(),
        one.high(),
        one.deviation(),
        one.repeated() ? ", after a second set of rounds" : "");
    console.flush();
  }
}
