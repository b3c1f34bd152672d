package dev.accrete.bench;

import dev.accrete.bench.cpu.CpuCommand;
import dev.accrete.bench.gpu.GpuCheckCommand;
import dev.accrete.bench.gpu.GpuCommand;
import dev.accrete.bench.kills.KillsCommand;
import dev.accrete.bench.regression.RegressionCommand;
import dev.accrete.bench.serve.ServeCommand;
import dev.accrete.bench.step.StepCommand;
import dev.accrete.bench.teach.TeachCommand;
import dev.accrete.core.AccreteException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code accrete bench}: measures the engine, alone and next to others. */
@Command(
    name = "accrete bench",
    description = "Measure the engine, alone and next to others.",
    subcommands = {
      CpuCommand.class,
      StepCommand.class,
      RegressionCommand.class,
      GpuCommand.class,
      GpuCheckCommand.class,
      KillsCommand.class,
      ServeCommand.class,
      TeachCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this and stop")
  @SuppressWarnings("unused") // picocli acts on it.
  private boolean help;

  private Main() {}

  /** Runs a command; the exit code is 0 unless something failed. */
  public static void main(String[] arguments) {
    // What picocli would take for misspelt options of its own are options of JMH.
    CommandLine jmh =
        new CommandLine(new JmhCommand()).setUnmatchedOptionsArePositionalParams(true);
    CommandLine line = new CommandLine(new Main()).addSubcommand(jmh);
    line.setExecutionExceptionHandler(
        (exception, command, parsed) -> {
          if (exception instanceof AccreteException) {
            command.getErr().println("accrete bench: " + exception.getMessage());
            command.getErr().flush();
            return 1;
          }
          throw exception;
        });
    System.exit(line.execute(arguments));
  }
}
