package dev.accrete.app;

import dev.accrete.production.store.Alias;
import dev.accrete.production.store.LedgerEntry;
import dev.accrete.production.store.Store;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete history}. */
@Command(
    name = "history",
    description =
        "Who put which version into production, when and why, and what the gate measured of it last.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class HistoryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "The store's folder.")
  private Path folder;

  @Override
  public Integer call() {
    Console console = Console.of(spec);
    try (Store store = Stores.openWithoutPolicy(folder)) {
      List<List<String>> rows = new ArrayList<>();
      for (LedgerEntry entry : store.ledger()) {
        rows.add(
            List.of(
                entry.at().truncatedTo(ChronoUnit.SECONDS).toString(),
                entry.alias().name().toLowerCase(Locale.ROOT),
                Stores.alias(entry.from()) + " -> " + Stores.alias(entry.to()),
                entry.alias() == Alias.PREVIOUS ? "" : Stores.accuracy(store, entry.to()),
                entry.action() + (entry.forced() ? " (forced)" : ""),
                entry.actor(),
                entry.reason()));
      }
      if (rows.isEmpty()) {
        console.print("nothing yet: make a version with accrete update, then promote it");
      }
      StoreShowCommand.print(console, rows);
    }
    return 0;
  }
}
