package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Variable;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Network;
import dev.accrete.nn.SparseImportance;
import java.util.List;
import java.util.Optional;

/** What all strategies share: a learner, an evaluator, and experiences that come in order. */
abstract class SequentialStrategy implements Strategy {
  private static final String NEXT = "next";

  private final String name;
  private final StrategyContext context;
  private final Hyperparameters settings;
  private final Learner learner;
  private final Evaluator evaluator;
  private int next;

  SequentialStrategy(String name, StrategyContext context, Hyperparameters settings) {
    this(name, context, settings, Optional.empty());
  }

  /** A strategy whose weights do not all have importance. */
  SequentialStrategy(
      String name,
      StrategyContext context,
      Hyperparameters settings,
      Optional<SparseImportance> importance) {
    this.name = name;
    this.context = context;
    this.settings = settings;
    learner =
        new Learner(context.backend(), context.network(), context.preprocessing(), importance);
    try {
      learner.initialize(context.initialWeights(), context.initialMoments());
      evaluator = new Evaluator(learner, settings.inferenceBatch());
    } catch (RuntimeException e) {
      learner.close();
      throw e;
    }
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Hyperparameters hyperparameters() {
    return settings;
  }

  @Override
  public final Cost learn(Experience experience, ImageSet train, Progress progress) {
    if (experience.index() != next) {
      throw new IllegalArgumentException(
          name + " learns experience " + next + " next, got experience " + experience.index());
    }
    long begin = System.nanoTime();
    Work work = new Work();
    // A strategy just restored has compiled none of them: the peak must be the same for both.
    learner.releaseOperations();
    Trained trained = train(experience, train, work, progress);
    next++;
    double seconds = (System.nanoTime() - begin) * 1e-9;
    return work.cost(seconds, trained.imagesHeld(), trained.epochs());
  }

  /** What one training used. */
  record Trained(int imagesHeld, int epochs) {}

  /** Learns one experience that is in order; adds up what it takes. */
  abstract Trained train(Experience experience, ImageSet train, Work work, Progress progress);

  /** Which classes were seen in training. */
  abstract boolean[] seen();

  /** The variables of the learner that a later experience reads. */
  abstract List<Variable> stateVariables();

  /** Saves what the strategy knows beyond its variables and its place in the stream. */
  void saveState(StateWriter state) {}

  /** Restores what {@link #saveState} saved; the variables are restored already. */
  void restoreState(StateReader state) {}

  @Override
  public boolean ready() {
    return next > 0;
  }

  @Override
  public int[] predict(ImageSet images, int[] indices) {
    return evaluator.predict(images, indices, seen());
  }

  @Override
  public final void save(StateWriter state) {
    state.put(NEXT, new long[] {next});
    stateVariables().forEach(variable -> put(state, variable));
    saveState(state);
  }

  @Override
  public final void restore(StateReader state) {
    stateVariables().forEach(variable -> take(state, variable));
    restoreState(state);
    next = Math.toIntExact(longs(state, NEXT, 1)[0]);
  }

  @Override
  public void close() {
    learner.close();
  }

  final StrategyContext context() {
    return context;
  }

  final Network network() {
    return context.network();
  }

  final Learner learner() {
    return learner;
  }

  final Evaluator evaluator() {
    return evaluator;
  }

  /** The settings for experience {@code index}. */
  final Phase phase(int index) {
    return index == 0 ? settings.first() : settings.later();
  }

  private void put(StateWriter state, Variable variable) {
    state.put(variable.name(), learner.snapshot(variable));
  }

  private void take(StateReader state, Variable variable) {
    float[] values = state.floats(variable.name());
    requireLength(variable.name(), values.length, variable.type().shape().size());
    learner.restore(variable, values);
  }

  /** The array {@code name} of exactly {@code length} elements. */
  final long[] longs(StateReader state, String name, int length) {
    long[] values = state.longs(name);
    requireLength(name, values.length, length);
    return values;
  }

  final void requireLength(String array, int actual, int expected) {
    if (actual != expected) {
      throw new AccreteException(
          "the saved state of "
              + name
              + " has "
              + actual
              + " elements in '"
              + array
              + "' where "
              + network().name()
              + " takes "
              + expected
              + "; it was saved with another network or other classes");
    }
  }
}
