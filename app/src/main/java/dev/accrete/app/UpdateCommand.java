package dev.accrete.app;

import dev.accrete.cl.run.Plugins;
import dev.accrete.cl.run.ShellWords;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.production.store.Day;
import dev.accrete.production.store.DayState;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.UpdateOptions;
import dev.accrete.production.store.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete update}. */
@Command(
    name = "update",
    description =
        "Learns the days that came in since the champion, and makes the result the candidate."
            + " Nothing if nothing came in.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class UpdateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "The store's folder.")
  private Path folder;

  @Option(
      names = "--with-blocked",
      description = "Also the days whose version was not blessed or was rolled back.")
  private boolean blocked;

  @Option(
      names = "--retrain",
      description = "Instead, lets a fresh learner learn everything that is kept, at once.")
  private boolean retrain;

  @Option(names = "--backend", defaultValue = Backends.AUTO, description = "Default: auto.")
  private String backend;

  @Option(names = "--threads", paramLabel = "N", description = "Default: all processors.")
  private @Nullable Integer threads;

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
    Console console = Console.of(spec);
    BackendOptions resources =
        Failures.settings(
            spec, () -> threads == null ? BackendOptions.defaults() : new BackendOptions(threads));
    UpdateOptions options =
        UpdateOptions.by(Stores.actor()).announcing(plan -> console.note(Stores.planned(plan)));
    if (blocked) {
      options = options.withBlocked();
    }
    try (Store store = Stores.open(folder);
        Backend engine = Backends.create(backend, resources);
        Progress progress = new Progress(console)) {
      Optional<Version> made =
          retrain
              ? store.retrain(engine, true, options, progress.images("the store"))
              : store.update(engine, options, progress.images("the store"));
      console.print(made.map(version -> next(store, version)).orElseGet(() -> nothing(store)));
    }
    return 0;
  }

  private String next(Store store, Version version) {
    boolean first = store.aliases().champion().isEmpty();
    return Stores.made(version)
        + "; it is the candidate. Next: accrete "
        + (first ? "promote " : "evaluate ")
        + ShellWords.quote(folder.toString())
        + (first ? " " + version.id() : "");
  }

  private static String nothing(Store store) {
    OptionalInt candidate = store.aliases().candidate();
    List<String> left =
        store.days().stream()
            .filter(day -> day.state() == DayState.BLOCKED)
            .map(Day::name)
            .toList();
    String blocked =
        left.isEmpty()
            ? ""
            : "; left out, as their version was not blessed or was rolled back: "
                + String.join(", ", left)
                + " (--with-blocked learns them again)";
    return candidate.isPresent()
        ? "nothing to learn: candidate "
            + candidate.getAsInt()
            + " knows all that came in, evaluate or promote it"
            + blocked
        : "nothing to learn: no day came in since the champion" + blocked;
  }
}
