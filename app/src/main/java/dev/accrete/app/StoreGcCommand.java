package dev.accrete.app;

import dev.accrete.production.store.GcReport;
import dev.accrete.production.store.Store;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete store gc}. */
@Command(
    name = "gc",
    description =
        "Removes old learner states and models beyond the limits, and what killed processes left.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class StoreGcCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "The store's folder.")
  private Path folder;

  @Override
  public Integer call() {
    Console console = Console.of(spec);
    try (Store store = Stores.open(folder)) {
      GcReport report = store.gc();
      report.removed().forEach(file -> console.print("removed " + file));
      console.print(
          String.format(
              Locale.ROOT,
              "%s removed, %.1f MiB",
              Stores.count(report.removed().size(), "file"),
              report.bytes() / Stores.MIB));
    }
    return 0;
  }
}
