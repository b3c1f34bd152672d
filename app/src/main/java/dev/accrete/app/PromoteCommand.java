package dev.accrete.app;

import dev.accrete.production.store.Aliases;
import dev.accrete.production.store.Promotion;
import dev.accrete.production.store.Store;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete promote}. */
@Command(
    name = "promote",
    description = "Puts a version into production; it must have been blessed, or be the first.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class PromoteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "STORE", description = "The store's folder.")
  private Path folder;

  @Parameters(
      index = "1",
      paramLabel = "VERSION",
      defaultValue = "candidate",
      description = "A number, or an alias. Default: candidate.")
  private String version;

  @Option(names = "--force", description = "Although it was not blessed; needs --reason.")
  private boolean force;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Stands in the ledger.")
  private String reason;

  @Override
  public Integer call() {
    try (Store store = Stores.open(folder)) {
      int id = Stores.version(store, version);
      Aliases aliases = store.promote(id, new Promotion(Stores.actor(), reason, force));
      Console.of(spec)
          .print(
              "version "
                  + id
                  + " is in production"
                  + (aliases.previous().isPresent()
                      ? "; accrete rollback goes back to version " + aliases.previous().getAsInt()
                      : ""));
    }
    return 0;
  }
}
