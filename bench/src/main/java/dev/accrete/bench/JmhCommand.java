package dev.accrete.bench;

import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code bench jmh}: the JMH benchmarks, with JMH's own options. */
@Command(
    name = "jmh",
    description = {
      "Run JMH benchmarks whose name matches a regular expression.",
      "  accrete bench jmh TrainingStep -p threads=2 -p miniBatch=32",
      "  accrete bench jmh OpBenchmark -rf json -rff ops.json",
      "These are examples. All arguments are JMH's; -h lists them, -l the benchmarks."
    })
public final class JmhCommand implements Callable<Integer> {
  @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "JMH's arguments")
  private List<String> arguments = List.of();

  @Override
  public Integer call() throws Exception {
    CommandLineOptions given;
    try {
      given = new CommandLineOptions(arguments.toArray(String[]::new));
    } catch (CommandLineOptionException e) {
      System.err.println("accrete bench jmh: " + e.getMessage());
      return 2;
    }
    if (given.shouldHelp()) {
      given.showHelp();
      return 0;
    }
    ChainedOptionsBuilder options = new OptionsBuilder().parent(given);
    if (!given.getParameter(OpBenchmark.CASE).hasValue()) {
      options.param(OpBenchmark.CASE, OpCases.names().toArray(String[]::new));
    }
    Runner runner = new Runner(options.build());
    if (given.shouldList()) {
      runner.list();
      return 0;
    }
    try {
      return runner.run().isEmpty() ? 1 : 0;
    } catch (NoBenchmarksException e) {
      System.err.println("accrete bench jmh: no benchmark matches " + arguments + "; see -l");
      return 2;
    } catch (RunnerException e) {
      System.err.println("accrete bench jmh: " + e.getMessage());
      return 1;
    }
  }
}
