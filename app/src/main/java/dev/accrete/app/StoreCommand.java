package dev.accrete.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code accrete store}. */
@Command(
    name = "store",
    description =
        "A folder with a model in production and everything that it comes from: images day by day,"
            + " versions, and who promoted which of them.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    subcommands = {
      StoreInitCommand.class,
      StoreShowCommand.class,
      StoreCheckCommand.class,
      StoreGcCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
final class StoreCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Without a command: says which there are. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
