package dev.accrete.app;

import dev.accrete.production.store.Aliases;
import dev.accrete.production.store.Store;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete rollback}. */
@Command(
    name = "rollback",
    description =
        "Takes the champion out of production, at once. Days that only it knew are left out by the"
            + " next updates.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class RollbackCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "The store's folder.")
  private Path folder;

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description = "The version to go back to. Default: the champion before.")
  private @Nullable String to;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Stands in the ledger.")
  private String reason;

  @Override
  public Integer call() {
    try (Store store = Stores.openWithoutPolicy(folder)) {
      int from = Stores.version(store, "champion");
      OptionalInt target =
          to == null ? OptionalInt.empty() : OptionalInt.of(Stores.version(store, to));
      Aliases aliases = store.rollback(target, Stores.actor(), reason);
      Console.of(spec)
          .print(
              "version "
                  + Stores.alias(aliases.champion())
                  + " is in production again instead of version "
                  + from);
    }
    return 0;
  }
}
