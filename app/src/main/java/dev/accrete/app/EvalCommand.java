package dev.accrete.app;

import dev.accrete.cl.data.DataSpec;
import dev.accrete.cl.data.ImageRows;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.OnCorrupt;
import dev.accrete.cl.data.PackOptions;
import dev.accrete.cl.data.PackedImages;
import dev.accrete.cl.metrics.ConfusionMatrix;
import dev.accrete.cl.metrics.Evaluation;
import dev.accrete.cl.run.Checkpoint;
import dev.accrete.cl.run.InputLoader;
import dev.accrete.cl.run.Mistake;
import dev.accrete.cl.run.Origin;
import dev.accrete.cl.run.RunConfig;
import dev.accrete.cl.run.RunDirectory;
import dev.accrete.cl.run.RunInputs;
import dev.accrete.cl.run.RunLoop;
import dev.accrete.cl.strategy.ConfiguredStrategy;
import dev.accrete.cl.strategy.Strategy;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.nn.Model;
import dev.accrete.nn.Network;
import dev.accrete.nn.Prediction;
import dev.accrete.nn.Predictor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
        "Tests what a run has learned: the last checkpoint of each strategy on the run's own test"
            + " set, or the models of a finished run, or one model, on other data, whose classes"
            + " are told by name.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class EvalCommand implements Callable<Integer> {
  /** What may differ from the run: how and on what it is tested. */
  private static final Set<String> ALLOWED =
      Set.of(
          "data",
          "testFramesEvery",
          "scoring",
          "skipCorrupt",
          "backend",
          "threads",
          "strategies",
          "plugins");

  /** Whoever names one of these is tested on other images. */
  private static final Set<String> OF_TEST =
      Set.of("data", "testFramesEvery", "scoring", "skipCorrupt");

  private static final int MISTAKES = 5;
  private static final int MINI_BATCH = 64;

  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // RunOptions.given reads them from the command's model
  @Mixin
  private RunOptions options;

  @Option(names = "--out", paramLabel = "DIR", description = "The run.")
  private @Nullable Path out;

  @Option(names = "--model-file", paramLabel = "FILE", description = "A model, instead of a run.")
  private @Nullable Path modelFile;

  @Override
  public Integer call() {
    Map<String, Object> given = new LinkedHashMap<>(RunOptions.given(spec));
    for (String name : given.keySet()) {
      if (!ALLOWED.contains(name)) {
        throw usage(
            "eval cannot change "
                + RunConfig.option(name)
                + ": it is settled by the run in --out"
                + (name.equals("model") ? "; one model alone is named by --model-file" : ""));
      }
    }
    Console console = Console.of(spec);
    if (modelFile != null && out == null) {
      RunConfig config = Failures.settings(spec, () -> RunConfig.defaults().with(given));
      if (!given.containsKey("data")) {
        throw usage("--model-file needs --data: what to test it on");
      }
      Failures.require(spec, () -> config.requireUsed(given.keySet()));
      score(modelFile.toString(), modelFile, config, console);
      return 0;
    }
    if (out == null || modelFile != null) {
      throw usage("name a run with --out DIR, or a model with --model-file FILE");
    }
    try (RunDirectory directory = RunDirectory.read(out)) {
      RunConfig own = Failures.settings(spec, () -> directory.config(RunDirectory.plugins(given)));
      List<String> names = chosen(own, given);
      Map<String, Object> changes = new LinkedHashMap<>(given);
      changes.keySet().removeAll(Set.of("strategies", "plugins"));
      RunConfig config = Failures.settings(spec, () -> own.with(changes));
      Failures.require(spec, () -> config.requireUsed(given.keySet()));
      if (given.containsKey("data") && !DataSpec.parse(config.data()).hasFrames()) {
        for (String name : names) {
          score(name, model(directory, name), config, console);
        }
      } else {
        restore(new Tested(directory, own, names, given.keySet()), config, console);
      }
    }
    return 0;
  }

  /** The strategies to test: settings are for those of the run, so the run keeps them all. */
  private List<String> chosen(RunConfig own, Map<String, Object> given) {
    if (!(given.get("strategies") instanceof List<?> named)) {
      return own.strategies();
    }
    List<String> names = named.stream().map(String::valueOf).distinct().toList();
    for (String name : names) {
      if (!own.strategies().contains(name)) {
        throw usage(
            "unknown strategy '"
                + name
                + "': the run in "
                + out
                + " has "
                + String.join(", ", own.strategies()));
      }
    }
    return names;
  }

  /**
   * What is tested.
   *
   * @param own the run as it was
   * @param given what is otherwise now
   */
  private record Tested(
      RunDirectory directory, RunConfig own, List<String> names, Set<String> given) {
    /** The inputs that need not be those of the run. */
    Set<String> free(RunInputs inputs) {
      Set<String> free = new LinkedHashSet<>(List.of("backend")); // all agree within their rules
      if (given.contains("data") || (given.contains("skipCorrupt") && inputs.trainSkipped() > 0)) {
        free.add("train");
      }
      if (given.stream().anyMatch(OF_TEST::contains)) {
        free.add("test");
      }
      return free;
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static Path model(RunDirectory directory, String name) {
    Path file = directory.model(name);
    if (!Files.exists(file)) {
      throw new AccreteException(
          directory.path()
              + " has no model of "
              + name
              + " yet: finish the run with --resume, or name another --strategy");
    }
    return file;
  }

  /** The strategies themselves, on the test set of the run. */
  private static void restore(Tested tested, RunConfig config, Console console) {
    try (Progress progress = new Progress(console);
        RunInputs inputs = new InputLoader(config, progress::images).load()) {
      for (ConfiguredStrategy<?> configured : RunLoop.configured(config, inputs)) {
        if (tested.names.contains(configured.name())) {
          console.print(report(configured, tested, inputs));
        }
      }
    }
  }

  private static String report(ConfiguredStrategy<?> configured, Tested tested, RunInputs inputs) {
    String name = configured.name();
    Checkpoint checkpoint =
        tested
            .directory
            .checkpoint(name)
            .orElseThrow(
                () ->
                    new AccreteException(
                        tested.directory.path()
                            + " has no checkpoint of "
                            + name
                            + ": finish the run with --resume, or name another --strategy"));
    checkpoint.requireOrigin(Origin.of(configured, tested.own, inputs), tested.free(inputs));
    try (Strategy strategy = configured.create(inputs.context())) {
      strategy.restore(checkpoint.state());
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
            "%s after %d experiences: accuracy %s on %d images%n",
            name,
            checkpoint.ledger().next(),
            percent(evaluation.accuracy()),
            evaluation.confusion().total()));
    List<String> groups = inputs.scenario().groups();
    for (int g = 0; g < groups.size() && groups.size() > 1; g++) {
      if (evaluation.groupAccuracy().get(g).isNaN()) {
        continue; // no image of it was tested
      }
      text.append(
          String.format(
              Locale.ROOT,
              "  %s: %.2f%%%n",
              groups.get(g),
              100 * evaluation.groupAccuracy().get(g)));
    }
    return text + mistakes(evaluation.confusion(), inputs.test().classNames());
  }

  private static String percent(double fraction) {
    return Double.isNaN(fraction)
        ? "unknown"
        : String.format(Locale.ROOT, "%.2f%%", 100 * fraction);
  }

  private static String mistakes(ConfusionMatrix confusion, List<String> names) {
    StringBuilder text = new StringBuilder();
    for (Mistake mistake : Mistake.commonest(confusion, MISTAKES)) {
      text.append("  ").append(mistake.describe(names)).append('\n');
    }
    return text.toString().stripTrailing();
  }

  /** A model on other data, class by name. */
  private static void score(String name, Path file, RunConfig config, Console console) {
    Model model = Model.load(file);
    Backends.notices(config.backend()).forEach(console::note);
    try (Backend engine =
            Backends.create(
                config.backend(), new BackendOptions(config.threads(), config.precision()));
        Predictor predictor = model.open(engine, MINI_BATCH);
        Progress progress = new Progress(console)) {
      DataSpec data = DataSpec.parse(config.data());
      ImageSet source = InputLoader.opening(data, () -> data.open().test(model.network().height()));
      PackOptions packs =
          PackOptions.defaults()
              .onCorrupt(config.skipCorrupt() ? OnCorrupt.SKIP : OnCorrupt.FAIL)
              .reportingTo(progress.images(source.name()));
      try (PackedImages test = PackedImages.of(source, packs)) {
        int[] rowOf = rows(model, test, file);
        ConfusionMatrix confusion = new ConfusionMatrix(model.classes().size());
        answer(predictor, test, (i, answer) -> confusion.add(rowOf[test.label(i)], answer));
        console.print(
            String.format(
                Locale.ROOT,
                "%s: accuracy %s on %d images of %s%s%n%s",
                name,
                percent(confusion.accuracy()),
                confusion.total(),
                test.name(),
                test.skipped() == 0 ? "" : ", " + test.skipped() + " that are damaged left out",
                mistakes(confusion, model.classes())));
      }
    }
  }

  /** The model's row of each class of the data. */
  private static int[] rows(Model model, ImageSet test, Path file) {
    Set<String> present = new LinkedHashSet<>();
    for (int i = 0; i < test.size(); i++) {
      present.add(test.classNames().get(test.label(i)));
    }
    List<String> unknown = new ArrayList<>(present);
    unknown.removeAll(model.classes());
    if (!unknown.isEmpty()) {
      throw new AccreteException(
          test.name()
              + " has "
              + unknown.size()
              + " of "
              + present.size()
              + " classes that "
              + file
              + " does not know: "
              + String.join(", ", unknown.subList(0, Math.min(10, unknown.size())))
              + (unknown.size() > 10 ? ", ..." : "")
              + "; it knows "
              + String.join(", ", model.classes().subList(0, Math.min(10, model.classes().size())))
              + (model.classes().size() > 10 ? ", ..." : "")
              + ". Name the folders as the model does, or test another model");
    }
    return test.classNames().stream().mapToInt(model.classes()::indexOf).toArray();
  }

  private interface Answers {
    void take(int image, int row);
  }

  private static void answer(Predictor predictor, ImageSet test, Answers answers) {
    Network network = predictor.model().network();
    ImageRows rows =
        new ImageRows(MINI_BATCH, network.channels(), network.height(), network.width());
    List<String> classes = predictor.model().classes();
    for (int from = 0; from < test.size(); from += MINI_BATCH) {
      int count = Math.min(MINI_BATCH, test.size() - from);
      for (int row = 0; row < count; row++) {
        rows.read(test, from + row, row);
      }
      List<Prediction> predictions = predictor.predictPixels(rows.pixels(), count);
      for (int row = 0; row < count; row++) {
        answers.take(from + row, classes.indexOf(predictions.get(row).best().name()));
      }
    }
  }
}
