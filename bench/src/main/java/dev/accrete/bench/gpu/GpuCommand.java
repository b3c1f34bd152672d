package dev.accrete.bench.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.bench.gpu.vendor.Vendor;
import dev.accrete.bench.regression.Judgement;
import dev.accrete.bench.work.JsonFile;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench gpu}: how fast the CUDA backend is on this device, and whether it became slower. */
@Command(
    name = "gpu",
    description = {
      "Time every kernel, the update and whole training steps on the GPU.",
      "Its own events tell the time, after what it computes was compared with plain loops. Exit"
          + " code 3 means that a case became slower than the baseline by more than the noise, 1"
          + " that a case is wrong."
    },
    showDefaultValues = true)
public final class GpuCommand implements Callable<Integer> {
  private static final int REGRESSION = 3;
  private static final String REPORT = "gpu.json";
  private static final String PAGE = "gpu.html";
  private static final double WARM_UP_SECONDS = 3;
  private static final int QUICK_SAMPLES = 3;
  private static final int QUICK_PROCESSES = 2;

  @Option(names = "--baseline", paramLabel = "FILE", description = "figures to compare with")
  private Optional<Path> baseline = Optional.empty();

  @Option(
      names = "--update-baseline",
      description = "make these figures the baseline of this device in FILE")
  private boolean update;

  @Option(
      names = "--only",
      paramLabel = "PATTERN",
      description = "a regular expression: only cases whose name or family it is found in")
  private String only = "";

  @Option(
      names = "--cores",
      description =
          "instead of everything else: products in TF32 and bf16 by each kind of kernels, portable"
              + " ones and, on compute capability 9.0, Hopper's")
  private boolean cores;

  @Option(
      names = "--no-vendors",
      description =
          "leave out cuBLAS and cuDNN, which are measured beside ours where they are there")
  private boolean oursAlone;

  @Option(names = "--quick", description = "a rehearsal on tiny shapes; figures mean nothing")
  private boolean quick;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "the folder for " + REPORT + ", " + PAGE)
  private Path out = Path.of("gpu-results");

  @Option(names = "--processes", description = "measuring processes, one after the other")
  private int processes = 3;

  @Option(names = "--samples", description = "samples of each case in each process")
  private int samples = 10;

  @Option(names = "--slowdown", description = "slows everything by this share, to test the test")
  private double slowdown;

  @Option(
      names = "--peers",
      paramLabel = "FILE",
      description = "what bench/peers/gpu_peers.py printed")
  private Optional<Path> peers = Optional.empty();

  @Option(names = "--list", description = "show the cases and stop")
  private boolean list;

  @Option(names = "--render", description = "measure nothing: show again what is in DIR")
  private boolean render;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this and stop")
  @SuppressWarnings("unused") // picocli acts on it.
  private boolean help;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    GpuCases.Size size = quick ? GpuCases.Size.QUICK : GpuCases.Size.FULL;
    // Hopper's kernels are new: where they fail, they must not take all other figures with them.
    List<GpuCases.Case> cases =
        GpuCases.matching(size, pattern()).stream()
            .filter(one -> one.family().equals(GpuCases.BY_CORE) == cores)
            .filter(one -> !oursAlone || Vendor.of(one.name()).isEmpty())
            .toList();
    PrintWriter console = spec.commandLine().getOut();
    if (list) {
      cases.forEach(one -> console.printf(Locale.ROOT, "%-28s %s%n", one.family(), one.name()));
      console.flush();
      return 0;
    }
    GpuReport report = render ? stored() : measure(size, cases, console);
    Peers beside = Peers.read(peers.orElse(out.resolve("peers.jsonl")));
    Files.writeString(out.resolve(PAGE), new GpuPage(report, beside).html());
    new GpuSummary(report, beside).print(console);
    console.println("wrote " + out.resolve(PAGE).toAbsolutePath().normalize());
    console.flush();
    return report.isFailure() ? 1 : report.isRegression() ? REGRESSION : 0;
  }

  private Pattern pattern() {
    try {
      return Pattern.compile(only);
    } catch (PatternSyntaxException e) {
      throw new AccreteException("--only " + only + " is no regular expression", e);
    }
  }

  private GpuReport stored() throws IOException {
    Path file = out.resolve(REPORT);
    if (!Files.isRegularFile(file)) {
      throw new AccreteException("there is nothing to show again: " + file + " does not exist");
    }
    return new ObjectMapper().readValue(file.toFile(), GpuReport.class);
  }

  private GpuReport measure(GpuCases.Size size, List<GpuCases.Case> cases, PrintWriter console)
      throws IOException, InterruptedException {
    if (cases.isEmpty()) {
      throw new AccreteException(
          "--only " + only + " is found in no case; see --list" + (cores ? " --cores" : ""));
    }
    int each = quick ? Math.min(QUICK_SAMPLES, samples) : samples;
    int times = quick ? Math.min(QUICK_PROCESSES, processes) : processes;
    if (times < 1 || each < 1 || each * times < Judgement.FEWEST_ROUNDS) {
      throw new AccreteException(
          "--processes times --samples must be at least " + Judgement.FEWEST_ROUNDS);
    }
    if (update && baseline.isEmpty()) {
      throw new AccreteException("--update-baseline needs the file: --baseline FILE");
    }
    Optional<Baselines> known = Optional.empty();
    if (baseline.isPresent()) {
      known =
          Optional.of(
              update ? Baselines.readOrNone(baseline.get()) : Baselines.read(baseline.get()));
    }
    Map<String, String> families = new LinkedHashMap<>();
    cases.forEach(one -> families.put(one.name(), one.family()));
    Question question =
        new Question(
            List.copyOf(families.keySet()),
            size,
            each,
            true,
            quick ? 0 : WARM_UP_SECONDS,
            slowdown);
    // A baseline that is replaced is not what this run is judged by.
    GpuReport report =
        new GpuSuite(new WorkerProcess(), times, console)
            .run(question, families, Revision.current(), update ? Optional.empty() : known);
    JsonFile.write(out.resolve(REPORT), report);
    if (update && !report.isFailure()) {
      known.orElseThrow().update(report);
      console.println("wrote " + baseline.orElseThrow().toAbsolutePath().normalize());
    }
    return report;
  }
}
