package dev.accrete.app;

import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.cl.run.Plugins;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.StartingWeights;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoreConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete store init}. */
@Command(
    name = "init",
    description = "Makes a store in a new folder.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class StoreInitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "A new or empty folder.")
  private Path folder;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "mobilenet-v1:0.5",
      description = "The network. Default: mobilenet-v1:0.5.")
  private String model;

  @Option(
      names = "--image-size",
      paramLabel = "PIXELS",
      defaultValue = "64",
      description = "Height and width to which images are decoded. Default: 64.")
  private int imageSize;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      defaultValue = "analytic",
      description = "How it learns; 'accrete settings' lists them. Default: analytic.")
  private String strategy;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A setting of the strategy; 'accrete settings NAME' lists them.")
  private @Nullable Map<String, String> settings;

  @Option(
      names = "--classes",
      paramLabel = "NAME",
      split = ",",
      description = "Classes that are declared. Default: those of the first day.")
  private @Nullable List<String> classes;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      defaultValue = LearnerConfig.WEIGHTS_AUTO,
      description =
          "First weights: auto (see accrete info), none or a file, which is copied. Default: auto.")
  private String weights;

  @Option(
      names = "--horizon",
      paramLabel = "DAYS",
      defaultValue = "391",
      description = "Days that schedules are made for. Default: 391.")
  private int horizon;

  @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "Default: 0.")
  private long seed;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "What days and versions must be; it is copied into the store.")
  private @Nullable Path policy;

  @Option(
      names = "--plugins",
      paramLabel = "PATH",
      split = ",",
      description = "Jars or folders with strategies or models from outside.")
  private @Nullable List<Path> plugins;

  @Override
  public Integer call() {
    if (plugins != null) {
      Plugins.use(plugins);
    }
    StoreConfig config = StoreConfig.of(learner());
    if (policy != null) {
      require("--policy", policy);
      config = config.withPolicy(policy);
    }
    try (Store store = Store.init(folder, config)) {
      Console.of(spec)
          .print(
              "a store of "
                  + model
                  + ", "
                  + imageSize
                  + "x"
                  + imageSize
                  + " pixels, "
                  + strategy
                  + ": "
                  + store.folder());
    }
    return 0;
  }

  private LearnerConfig learner() {
    new StartingWeights(weights).file().ifPresent(file -> require("--weights", file));
    try {
      return new LearnerConfig(
          model,
          imageSize,
          strategy,
          settings == null ? Map.of() : settings,
          classes == null ? List.of() : classes,
          0,
          weights,
          seed,
          horizon);
    } catch (IllegalArgumentException | AccreteException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void require(String option, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ParameterException(
          spec.commandLine(), option + ": there is no file " + file + "; check the path");
    }
  }
}
