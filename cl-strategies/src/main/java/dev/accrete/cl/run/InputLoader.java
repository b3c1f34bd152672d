package dev.accrete.cl.run;

import dev.accrete.cl.data.DataSets;
import dev.accrete.cl.data.DataSpec;
import dev.accrete.cl.data.FrameKey;
import dev.accrete.cl.data.FrameSource;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.LabelledData;
import dev.accrete.cl.data.OnCorrupt;
import dev.accrete.cl.data.PackOptions;
import dev.accrete.cl.data.PackedImages;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.CoreOptions;
import dev.accrete.cl.scenario.FrameScenario;
import dev.accrete.cl.scenario.Scenario;
import dev.accrete.cl.scenario.ScenarioSpec;
import dev.accrete.cl.scenario.Scenarios;
import dev.accrete.cl.strategy.StrategyContext;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Precision;
import dev.accrete.nn.ModelSpec;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.StartingWeights;
import dev.accrete.nn.Weights;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/** Turns a configuration into what a run works on. */
public final class InputLoader {
  private final RunConfig config;
  private final PackOptions packs;
  private final Function<String, ProgressListener> listeners;

  /**
   * A loader.
   *
   * @param listeners gives, for the name of an image set, who hears how far its decoding has come
   */
  public InputLoader(RunConfig config, Function<String, ProgressListener> listeners) {
    this(config, PackOptions.defaults(), listeners);
  }

  /** The same with a cache folder of its own. */
  public InputLoader(
      RunConfig config, PackOptions packs, Function<String, ProgressListener> listeners) {
    this.config = config;
    this.packs = packs.onCorrupt(config.skipCorrupt() ? OnCorrupt.SKIP : OnCorrupt.FAIL);
    this.listeners = listeners;
  }

  /** A stream and its images. */
  private record Images(Scenario scenario, int horizon, ImageSet train, ImageSet test) {}

  /**
   * Opens data, backend and weights.
   *
   * @throws AccreteException if the scenario does not fit the data, the backend cannot run here, or
   *     the weights do not fit the model
   * @throws dev.accrete.cl.data.DataException if data are missing or damaged
   */
  public RunInputs load() {
    requireUsable();
    try (Opened opened = new Opened()) {
      RunInputs inputs = load(opened);
      opened.keep();
      return inputs;
    }
  }

  /** What was opened on the way, closed again unless all went well. */
  private static final class Opened implements AutoCloseable {
    private final IdentityHashMap<Object, Runnable> closing = new IdentityHashMap<>();

    private <T> T add(T opened, Consumer<T> close) {
      closing.put(opened, () -> close.accept(opened));
      return opened;
    }

    /** What closes its source with it takes the source's place. */
    private PackedImages packed(ImageSet source, PackedImages pack) {
      closing.remove(source);
      return add(pack, PackedImages::close);
    }

    private void keep() {
      closing.clear();
    }

    @Override
    public void close() {
      closing.values().forEach(Runnable::run);
    }
  }

  private RunInputs load(Opened opened) {
    Backend backend =
        opened.add(
            Backends.create(
                config.backend(), new BackendOptions(config.threads(), config.precision())),
            Backend::close);
    Images images = images(opened);
    Network network =
        ModelSpec.parse(config.model(), config.imageSize(), images.scenario.classes());
    StartingWeights.Opened chosen =
        new StartingWeights(config.weights())
            .open(network, images.train.classNames(), config.seed());
    Preprocessing preprocessing = chosen.start().preprocessing();
    StrategyContext context =
        new StrategyContext(
            backend,
            network,
            preprocessing,
            chosen.start().weights(),
            config.seed(),
            index -> images.train.subset(images.scenario.batches().get(index).images()));
    String digest =
        "train "
            + images.train.fingerprint()
            + ", test "
            + images.test.fingerprint()
            + ", weights "
            + checksum(chosen.start().weights())
            + (preprocessing.equals(Preprocessing.imageNet()) ? "" : " for " + preprocessing)
            + ", backend "
            + backend.name()
            + (config.precision() == Precision.FP32 ? "" : " in " + config.precision().label());
    return new RunInputs(
        images.scenario,
        images.train,
        images.test,
        context,
        chosen.origin(),
        images.horizon,
        digest);
  }

