package dev.accrete.app;

import dev.accrete.cl.run.Plugins;
import dev.accrete.cl.settings.Schema;
import dev.accrete.cl.strategy.ConfiguredStrategy;
import dev.accrete.cl.strategy.Strategies;
import dev.accrete.cl.strategy.StrategyProvider;
import dev.accrete.core.AccreteException;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** {@code accrete settings}. */
@Command(
    name = "settings",
    description = "The strategies that can be found here, or the settings of one of them.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class SettingsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STRATEGY", arity = "0..1", description = "Whose settings to list.")
  private @Nullable String strategy;

  @Option(
      names = "--horizon",
      paramLabel = "N",
      defaultValue = "391",
      description = "Experiences that defaults are made for. Default: 391.")
  private int horizon;

  @Option(
      names = "--plugins",
      paramLabel = "PATH",
      split = ",",
      description = "Jars or folders with strategies from outside.")
  private @Nullable List<Path> plugins;

  @Override
  public Integer call() {
    if (plugins != null) {
      Plugins.use(plugins);
    }
    if (horizon < 1) {
      throw new ParameterException(
          spec.commandLine(), "--horizon is " + horizon + ", must be at least 1");
    }
    List<List<String>> rows = strategy == null ? strategies() : settings(strategy);
    int[] widths = new int[rows.getFirst().size()];
    rows.forEach(
        row -> {
          for (int c = 0; c < widths.length; c++) {
            widths[c] = Math.max(widths[c], row.get(c).length());
          }
        });
    Console console = Console.of(spec);
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < widths.length; c++) {
        line.append(row.get(c)).append(" ".repeat(widths[c] - row.get(c).length() + 2));
      }
      console.print(line.toString().stripTrailing());
    }
    return 0;
  }

  private static List<List<String>> strategies() {
    List<List<String>> rows = new ArrayList<>();
    for (StrategyProvider<?> provider : Strategies.providers().values()) {
      rows.add(List.of(provider.name(), provider.label(), provider.description()));
    }
    return rows;
  }

  private List<List<String>> settings(String name) {
    ConfiguredStrategy<?> configured;
    try {
      configured = Strategies.configure(name, horizon);
    } catch (AccreteException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    Map<String, String> values = configured.toMap();
    List<List<String>> rows = new ArrayList<>();
    for (Schema.Entry entry : configured.schema().entries()) {
      rows.add(
          List.of(
              entry.name(), values.getOrDefault(entry.name(), ""), entry.text(), entry.range()));
    }
    return rows;
  }
}
