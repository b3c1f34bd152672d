package dev.accrete.bench.gpu;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Precision;
import dev.accrete.kernels.cuda.CoreCheck;
import dev.accrete.kernels.cuda.CoreChoice;
import dev.accrete.kernels.cuda.DeviceTimer;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.kernels.spec.SpecFailure;
import dev.accrete.kernels.spec.SpecProgram;
import dev.accrete.kernels.spec.SpecRunner;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench gpu-check}: whether driver and device do what the CUDA backend asks of them. */
@Command(
    name = "gpu-check",
    description = {
      "Look whether the GPU's driver and all kernels can be used.",
      "The driver must have the functions that are asked of it, and all kernels load. With --parity"
          + " every case of every op is compared with plain loops, and on compute capability 9.0"
          + " both kinds of kernels for products in TF32 and bf16. Exit code 1 if something is"
          + " wrong."
    })
public final class GpuCheckCommand implements Callable<Integer> {
  /** Names the emulated driver's folder, as {@code ./accrete} sets it. */
  private static final String EMULATOR = "accrete.cuda.emulator";

  private static final String LIBRARY = "libcuda.so.1";

  @Option(
      names = "--symbols",
      paramLabel = "FILE",
      description = "names of functions, one a line, that the driver must have")
  private Optional<Path> symbols = Optional.empty();

  @Option(names = "--parity", description = "compare ops with the reference backend")
  private boolean parity;

  @Option(names = "--only", paramLabel = "PATTERN", description = "only ops whose name this finds")
  private String only = "";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this and stop")
  @SuppressWarnings("unused") // picocli acts on it.
  private boolean help;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter console = spec.commandLine().getOut();
    boolean good = true;
    if (symbols.isPresent()) {
      good = hasSymbols(console, Files.readAllLines(symbols.get()));
    }
    try (Backend backend = Backends.create("cuda", BackendOptions.defaults())) {
      console.println(backend.description());
      try (DeviceTimer timer = DeviceTimer.of(backend).orElseThrow()) {
        console.println(timer.facts());
        console.println("loaded " + timer.loadKernels() + " files of kernels");
      }
      if (parity) {
        good &= agrees(console, backend);
        good &= coresAgree(console, backend);
      }
    }
    console.flush();
    return good ? 0 : 1;
  }

  /** The functions are only looked for: calling one would need its arguments. */
  @SuppressWarnings("restricted")
  private static boolean hasSymbols(PrintWriter console, List<String> names) {
    String library =
        Optional.ofNullable(System.getProperty(EMULATOR))
            .map(folder -> Path.of(folder, LIBRARY).toString())
            .orElse(LIBRARY);
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup driver = SymbolLookup.libraryLookup(library, arena);
      List<String> missing = names.stream().filter(n -> driver.find(n).isEmpty()).toList();
      console.printf(
          Locale.ROOT,
          "%d of %d functions are in %s%n",
          names.size() - missing.size(),
          names.size(),
          library);
      missing.forEach(name -> console.println("MISSING " + name));
      return missing.isEmpty();
    } catch (IllegalArgumentException e) {
      throw new AccreteException("there is no NVIDIA driver: " + library + " does not load", e);
    }
  }

  private boolean agrees(PrintWriter console, Backend backend) {
    Pattern wanted = Pattern.compile(only);
    int failed = 0;
    try (Backend reference = Backends.create("reference", BackendOptions.defaults())) {
      SpecRunner runner = new SpecRunner(reference, backend);
      for (OpSpec op : OpSpecs.all()) {
        if (wanted.matcher(op.name()).find()) {
          failed += failures(console, runner, op);
        }
      }
    }
    console.println(failed == 0 ? "all agree with reference" : failed + " cases are off");
    return failed == 0;
  }

  /** Hopper's kernels for products beside the portable ones, where the device can run both. */
  private boolean coresAgree(PrintWriter console, Backend backend) {
    int failed = 0;
    try (DeviceTimer timer = DeviceTimer.of(backend).orElseThrow()) {
      if (!timer.facts().runsHopperCore()) {
        console.println("wgmma: not compared, it needs compute capability 9.0");
        return true;
      }
      for (Precision precision : List.of(Precision.TF32, Precision.BF16)) {
        Backend portable = timer.choosing(precision, CoreChoice.PORTABLE);
        Backend hopper = timer.choosing(precision, CoreChoice.HOPPER);
        failed += differences(console, portable, hopper);
      }
    }
    return failed == 0;
  }

  private int differences(PrintWriter console, Backend portable, Backend hopper) {
    Pattern wanted = Pattern.compile(only);
    int failed = 0;
    int compared = 0;
    for (OpSpec.Case one : CoreCheck.cases()) {
      if (wanted.matcher(one.op().name()).find()) {
        compared++;
        try {
          CoreCheck.compare(one, portable, hopper);
        } catch (SpecFailure | AccreteException e) {
          failed++;
          console.println("FAILED " + e.getMessage());
        }
      }
    }
    console.printf(
        Locale.ROOT,
        "%s beside the portable kernels: %d products, %d failed%n",
        hopper.description(),
        compared,
        failed);
    console.flush();
    return failed;
  }

  private static int failures(PrintWriter console, SpecRunner runner, OpSpec op) {
    long began = System.nanoTime();
    int failed = 0;
    int forms = 0;
    for (OpSpec.Case one : op.cases()) {
      try {
        List<SpecProgram.Form> ran = runner.check(one);
        forms += ran.size();
        if (ran.isEmpty()) {
          failed++;
          console.println("NOT SUPPORTED " + one);
        }
      } catch (SpecFailure | AccreteException e) {
        failed++;
        console.println("FAILED " + e.getMessage());
      }
    }
    console.printf(
        Locale.ROOT,
        "%-24s %3d cases in %3d forms, %d failed, %.1f s%n",
        op.name(),
        op.cases().size(),
        forms,
        failed,
        (System.nanoTime() - began) / 1e9);
    console.flush();
    return failed;
  }
}