  /** What needs no data is checked before any is opened. */
  private void requireUsable() {
    Network network = ModelSpec.parse(config.model(), config.imageSize(), 1);
    config.configured(1, 1).forEach(strategy -> strategy.requireFit(network));
    StartingWeights weights = new StartingWeights(config.weights());
    weights
        .file()
        .filter(file -> !Files.exists(file))
        .ifPresent(
            file -> {
              throw new AccreteException(
                  "there is no file "
                      + file
                      + ": check --weights, or leave it out for the embedded backbone");
            });
  }

  private Images images(Opened opened) {
    ScenarioSpec spec = Scenarios.parse(config.scenario());
    DataSpec data = DataSpec.parse(config.data());
    Images images = data.hasFrames() ? frames(spec, data, opened) : labelled(spec, data, opened);
    return config.first() == 0
        ? images
        : new Images(
            images.scenario.first(config.first()), images.horizon, images.train, images.test);
  }

  private Images frames(ScenarioSpec spec, DataSpec data, Opened opened) {
    CoreOptions options =
        new CoreOptions(config.framesEvery(), config.testFramesEvery(), config.scoring());
    FrameScenario stream = fitting(() -> spec.overCore50(options, config.run()));
    FrameScenario scenario = config.first() == 0 ? stream : stream.first(config.first());
    FrameSource source = opening(data, () -> DataSets.frames(data));
    PackedImages train = pack(frames(data, source, "-train", scenario.trainFrames()), opened);
    PackedImages test = pack(frames(data, source, "-test", scenario.testFrames()), opened);
    return new Images(
        RemainingScenario.of(scenario, train, test), stream.batches().size(), train, test);
  }

  private ImageSet frames(DataSpec data, FrameSource source, String part, List<FrameKey> frames) {
    return opening(data, () -> source.images(source.name() + part, frames, config.imageSize()));
  }

  private Images labelled(ScenarioSpec spec, DataSpec data, Opened opened) {
    LabelledData sets = opening(data, () -> DataSets.labelled(data, config.imageSize()));
    opened.add(sets.train(), ImageSet::close);
    opened.add(sets.test(), ImageSet::close);
    PackedImages train = pack(sets.train(), opened);
    PackedImages test = pack(sets.test(), opened);
    Scenario scenario = fitting(() -> spec.over(train, test, config.run()));
    return new Images(scenario, scenario.batches().size(), train, test);
  }

  private PackedImages pack(ImageSet set, Opened opened) {
    opened.add(set, ImageSet::close);
    PackOptions options = packs.reportingTo(listeners.apply(set.name()));
    return opened.packed(set, PackedImages.of(set, options));
  }

  /**
   * What a provider of data gives, or what it refused as something a user can mend.
   *
   * @throws AccreteException naming the provider and what it said
   */
  public static <T> T opening(DataSpec data, Supplier<T> given) {
    try {
      return given.get();
    } catch (IllegalArgumentException e) {
      throw new AccreteException(
          "the data provider "
              + data.provider()
              + " refuses --data "
              + data
              + ": "
              + String.valueOf(e.getMessage()),
          e);
    }
  }

  /** A scenario, or what is wrong with it as something a user can mend. */
  private static <T extends Scenario> T fitting(Supplier<T> scenario) {
    try {
      return scenario.get();
    } catch (IllegalArgumentException e) {
      throw new AccreteException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String checksum(Weights weights) {
    CRC32C crc = new CRC32C();
    for (float[] values : new float[][] {weights.parameters(), weights.moments()}) {
      ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
      bytes.asFloatBuffer().put(values);
      crc.update(bytes);
    }
    return Long.toHexString(crc.getValue());
  }
}
