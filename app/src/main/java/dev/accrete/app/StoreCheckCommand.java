package dev.accrete.app;

import dev.accrete.production.store.CheckReport;
import dev.accrete.production.store.Store;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete store check}. */
@Command(
    name = "check",
    description =
        "Looks whether every row has its file, with the right content, and every file its row; exit"
            + " status 1 if not.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class StoreCheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "The store's folder.")
  private Path folder;

  @Override
  public Integer call() {
    Console console = Console.of(spec);
    try (Store store = Stores.openWithoutPolicy(folder);
        Progress progress = new Progress(console)) {
      CheckReport report = store.check(progress.images("the store"));
      report.wrong().forEach(line -> console.print("wrong: " + line));
      report
          .leftovers()
          .forEach(file -> console.print("left over: " + file + " (accrete store gc removes it)"));
      console.print(
          Stores.count(report.originals(), "original")
              + " and "
              + Stores.count(report.files(), "other file")
              + " looked at: "
              + (report.isSound()
                  ? "all is as it should be"
                  : report.wrong().size() + " wrong, " + report.leftovers().size() + " left over"));
      return report.isSound() ? 0 : 1;
    }
  }
}
