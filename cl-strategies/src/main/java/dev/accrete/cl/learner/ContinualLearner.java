package dev.accrete.cl.learner;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.cl.strategy.ConfiguredStrategy;
import dev.accrete.cl.strategy.Cost;
import dev.accrete.cl.strategy.StateTensors;
import dev.accrete.cl.strategy.Strategy;
import dev.accrete.cl.strategy.StrategyContext;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.nn.Network;
import dev.accrete.nn.Pretrained;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Learns labelled images day by day, without knowing how many days or classes will come. Classes
 * have names; an id is given when a name first appears and never changes. Saved after a day and
 * loaded before the next, in another process, it gives the bits of one that never stopped.
 *
 * <p>Safe for use by several threads: a prediction sees the state before a day or after it.
 */
public final class ContinualLearner implements AutoCloseable {
  private final LearnerConfig config;
  private final ConfiguredStrategy<?> configured;
  private final Backend backend;
  private final List<ImageSet> kept = new ArrayList<>();
  private final String id;
  private final Set<String> fingerprints = new LinkedHashSet<>();
  private ClassNames classes;
  private Strategy strategy;
  private int days;

  private ContinualLearner(
      String id,
      LearnerConfig config,
      Backend backend,
      List<String> names,
      List<ImageSet> history) {
    this.id = id;
    this.config = config;
    this.backend = backend;
    configured = config.configured();
    classes = new ClassNames(names);
    kept.addAll(history);
    strategy = create(config.network(names.size()));
  }

  /**
   * A learner that has learned nothing yet.
   *
   * @param backend executes everything; stays open when the learner is closed
   * @throws AccreteException if the weights cannot be used, or there is not enough memory
   */
  public static ContinualLearner create(LearnerConfig config, Backend backend) {
    return new ContinualLearner(
        UUID.randomUUID().toString(), config, backend, config.classes(), List.of());
  }

  /** Whether a learner was saved into this folder. */
  public static boolean exists(Path folder) {
    return LearnerFolder.exists(folder);
  }

  /**
   * The learner in a folder.
   *
   * @throws AccreteException if there is none, or it is damaged
   */
  public static ContinualLearner load(Path folder, Backend backend) {
    LearnerFolder.Saved saved = LearnerFolder.read(folder);
    ContinualLearner learner =
        new ContinualLearner(saved.id(), saved.config(), backend, saved.classes(), saved.images());
    try {
      if (saved.days() > 0) {
        learner.strategy.restore(saved.state());
      }
      learner.days = saved.days();
      learner.fingerprints.addAll(saved.fingerprints());
      return learner;
    } catch (RuntimeException e) {
      learner.close();
      throw e;
    }
  }

  /**
   * Saves everything into a folder, replacing what an earlier day of this learner left there. A
   * process killed at any moment leaves the day before, or this one.
   *
   * @throws AccreteException if it cannot be written, the folder holds anything else or another
   *     learner, or this one after more days
   */
  public synchronized void save(Path folder) {
    LearnerFolder.write(
        folder,
        new LearnerFolder.Saved(
            id,
            config,
            classes.names(),
            days,
            List.copyOf(fingerprints),
            days == 0 ? new StateTensors() : state(),
            kept),
        this::start);
  }

  private StateTensors state() {
    return StateTensors.of(strategy);
  }

  private Pretrained start() {
    return config.start(config.network(1));
  }

  private Strategy create(Network network) {
    Pretrained start = config.start(network);
    return configured.create(
        new StrategyContext(
            backend, network, start.preprocessing(), start.weights(), config.seed(), kept::get));
  }

  /** What decides how this learns. */
  public LearnerConfig config() {
    return config;
  }

  /** The names of all classes so far, by id. */
  public synchronized List<String> classes() {
    return classes.names();
  }

  /** How many days were learned. */
  public synchronized int days() {
    return days;
  }

  /**
   * Whether one of the days learned had just these images: in the same order, of the same classes.
   * Days that a version before this method saved are not remembered.
   *
   * @param day told by its {@link ImageSet#fingerprint}
   */
  public synchronized boolean hasLearned(ImageSet day) {
    return fingerprints.contains(day.fingerprint());
  }

  /**
   * Learns one day. If it cannot, what was known before stays. Nothing is refused for being learned
   * before, as a stream may repeat itself: whoever wants each day once asks {@link #hasLearned}.
   *
   * @param day images of the configured size; classes are told by {@link ImageSet#classNames}
   * @return what it cost
   * @throws AccreteException if the images have another size or there is none
   * @throws dev.accrete.nn.NumericalException if the loss stops being a finite number; load what
   *     was saved before
   */
  public synchronized Cost learn(ImageSet day, ProgressListener progress) {
    if (day.size() == 0) {
      throw new AccreteException(day.name() + " has no image: there is nothing to learn");
    }
    ClassNames named = new ClassNames(classes.names());
    ImageSet images = named.labelled(day);
    String fingerprint = day.fingerprint();
    int rows = config.network(classes.names().size()).classes();
    StateTensors before = days == 0 ? new StateTensors() : state();
    try {
      Network network = config.network(named.names().size());
      if (network.classes() > rows) {
        replace(network, before);
      }
      Cost cost = strategy.learn(new Experience(days, images), progress);
      classes = named;
      days++;
      fingerprints.add(fingerprint);
      if (configured.provider().keepsImages()) {
        kept.add(images);
      }
      return cost;
    } catch (RuntimeException | Error e) {
      replace(config.network(classes.names().size()), before);
      throw e;
    }
  }

  /** Learns one day. */
  public Cost learn(ImageSet day) {
    return learn(day, ProgressListener.NONE);
  }

  /** Goes on from a state with a network that has room for it. */
  private void replace(Network network, StateTensors state) {
    Strategy other = create(network);
    try {
      if (days > 0) {
        other.restore(state);
      }
    } catch (RuntimeException e) {
      other.close();
      throw e;
    }
    strategy.close();
    strategy = other;
  }

  /**
   * The name of the class that each image is taken for.
   *
   * @throws IllegalStateException if nothing was learned yet
   */
  public synchronized List<String> predict(ImageSet images) {
    List<String> names = classes.names();
    return Arrays.stream(strategy.predict(images)).mapToObj(names::get).toList();
  }

  /**
   * What was learned so far, as a model that predicts by itself.
   *
   * @throws IllegalStateException if nothing was learned yet
   */
  public synchronized Model model() {
    List<String> rows = new ArrayList<>(classes.names());
    for (int row = rows.size(); row < config.network(rows.size()).classes(); row++) {
      rows.add("(no class yet) " + row);
    }
    Map<String, String> provenance = new TreeMap<>();
    provenance.put("strategy", config.strategy());
    provenance.put("days", Integer.toString(days));
    provenance.put("seed", Long.toString(config.seed()));
    configured.toMap().forEach((name, value) -> provenance.put("setting." + name, value));
    return strategy.model(config.architecture(), rows, provenance);
  }

  /** SHA-256 of everything that the next day depends on, in lower-case hexadecimal. */
  public synchronized String digest() {
    return LearnerFolder.digest(state());
  }

  /** Frees memory; the backend stays open. */
  @Override
  public synchronized void close() {
    strategy.close();
  }
}
