package dev.accrete.cl.learner;

import dev.accrete.cl.strategy.ConfiguredStrategy;
import dev.accrete.cl.strategy.Strategies;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.ModelSpec;
import dev.accrete.nn.Network;
import dev.accrete.nn.Pretrained;
import dev.accrete.nn.StartingWeights;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What decides how a {@link ContinualLearner} learns.
 *
 * @param architecture as {@link ModelSpec} reads it, such as {@code mobilenet-v1:0.5}
 * @param imageSize height and width of the images in pixels
 * @param strategy a name of {@link Strategies#names}
 * @param settings settings of the strategy by name; the others are its defaults
 * @param classes names of classes known beforehand, by id; more may come
 * @param room classes that the head has rows for from the start, named or not: rows without a name
 *     take part in the softmax, as those of unseen classes do, so a learner with room for all that
 *     will come learns as one that knew them. A head without room grows
 * @param weights {@code auto} (the embedded backbone if there is one), {@code none}, or a file
 * @param seed decides everything random
 * @param horizon how many days are expected: what schedules are made for
 */
public record LearnerConfig(
    String architecture,
    int imageSize,
    String strategy,
    Map<String, String> settings,
    List<String> classes,
    int room,
    String weights,
    long seed,
    int horizon) {
  /** The embedded backbone for the architecture, or random weights if there is none. */
  public static final String WEIGHTS_AUTO = StartingWeights.AUTO;

  /** Random weights. */
  public static final String WEIGHTS_NONE = StartingWeights.NONE;

  private static final int HORIZON = 391;
  private static final int MOST_CLASSES = 1 << 20;

  /**
   * Checks everything that needs no data.
   *
   * @throws AccreteException if there is no such architecture, strategy or setting, or a class name
   *     is blank or stands there twice
   */
  public LearnerConfig {
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    classes = List.copyOf(classes);
    if (room < 0 || room > MOST_CLASSES || horizon < 1) {
      throw new AccreteException(
          "room for "
              + room
              + " classes and a horizon of "
              + horizon
              + " days: room is 0 to "
              + MOST_CLASSES
              + ", the horizon at least 1");
    }
    ClassNames.check(classes);
    ConfiguredStrategy<?> configured = configured(strategy, settings, horizon);
    try {
      Network network = ModelSpec.parse(architecture, imageSize, 1);
      configured.requireFit(network);
    } catch (IllegalArgumentException e) {
      throw new AccreteException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A learner that begins with the embedded backbone, no class, and the strategy's defaults. */
  public static LearnerConfig of(String architecture, int imageSize, String strategy) {
    return new LearnerConfig(
        architecture, imageSize, strategy, Map.of(), List.of(), 0, WEIGHTS_AUTO, 0, HORIZON);
  }

  /** The same with settings of the strategy. */
  public LearnerConfig withSettings(Map<String, String> changed) {
    return new LearnerConfig(
        architecture, imageSize, strategy, changed, classes, room, weights, seed, horizon);
  }

  /** The same with classes known beforehand. */
  public LearnerConfig withClasses(List<String> names) {
    return new LearnerConfig(
        architecture, imageSize, strategy, settings, names, room, weights, seed, horizon);
  }

  /** The same with room for classes to come. */
  public LearnerConfig withRoom(int rows) {
    return new LearnerConfig(
        architecture, imageSize, strategy, settings, classes, rows, weights, seed, horizon);
  }

  /** The same with other first weights. */
  public LearnerConfig withWeights(String origin) {
    return new LearnerConfig(
        architecture, imageSize, strategy, settings, classes, room, origin, seed, horizon);
  }

  /** The same with another seed. */
  public LearnerConfig withSeed(long number) {
    return new LearnerConfig(
        architecture, imageSize, strategy, settings, classes, room, weights, number, horizon);
  }

  /** The same with another number of days expected. */
  public LearnerConfig withHorizon(int days) {
    return new LearnerConfig(
        architecture, imageSize, strategy, settings, classes, room, weights, seed, days);
  }

  /** Whether the strategy learns at chosen days only, so that others bring no new model. */
  public boolean isSampled() {
    return configured().isSampled();
  }

  /** The strategy with its settings. */
  ConfiguredStrategy<?> configured() {
    return configured(strategy, settings, horizon);
  }

  private static ConfiguredStrategy<?> configured(
      String strategy, Map<String, String> settings, int horizon) {
    return Strategies.configure(strategy, horizon).with(settings);
  }

  /** The network with some number of classes, or as many rows as there is room for. */
  Network network(int named) {
    return ModelSpec.parse(architecture, imageSize, Math.max(1, Math.max(named, room)));
  }

  /** What a network starts from; the head is always new. */
  Pretrained start(Network network) {
    return new StartingWeights(weights).open(network, List.of(), seed).start();
  }
}
