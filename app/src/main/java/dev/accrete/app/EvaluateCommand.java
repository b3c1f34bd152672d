package dev.accrete.app;

import dev.accrete.core.Backend;
import dev.accrete.production.gate.Evaluated;
import dev.accrete.production.gate.Evaluator;
import dev.accrete.production.gate.Launch;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.store.Store;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete evaluate}. */
@Command(
    name = "evaluate",
    description =
        "Judges the candidate by the store's policy: against the champion on images that no model"
            + " learned, slice by slice, and in a process of its own. Exit status 0 if it is"
            + " blessed, 3 if not; every reason is told, and a page shows the images that changed"
            + " sides.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class EvaluateCommand implements Callable<Integer> {
  /** The exit status that tells a candidate which is not good enough from a failure. */
  static final int NOT_BLESSED = 3;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "STORE", description = "The store's folder.")
  private Path folder;

  @Parameters(
      index = "1",
      paramLabel = "VERSION",
      defaultValue = "candidate",
      description = "A number, or an alias. Default: candidate.")
  private String version;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "Instead of the store's own. Default: policy.yaml of the store.")
  private @Nullable Path policy;

  @Option(names = "--json", description = "The whole verdict as one JSON object.")
  private boolean json;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() {
    engine.prepare();
    Console console = Console.of(spec);
    try (Store store = Stores.open(folder)) {
      Policy judge = policy == null ? store.policy() : Policy.read(policy);
      int id = Stores.version(store, version);
      Evaluated done;
      try (Backend backend = engine.open();
          Progress progress = new Progress(console)) {
        Launch launch = engine.launch();
        done =
            new Evaluator(store, judge, backend, launch, progress.images("version " + id))
                .evaluate(id);
      }
      if (json) {
        console.print(done.verdict().toJson());
      } else {
        console.print(done.verdict().summary() + "card: " + done.card());
      }
      return done.verdict().blessed() ? 0 : NOT_BLESSED;
    }
  }
}
