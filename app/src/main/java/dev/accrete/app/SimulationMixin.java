package dev.accrete.app;

import dev.accrete.cl.run.ShellWords;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.AtomicFiles;
import dev.accrete.production.daily.Simulation;
import dev.accrete.production.daily.SimulationOptions;
import dev.accrete.production.daily.StoryDay;
import dev.accrete.production.daily.StoryPage;
import dev.accrete.production.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of {@code accrete daily --simulate}. */
final class SimulationMixin {
  @Option(
      names = "--simulate",
      description =
          "Play the days of NICv2 on the simulated CORe50 through a store of its own, and tell the"
              + " story on a page: accuracy and cost by day, beside re-training every night.")
  private boolean simulate;

  @Option(names = "--out", paramLabel = "DIR", description = "Simulation: store and story go here.")
  private @Nullable Path out;

  @Option(names = "--days", paramLabel = "N", description = "Simulation: default 391, all.")
  private @Nullable Integer days;

  @Option(
      names = "--frames-every",
      paramLabel = "K",
      description = "Simulation: every K-th frame of a sequence arrives. Default: 5.")
  private @Nullable Integer framesEvery;

  @Option(
      names = "--test-every",
      paramLabel = "K",
      description = "Simulation: test the champion after every K-th day. Default: 10.")
  private @Nullable Integer testEvery;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      description = "Simulation: what the store learns with. Default: analytic.")
  private @Nullable String strategy;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Simulation: a setting of the strategy.")
  private @Nullable Map<String, String> settings;

  @Option(
      names = "--noise",
      paramLabel = "SHARE",
      description = "Simulation: share of labels that are wrong when they arrive. Default: 0.")
  private @Nullable Double noise;

  @Option(
      names = "--asymmetric",
      description = "Simulation: a wrong label is always the next class's.")
  private boolean asymmetric;

  @Option(
      names = "--review",
      description =
          "Simulation: before a day is learned, every label that review suspects is looked at, and"
              + " corrected if it is wrong.")
  private boolean review;

  @Option(
      names = "--order",
      paramLabel = "N",
      description = "Simulation: which of the published orders of days, 0 to 9. Default: 0.")
  private @Nullable Integer order;

  @Option(
      names = "--load-and-query",
      description =
          "Simulation: also try every candidate in a process of its own, as a store does unless its"
              + " policy says otherwise.")
  private boolean loadAndQuery;

  boolean wanted() {
    return simulate;
  }

  /** What would be ignored is refused. */
  void refuseUnused(CommandSpec spec) {
    boolean any =
        out != null
            || days != null
            || framesEvery != null
            || testEvery != null
            || strategy != null
            || settings != null
            || noise != null
            || asymmetric
            || review
            || order != null
            || loadAndQuery;
    if (any) {
      throw new ParameterException(
          spec.commandLine(),
          "--out, --days, --frames-every, --test-every, --strategy, --set, --noise, --asymmetric, --review,"
              + " --order and --load-and-query go with --simulate alone");
    }
  }

  int play(CommandSpec spec, EngineOptions engine, @Nullable Integer retrainEvery) {
    Path folder = out == null ? Path.of("runs", "story") : out;
    SimulationOptions plain = SimulationOptions.defaults();
    SimulationOptions options =
        Failures.settings(
            spec,
            () ->
                new SimulationOptions(
                    days == null ? plain.days() : days,
                    framesEvery == null ? plain.framesEvery() : framesEvery,
                    testEvery == null ? plain.testEvery() : testEvery,
                    strategy == null ? plain.strategy() : strategy,
                    settings == null ? plain.settings() : settings,
                    noise == null ? 0 : noise,
                    asymmetric,
                    review,
                    retrainEvery == null ? 0 : retrainEvery,
                    order == null ? 0 : order,
                    0,
                    loadAndQuery));
    Console console = Console.of(spec);
    engine.sayWhatSlowsDown();
    try (Progress progress = new Progress(console)) {
      Simulation story = new Simulation(options, folder, day -> tell(day, options.days(), console));
      List<StoryDay> played =
          story.run(engine.backend(), engine.resources().threads(), progress::images);
      Path page = folder.resolve("story.html");
      String command = command(spec, folder);
      AtomicFiles.write(
          page,
          List.of(
              StoryPage.html(title(options), played, Policy.DEFAULT.cost(), command)
                  .getBytes(StandardCharsets.UTF_8)));
      console.print("story: " + page);
      return 0;
    }
  }

  private static String title(SimulationOptions options) {
    return options.days()
        + " days of a model in production: simulated CORe50, NICv2-391, "
        + options.strategy();
  }

  private static String command(CommandSpec spec, Path folder) {
    List<String> words =
        spec.commandLine().getParent() == null
            ? List.of()
            : List.copyOf(spec.commandLine().getParseResult().originalArgs());
    if (words.isEmpty()) {
      throw new AccreteException("the command line of " + folder + " is not known");
    }
    return "./accrete daily " + String.join(" ", words.stream().map(ShellWords::quote).toList());
  }

  private static void tell(StoryDay day, int days, Console console) {
    boolean quiet = day.accuracy().isEmpty() && !day.outcome().kind().isProblem();
    if (quiet) {
      return;
    }
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%s of %d: %s, %d images so far, %.1f s",
            day.outcome().day(),
            days,
            day.outcome().kind(),
            day.received(),
            day.wallSeconds()));
    day.accuracy()
        .ifPresent(
            accuracy ->
                line.append(String.format(Locale.ROOT, ", accuracy %.1f%%", 100 * accuracy)));
    day.outcome().reasons().forEach(reason -> line.append("\n  ").append(reason));
    console.note(line.toString());
  }
}
