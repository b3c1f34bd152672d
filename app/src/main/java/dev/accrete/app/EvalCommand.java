package dev.accrete.app;

import dev.accrete.cl.metrics.Evaluation;
import dev.accrete.cl.run.Checkpoint;
import dev.accrete.cl.run.InputLoader;
import dev.accrete.cl.run.Mistake;
import dev.accrete.cl.run.RunConfig;
import dev.accrete.cl.run.RunDirectory;
import dev.accrete.cl.run.RunInputs;
import dev.accrete.cl.run.RunLoop;
import dev.accrete.cl.strategy.ConfiguredStrategy;
import dev.accrete.cl.strategy.Strategy;
import dev.accrete.core.AccreteException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code accrete eval}. */
@Command(
    name = "eval",
    description =
        "Tests what a run has learned: the last checkpoint of each strategy, on the run's own test"
            + " set or on other data of the same classes.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class EvalCommand implements Callable<Integer> {
  /** What may differ from the run: how and on what it is tested. */
  private static final Set<String> ALLOWED =
      Set.of(
          "data", "testFramesEvery", "scoring", "skipCorrupt", "backend", "threads", "strategies");

  private static final int MISTAKES = 5;

  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // RunOptions.given reads them from the command's model
  @Mixin
  private RunOptions options;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "The run.")
  private Path out;

  @Override
  public Integer call() {
    Map<String, Object> given = new LinkedHashMap<>(RunOptions.given(spec));
    for (String name : given.keySet()) {
      if (!ALLOWED.contains(name)) {
        throw new ParameterException(
            spec.commandLine(), "eval cannot change " + name + ": it is settled by the run");
      }
    }
    Console console = Console.of(spec);
    try (RunDirectory directory = RunDirectory.read(out);
        Progress progress = new Progress(console)) {
      RunConfig config = Failures.settings(spec, () -> directory.config().with(given));
      try (RunInputs inputs = new InputLoader(config, progress::images).load()) {
        for (ConfiguredStrategy<?> configured : RunLoop.configured(config, inputs)) {
          console.print(report(configured, directory, inputs));
        }
      }
    }
    return 0;
  }

  private static String report(
      ConfiguredStrategy<?> configured, RunDirectory directory, RunInputs inputs) {
    String name = configured.name();
    Checkpoint checkpoint =
        directory
            .checkpoint(name)
            .orElseThrow(
                () ->
                    new AccreteException(
                        directory.path()
                            + " has no checkpoint of "
                            + name
                            + ": finish the run with --resume, or name another --strategy"));
    try (Strategy strategy = configured.create(inputs.context())) {
      strategy.restore(checkpoint);
      if (!strategy.ready()) {
        throw new AccreteException(
            name
                + " was not trained at experience "
                + checkpoint.ledger().next()
                + ", where the"
                + " run stopped: finish it with --resume");
      }
      return text(name, checkpoint, RunLoop.evaluate(strategy, inputs), inputs);
    }
  }

  private static String text(
      String name, Checkpoint checkpoint, Evaluation evaluation, RunInputs inputs) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s after %d experiences: accuracy %.2f%% on %d images%n",
            name,
            checkpoint.ledger().next(),
            100 * evaluation.accuracy(),
            evaluation.confusion().total()));
    List<String> groups = inputs.scenario().groups();
    for (int g = 0; g < groups.size() && groups.size() > 1; g++) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %s: %.2f%%%n",
              groups.get(g),
              100 * evaluation.groupAccuracy().get(g)));
    }
    for (Mistake mistake : Mistake.commonest(evaluation.confusion(), MISTAKES)) {
      text.append("  ").append(mistake.describe(inputs.test().classNames())).append('\n');
    }
    return text.toString().stripTrailing();
  }
}
