package dev.accrete.app;

import dev.accrete.cl.run.RunConfig;
import dev.accrete.cl.run.RunDirectory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code accrete demo}. */
@Command(
    name = "demo",
    description =
        "The whole story in four minutes: 391 small batches of the simulated CORe50, learned by"
            + " analytic, AR1*, latent replay, naive fine-tuning, re-training and a streaming"
            + " classifier, with a report.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--smallest",
      description = "A dozen batches in less than a minute, to see that everything works.")
  private boolean smallest;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the results go. Default: a new folder under runs/.")
  private @Nullable Path out;

  @Option(names = "--threads", paramLabel = "N", description = "Default: all processors.")
  private @Nullable Integer threads;

  @Option(names = "--backend", paramLabel = "NAME", description = "Default: auto.")
  private @Nullable String backend;

  @Override
  public Integer call() {
    RunConfig config = Failures.settings(spec, this::config);
    Console.of(spec).note("the same by hand: " + config.commandLine());
    Path folder = Optional.ofNullable(out).orElseGet(() -> Runner.newFolder("demo"));
    try (RunDirectory directory = RunDirectory.create(folder)) {
      Runner.run(config, directory, spec);
    }
    return 0;
  }

  private RunConfig config() {
    RunConfig config = smallest ? DemoSettings.smallest() : DemoSettings.standard();
    if (threads != null) {
      config = config.with(Map.of("threads", threads));
    }
    return backend == null ? config : config.with(Map.of("backend", backend));
  }
}
