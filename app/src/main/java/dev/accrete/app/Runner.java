package dev.accrete.app;

import dev.accrete.cl.run.InputLoader;
import dev.accrete.cl.run.Ledger;
import dev.accrete.cl.run.RunConfig;
import dev.accrete.cl.run.RunDirectory;
import dev.accrete.cl.run.RunInputs;
import dev.accrete.cl.run.RunLoop;
import dev.accrete.cl.run.RunResults;
import dev.accrete.cl.run.Summary;
import dev.accrete.core.Backends;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** Leads a run from its configuration to the table at the end. */
final class Runner {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private Runner() {}

  /** A folder for a run the user gave no name. */
  static Path newFolder(String what) {
    String name = what.replaceAll("[^A-Za-z0-9._-]+", "-");
    return Path.of("runs", name + "-" + LocalDateTime.now(ZoneId.systemDefault()).format(STAMP));
  }

  static Summary run(RunConfig config, RunDirectory directory, CommandSpec spec) {
    Console console = Console.of(spec);
    Backends.notices(config.backend()).forEach(console::note);
    Progress progress = new Progress(console);
    try (RunInputs inputs = new InputLoader(config, progress::images).load()) {
      if (directory.isNew()) {
        Failures.require(spec, () -> config.requireWithin(inputs.horizon()));
      }
      RunConfig resolved = config.with(Map.of("backend", inputs.backend().name()));
      console.note(inputs.describe());
      List<Ledger> ledgers = new RunLoop(resolved, directory, inputs, progress).run();
      Summary summary = RunResults.write(resolved, directory, inputs, ledgers);
      console.print(SummaryTable.of(summary));
      if (Files.exists(directory.report())) {
        console.print("report: " + directory.report());
      }
      return summary;
    } finally {
      progress.close();
    }
  }
}
