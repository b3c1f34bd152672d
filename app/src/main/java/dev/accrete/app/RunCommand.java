package dev.accrete.app;

import dev.accrete.cl.data.DataSpec;
import dev.accrete.cl.run.RunConfig;
import dev.accrete.cl.run.RunDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code accrete run}. */
@Command(
    name = "run",
    description = "Learns a stream with one or more strategies and reports what it cost and kept.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // RunOptions.given reads them from the command's model
  @Mixin
  private RunOptions options;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where config.json, batches.csv, summary.json, report.html and checkpoints go. Default: a"
              + " new folder under runs/.")
  private @Nullable Path out;

  @Option(
      names = "--resume",
      description = "Go on with the run in --out; its settings are known and need not be repeated.")
  private boolean resume;

  @Override
  public Integer call() {
    Map<String, Object> given = RunOptions.given(spec);
    if (resume) {
      Path folder =
          Optional.ofNullable(out)
              .orElseThrow(
                  () -> new ParameterException(spec.commandLine(), "--resume needs --out DIR"));
      try (RunDirectory directory = RunDirectory.resume(folder)) {
        Runner.run(Failures.settings(spec, () -> directory.config(given)), directory, spec);
      }
    } else {
      RunConfig config = config(given);
      Path folder = Optional.ofNullable(out).orElseGet(() -> Runner.newFolder(config.scenario()));
      List<Path> data = Failures.settings(spec, () -> folders(config));
      try (RunDirectory directory = RunDirectory.create(folder, data)) {
        Runner.run(config, directory, spec);
      }
    }
    return 0;
  }

  private static List<Path> folders(RunConfig config) {
    return DataSpec.parse(config.data()).folder().stream().toList();
  }

  private RunConfig config(Map<String, Object> given) {
    RunConfig config = Failures.settings(spec, () -> RunConfig.defaults().with(given));
    Failures.require(spec, () -> config.requireUsable(given.keySet()));
    return config;
  }
}
