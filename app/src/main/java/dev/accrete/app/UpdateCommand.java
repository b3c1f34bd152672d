package dev.accrete.app;

import dev.accrete.cl.run.ShellWords;
import dev.accrete.core.Backend;
import dev.accrete.production.store.LeftOut;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.UpdateOptions;
import dev.accrete.production.store.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() {
    engine.prepare();
    Console console = Console.of(spec);
    UpdateOptions options =
        UpdateOptions.by(Stores.actor()).announcing(plan -> console.note(Stores.planned(plan)));
    if (blocked) {
      options = options.withBlocked();
    }
    try (Store store = Stores.open(folder);
        Backend backend = engine.open();
        Progress progress = new Progress(console)) {
      Optional<Version> made =
          retrain
              ? store.retrain(backend, true, options, progress.images("the store"))
              : store.update(backend, options, progress.images("the store"));
      console.print(
          made.map(version -> next(store, version))
              .orElseGet(
                  () ->
                      retrain
                          ? "nothing to judge: re-training gives the champion again, or a"
                              + " candidate that is there"
                          : nothing(store)));
    }
    return 0;
  }

  private String next(Store store, Version version) {
    boolean first = store.aliases().champion().isEmpty();
    return Stores.made(version)
        + "; it is the candidate. Next: accrete "
        + (first ? "promote " : "evaluate ")
        + ShellWords.quote(folder.toString())
        + (first ? " " + version.id() : "")
        + left(
            store.leftOut().stream().filter(day -> !version.days().contains(day.day())).toList());
  }

  private static String left(List<LeftOut> days) {
    return days.isEmpty() ? "" : "\n" + LeftOut.line(days);
  }

  private static String nothing(Store store) {
    OptionalInt candidate = store.aliases().candidate();
    String blocked = left(store.leftOut());
    return candidate.isPresent()
        ? "nothing to learn: candidate "
            + candidate.getAsInt()
            + " knows all that came in, evaluate or promote it"
            + blocked
        : "nothing to learn: no day came in since the champion" + blocked;
  }
}
