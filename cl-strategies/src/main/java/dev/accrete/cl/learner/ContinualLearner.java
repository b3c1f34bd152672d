package dev.accrete.cl.learner;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.cl.strategy.Additive;
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
import org.jspecify.annotations.Nullable;

/**
 * Learns labelled images day by day, without knowing how many days or classes will come. Classes
 * have names; an id is given when a name first appears and never changes. Saved after a day and
 * loaded before the next, in another process, it gives the bits of one that never stopped.
 *
 * <p>Safe for use by several threads: a prediction sees the state before a day or after it.
 */
public final class ContinualLearner implements AutoCloseable {
  private static final String MERGE = "merge with another learner";

  private LearnerConfig config;
  private final ConfiguredStrategy<?> configured;
  private final Backend backend;
  private final List<ImageSet> kept = new ArrayList<>();
  private final String id;
  private final Set<String> fingerprints = new LinkedHashSet<>();
  private ClassNames classes;
  private Strategy strategy;
  private LearnedImages learned = LearnedImages.none();
  private int days;

  /** The digest of what it began with, once it was asked for. */
  private @Nullable String start;

  /** What happened to this learner here, and the last that happened before it was loaded. */
  private final Set<String> changes = new LinkedHashSet<>(List.of(UUID.randomUUID().toString()));

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
      learner.learned = saved.learned();
      learner.changes.clear();
      learner.changes.addAll(saved.changes());
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
   *     learner, or this one with changes that this does not know: days learned, images forgotten
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
            List.copyOf(changes),
            days == 0 ? new StateTensors() : state(),
            learned,
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
  public synchronized LearnerConfig config() {
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
   * Whether just these images were learned. Where account is kept of each, {@link #known} tells;
   * elsewhere, whether one of the days had them in the same order and of the same classes. Days
   * that a version before this method saved are not remembered.
   */
  public synchronized boolean hasLearned(ImageSet day) {
    return learned.size() > 0 ? known(day) == day.size() : fingerprints.contains(day.fingerprint());
  }

  /**
   * How many of these images were learned, under the names of the classes they have here, and not
   * forgotten since; one that is listed twice counts twice if it was learned twice. Always 0 if the
   * strategy cannot forget, for no account is kept then.
   */
  public synchronized int known(ImageSet images) {
    return learned.known(images);
  }

  /** Whether anything was learned that predicts: strategies may wait for a later day. */
  public synchronized boolean canPredict() {
    return strategy.hasModel();
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
      LearnedImages all = canForget() ? learned.with(images) : learned;
      boolean keeps = configured.keepsImages(days + 1);
      classes = named;
      learned = all;
      days++;
      fingerprints.add(fingerprint);
      changes.add(UUID.randomUUID().toString());
      if (keeps) {
        kept.add(images);
      } else {
        kept.clear();
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

  /**
   * Whether {@link #forget} and {@link #merge} are possible: the strategy's knowledge is a sum over
   * images.
   */
  public synchronized boolean canForget() {
    return strategy instanceof Additive;
  }

  private Additive additive(String what) {
    return LearnedPart.additive(config, strategy, what);
  }

  /**
   * Forgets images, as if they had never been learned; see {@link Additive#forget}. Days are
   * counted as before. The name of a class stays known when no image of it is left, and is not
   * predicted. Models made before still have it all: replace them. A day that is forgotten as a
   * whole counts as not learned. If it fails, nothing changes.
   *
   * @param images of the configured size, each learned before under the name of its class; an image
   *     that was learned twice is forgotten once for each time it is listed
   * @return what it cost
   * @throws AccreteException if the strategy cannot, a class has no such name, or an image was not
   *     learned, naming it
   */
  public synchronized Cost forget(ImageSet images, ProgressListener progress) {
    Additive sum = additive("forget");
    if (images.size() == 0) {
      throw new AccreteException(images.name() + " has no image: there is nothing to forget");
    }
    ImageSet labelled = classes.known(images);
    LearnedImages rest = learned.without(labelled);
    String fingerprint = images.fingerprint();
    StateTensors before = state();
    try {
      Cost cost = sum.forget(labelled, progress);
      learned = rest;
      fingerprints.remove(fingerprint);
      if (rest.size() == 0) {
        fingerprints.clear(); // days of which every part was forgotten
      }
      changes.add(UUID.randomUUID().toString());
      return cost;
    } catch (RuntimeException | Error e) {
      replace(config.network(classes.names().size()), before);
      throw e;
    }
  }

  /** Forgets images. */
  public Cost forget(ImageSet images) {
    return forget(images, ProgressListener.NONE);
  }

  /**
   * Gives a class another name, as when its name is to be forgotten too; its id stays. Images are
   * told by the name that they were learned under, so those that are to be forgotten go before.
   * Models made before still have the old name.
   *
   * @throws AccreteException if no class has the first name, or another class has the second
   */
  public synchronized void rename(String from, String to) {
    classes = classes.renamed(from, to);
    if (config.classes().contains(from)) {
      config = config.withClasses(new ClassNames(config.classes()).renamed(from, to).names());
    }
    changes.add(UUID.randomUUID().toString());
  }

  /** How many images were learned and not forgotten; 0 if the strategy cannot forget. */
  public synchronized int images() {
    return learned.size();
  }

  /**
   * Takes in what another learner learned from other images, as if this had learned them too; see
   * {@link Additive#merge}. Classes are told by name; those that are new here get the next ids. The
   * days of both are counted. The other stays as it is. If it fails, nothing changes.
   *
   * @throws AccreteException if the strategy cannot, the two differ in architecture, image size,
   *     strategy, settings or in what they began with, or both learned some image
   */
  public void merge(ContinualLearner other) {
    LearnedPart theirs = other.part();
    if (other == this) {
      additive(MERGE);
      throw new AccreteException("a learner cannot be merged with itself: name another one");
    }
    merge(theirs);
  }

  /**
   * Takes in what another learner learned; likewise.
   *
   * @throws AccreteException likewise
   */
  public synchronized void merge(LearnedPart theirs) {
    additive(MERGE);
    origin().requireLike(theirs.origin());
    int common = learned.common(theirs.images());
    if (common > 0) {
      throw new AccreteException(
          common
              + " of the "
              + theirs.images().size()
              + " images that the other learned were learned here too, and would count twice:"
              + " forget them in one of the two");
    }
    ClassNames named = new ClassNames(classes.names());
    named.adopt(theirs.classes());
    int rows = config.network(classes.names().size()).classes();
    StateTensors before = days == 0 ? new StateTensors() : state();
    try {
      Network network = config.network(named.names().size());
      if (network.classes() > rows) {
        replace(network, before);
      }
      theirs.addTo(additive(MERGE), named);
      classes = named;
      learned = learned.with(theirs.images());
      fingerprints.addAll(theirs.fingerprints());
      days += theirs.days();
      changes.add(UUID.randomUUID().toString());
    } catch (RuntimeException | Error e) {
      replace(config.network(classes.names().size()), before);
      throw e;
    }
  }

  /** What was learned so far, to be merged into another learner. */
  public synchronized LearnedPart part() {
    return new LearnedPart(
        origin(),
        classes.names(),
        days,
        days == 0 ? new StateTensors() : state(),
        learned,
        List.copyOf(fingerprints));
  }

  private LearnedPart.Origin origin() {
    String digest = start;
    if (digest == null) {
      digest = LearnerFolder.digest(config, start());
      start = digest;
    }
    return new LearnedPart.Origin(config, digest);
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
   * @throws IllegalStateException unless it {@link #canPredict}
   */
  public synchronized List<String> predict(ImageSet images) {
    List<String> names = classes.names();
    return Arrays.stream(strategy.predict(images)).mapToObj(names::get).toList();
  }

  /**
   * What was learned so far, as a model that predicts by itself.
   *
   * @throws IllegalStateException unless it {@link #canPredict}
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
