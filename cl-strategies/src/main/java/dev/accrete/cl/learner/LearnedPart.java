package dev.accrete.cl.learner;

import dev.accrete.cl.strategy.Additive;
import dev.accrete.cl.strategy.StateTensors;
import dev.accrete.cl.strategy.Strategy;
import dev.accrete.cl.strategy.StrategyContext;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.Weights;
import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.TensorFile;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a learner learned from a part of some data, without the weights that it learned with: what
 * {@link ContinualLearner#part} gives and {@link ContinualLearner#merge(LearnedPart)} takes in.
 * Parts that were learned in parallel are added up before; for that no network is compiled and no
 * weight is read. An image that lies in two parts counts as often as it is there, as it does in
 * {@link ContinualLearner#learn}, so that the outcome does not depend on how data are parted.
 */
public final class LearnedPart {
  private static final String START = "start";
  private static final String CLASSES = "classes";
  private static final String DAYS = "days";
  private static final String INFERENCE_BATCH = "inference-batch";

  private final Origin origin;
  private final List<String> classes;
  private final int days;
  private final StateTensors state;
  private final LearnedImages images;
  private final List<String> fingerprints;

  /**
   * What parts that belong together have in common.
   *
   * @param config of whoever learned
   * @param start SHA-256 of what it began with
   */
  record Origin(LearnerConfig config, String start) {
    void requireLike(Origin other) {
      require("architecture", config.architecture(), other.config.architecture());
      require("image size", config.imageSize(), other.config.imageSize());
      require("strategy", config.strategy(), other.config.strategy());
      require("settings", deciding(config), deciding(other.config));
      require("first weights", start, other.start);
    }

    /** All settings but the one that changes speed and memory alone. */
    private static Map<String, String> deciding(LearnerConfig config) {
      Map<String, String> settings = new TreeMap<>(config.configured().toMap());
      settings.remove(INFERENCE_BATCH);
      return settings;
    }

    private static void require(String what, Object here, Object there) {
      if (!here.equals(there)) {
        throw new AccreteException(
            "learners with different "
                + what
                + " cannot be merged: "
                + here
                + " and "
                + there
                + "; make both alike from the beginning");
      }
    }

    /** What adds up, and is given no weights: sums of its kind do not depend on them any more. */
    Strategy adder(int named, Backend backend) {
      Network network = config.network(named);
      Weights none =
          new Weights(new float[network.parameters().size()], new float[network.moments().size()]);
      return config
          .configured()
          .create(
              new StrategyContext(backend, network, Preprocessing.imageNet(), none, config.seed()));
    }
  }

  LearnedPart(
      Origin origin,
      List<String> classes,
      int days,
      StateTensors state,
      LearnedImages images,
      List<String> fingerprints) {
    this.origin = origin;
    this.classes = List.copyOf(classes);
    this.days = days;
    this.state = state;
    this.images = images;
    this.fingerprints = List.copyOf(fingerprints);
  }

  /**
   * All parts together. Classes are told by name and are in the order of their names, whatever the
   * order of the parts.
   *
   * @param backend where sums are added up
   * @throws IllegalArgumentException if there is no part
   * @throws AccreteException if two did not begin alike, or what they know is no sum
   */
  public static LearnedPart sum(List<LearnedPart> parts, Backend backend) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("no part to add up: give one or more");
    }
    Origin origin = parts.getFirst().origin;
    Set<String> names = new TreeSet<>();
    Set<String> fingerprints = new LinkedHashSet<>();
    LearnedImages images = LearnedImages.none();
    int days = 0;
    for (LearnedPart part : parts) {
      origin.requireLike(part.origin);
      names.addAll(part.classes);
      fingerprints.addAll(part.fingerprints);
      images = images.with(part.images);
      days += part.days;
    }
    ClassNames all = new ClassNames(List.copyOf(names));
    try (Strategy strategy = origin.adder(all.names().size(), backend)) {
      for (LearnedPart part : parts) {
        part.addTo(additive(origin.config, strategy, "be learned in parts"), all);
      }
      return new LearnedPart(
          origin,
          all.names(),
          days,
          days == 0 ? new StateTensors() : StateTensors.of(strategy),
          images,
          List.copyOf(fingerprints));
    }
  }

  /** As bytes for {@link #decode}, on their way to another process of the same version. */
  public byte[] encode() {
    Map<String, String> remarks = new TreeMap<>();
    LearnerFolder.describe(origin.config, remarks);
    remarks.put(START, origin.start);
    remarks.put(CLASSES, LearnerFolder.json(classes));
    remarks.put(DAYS, Integer.toString(days));
    remarks.put(LearnerFolder.FINGERPRINTS, LearnerFolder.json(fingerprints));
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(state.tensors());
    tensors.put(LearnerFolder.LEARNED, StoredTensor.of(images.keys()));
    return Safetensors.encode(TensorFile.of(tensors, remarks));
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws AccreteException if it is something else
   */
  public static LearnedPart decode(byte[] bytes) {
    TensorFile contents = Safetensors.decode("a part of what was learned", bytes);
    LearnerConfig config = LearnerFolder.config(contents, LearnerConfig.WEIGHTS_NONE);
    try {
      return new LearnedPart(
          new Origin(config, LearnerFolder.remark(contents, START)),
          LearnerFolder.list(contents, LearnerFolder.remark(contents, CLASSES)),
          Integer.parseInt(LearnerFolder.remark(contents, DAYS)),
          new StateTensors(contents.source(), contents.tensors()),
          LearnerFolder.learned(contents),
          LearnerFolder.list(contents, LearnerFolder.remark(contents, LearnerFolder.FINGERPRINTS)));
    } catch (NumberFormatException e) {
      throw LearnerFolder.damaged(contents, String.valueOf(e.getMessage()));
    }
  }

  static Additive additive(LearnerConfig config, Strategy strategy, String what) {
    if (strategy instanceof Additive sum) {
      return sum;
    }
    throw new AccreteException(
        config.strategy()
            + " cannot "
            + what
            + ": what it learned from one image is not told from what it learned from others; learn"
            + " anew, or with a strategy that can, such as analytic");
  }

  /** Adds this to what a strategy knows, in whose classes these are. */
  void addTo(Additive sum, ClassNames there) {
    if (days > 0) {
      // Rows that nobody has named have no image.
      int[] ids = there.adopt(classes);
      int[] rows = Arrays.copyOf(ids, origin.config.network(ids.length).classes());
      Arrays.fill(rows, ids.length, rows.length, -1);
      sum.merge(state, rows);
    }
  }

  Origin origin() {
    return origin;
  }

  /** The names of its classes. */
  public List<String> classes() {
    return classes;
  }

  /** How many days were learned. */
  public int days() {
    return days;
  }

  LearnedImages images() {
    return images;
  }

  List<String> fingerprints() {
    return fingerprints;
  }
}
