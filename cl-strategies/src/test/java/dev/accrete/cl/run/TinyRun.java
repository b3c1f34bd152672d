package dev.accrete.cl.run;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.scenario.Batch;
import dev.accrete.cl.scenario.Scenario;
import dev.accrete.cl.scenario.Scenarios;
import dev.accrete.cl.strategy.StrategyContext;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Rng;
import dev.accrete.nn.ModelSpec;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A run of six experiences that takes the reference backend a fraction of a second. */
final class TinyRun {
  static final int EXPERIENCES = 6;
  static final List<String> STRATEGIES = List.of("ar1-star", "naive", "cumulative", "slda");
  private static final int SIDE = 8;
  private static final int CLASSES = 4;
  private static final int PER_CLASS = 12;

  private TinyRun() {}

  static RunConfig config() {
    return RunConfig.defaults()
        .with(
            Map.of(
                "scenario",
                "nicv2-6",
                "strategies",
                STRATEGIES,
                "data",
                "images:nowhere",
                "model",
                "small-cnn",
                "imageSize",
                SIDE,
                "threads",
                1,
                "backend",
                "reference",
                "cumulativeAt",
                List.of(1, 3),
                "hyper",
                Map.of("mini-batch", "4", "cumulative.max-epochs", "2")));
  }

  /** The same of some strategies, without the settings of others. */
  static RunConfig config(String... strategies) {
    return config()
        .with(Map.of("strategies", List.of(strategies), "hyper", Map.of("mini-batch", "4")));
  }

  /** Fresh inputs, as a new process would load them. */
  static RunInputs inputs() {
    return inputs(config());
  }

  private static RunInputs inputs(RunConfig config) {
    ImageSet train = images("train", 1);
    ImageSet test = images("test", 2);
    Scenario whole = Scenarios.parse("nicv2-6").over(train, test, 0);
    Scenario scenario = config.first() == 0 ? whole : whole.first(config.first());
    Network network = ModelSpec.parse("small-cnn", SIDE, CLASSES);
    StrategyContext context =
        new StrategyContext(
            Backends.create(config.backend(), new BackendOptions(config.threads())),
            network,
            Preprocessing.centred(3),
            Weights.initial(network, 7),
            11,
            index -> train.subset(scenario.batches().get(index).images()));
    return new RunInputs(scenario, train, test, context, "random", EXPERIENCES, "tiny inputs");
  }

  /** The run in {@code folder}, begun or gone on with. */
  static List<Ledger> run(Path folder, RunConfig config, RunObserver observer) {
    boolean begun = folder.resolve("config.json").toFile().exists();
    try (RunDirectory directory =
            begun ? RunDirectory.resume(folder) : RunDirectory.create(folder);
        RunInputs inputs = inputs(config)) {
      List<Ledger> ledgers = new RunLoop(config, directory, inputs, observer).run();
      RunResults.write(config, directory, inputs, ledgers);
      return ledgers;
    }
  }

  static List<Batch> batches() {
    try (RunInputs inputs = inputs()) {
      return inputs.scenario().batches();
    }
  }

  private static ImageSet images(String name, long seed) {
    int bytes = 3 * SIDE * SIDE;
    byte[] pixels = new byte[CLASSES * PER_CLASS * bytes];
    int[] labels = new int[CLASSES * PER_CLASS];
    Rng noise = Rng.of(seed, 0);
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % CLASSES;
      for (int p = 0; p < bytes; p++) {
        int plane = p / (SIDE * SIDE);
        int level = 60 + 45 * ((labels[i] + plane) % CLASSES);
        pixels[i * bytes + p] = (byte) (level + noise.nextInt(30));
      }
    }
    List<String> classes = new ArrayList<>();
    IntStream.range(0, CLASSES).forEach(c -> classes.add("class " + c));
    return new InMemoryImageSet(name, SIDE, SIDE, classes, labels, pixels);
  }
}
