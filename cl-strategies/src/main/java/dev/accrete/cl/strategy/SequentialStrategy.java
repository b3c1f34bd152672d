package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Variable;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Model;
import dev.accrete.nn.Network;
import dev.accrete.nn.SparseImportance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What all strategies share: a learner, an evaluator, experiences that come in order, and a state
 * that fits a network with more classes.
 */
public abstract class SequentialStrategy implements Strategy {
  private static final String NEXT = "next";
  private static final String CLASSES = "classes";

  private final String name;
  private final StrategyContext context;
  private final Record settings;
  private final Optional<SparseImportance> importance;
  private final int inferenceBatch;
  private @Nullable Learner learner;
  private @Nullable Evaluator evaluator;
  private int next;
  private boolean learning;

  /**
   * Allocates nothing yet: see {@link #learner}.
   *
   * @param inferenceBatch images per inference step
   * @param importance which weights have importance; empty for all of them
   */
  protected SequentialStrategy(
      String name,
      StrategyContext context,
      Record settings,
      int inferenceBatch,
      Optional<SparseImportance> importance) {
    this.name = name;
    this.context = context;
    this.settings = settings;
    this.inferenceBatch = inferenceBatch;
    this.importance = importance;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Record settings() {
    return settings;
  }

  @Override
  public final synchronized Cost learn(Experience experience, ProgressListener progress) {
    if (experience.index() != next) {
      throw new IllegalArgumentException(
          name + " learns experience " + next + " next, got experience " + experience.index());
    }
    prepare();
    return spend(
        "learn",
        work -> {
          // A strategy just restored has compiled none of them: the peak must be the same for both.
          learner().releaseOperations();
          LabelledImages images = LabelledImages.of(network(), experience.images());
          Trained trained = train(experience.index(), images, work, progress);
          next++;
          return trained;
        });
  }

  /** Does something that nothing else may come between, and tells what it took. */
  protected final synchronized Cost spend(String what, Function<Work, Trained> done) {
    requireIdle(what);
    learning = true;
    try {
      long begin = System.nanoTime();
      Work work = new Work();
      Trained trained = done.apply(work);
      double seconds = (System.nanoTime() - begin) * 1e-9;
      return work.cost(seconds, trained.imagesHeld(), trained.epochs());
    } finally {
      learning = false;
    }
  }

  /** Other threads wait; a listener, on the learning thread, would see half an experience. */
  private void requireIdle(String what) {
    if (learning) {
      throw new IllegalStateException(
          name + " cannot " + what + " while it learns: wait until learn has returned");
    }
  }

  /**
   * What one training used.
   *
   * @param imagesHeld images and memories that had to be at hand
   * @param epochs passes over them
   */
  public record Trained(int imagesHeld, int epochs) {}

  /**
   * Compiles what learning and answering need and was not compiled yet. That waits until now, for
   * who only looks at what is known, or adds to it, needs none of it.
   */
  protected void prepare() {
    evaluator();
  }

  /** Learns one experience that is in order; adds up what it takes. */
  protected abstract Trained train(
      int index, LabelledImages images, Work work, ProgressListener progress);

  /** Which classes were seen in training, by id. */
  protected abstract boolean[] seen();

  /** The variables of the learner that a later experience reads. */
  protected abstract List<Variable> stateVariables();

  /** Saves what the strategy knows beyond its variables and its place in the stream. */
  protected void saveState(StateWriter state) {}

  /** Restores what {@link #saveState} saved; the variables are restored already. */
  protected void restoreState(StateReader state) {}

  /** How many experiences were learned. */
  protected final int next() {
    return next;
  }

  /** How many classes the network of a saved state had. */
  protected final int classesOf(StateReader state) {
    return Math.toIntExact(longs(state, CLASSES, 1)[0]);
  }

  /** Counts the experiences of a saved state as learned here too. */
  protected final void countExperiencesOf(StateReader state) {
    next += Math.toIntExact(longs(state, NEXT, 1)[0]);
  }

  @Override
  public synchronized boolean ready() {
    return next > 0;
  }

  @Override
  public synchronized boolean hasModel() {
    boolean[] seen = seen();
    return IntStream.range(0, seen.length).anyMatch(c -> seen[c]);
  }

  @Override
  public final synchronized int[] predict(ImageSet images, int[] indices) {
    requireIdle("predict");
    return answer(images, indices);
  }

  /** Predicts, while nothing is learned. */
  protected int[] answer(ImageSet images, int[] indices) {
    return evaluator().predict(images, indices, seen());
  }

  @Override
  public final synchronized Model model(
      String architecture, List<String> classNames, Map<String, String> provenance) {
    requireIdle("give a model");
    if (classNames.size() != network().classes()) {
      throw new IllegalArgumentException(
          classNames.size() + " class names for the " + network().classes() + " of " + network());
    }
    return export(new ModelExport(learner(), seen(), architecture, classNames, provenance));
  }

  /** The model: the network as it is, unless the strategy answers in another way. */
  protected Model export(ModelExport export) {
    return export.network();
  }

  @Override
  public final synchronized void save(StateWriter state) {
    requireIdle("be saved");
    state.put(NEXT, new long[] {next});
    state.put(CLASSES, new long[] {network().classes()});
    stateVariables().forEach(variable -> state.put(variable.name(), learner().snapshot(variable)));
    saveState(state);
  }

  @Override
  public final synchronized void restore(StateReader state) {
    requireIdle("be restored");
    int classes = classesOf(state);
    if (classes > network().classes()) {
      throw new AccreteException(
          "the saved state of "
              + name
              + " knows "
              + classes
              + " classes, "
              + network().name()
              + " has "
              + network().classes()
              + ": make the network with as many or more");
    }
    Growth growth = new Growth(network(), classes);
    stateVariables().forEach(variable -> take(variable, growth, state.floats(variable.name())));
    restoreState(state);
    next = Math.toIntExact(longs(state, NEXT, 1)[0]);
    restored(next);
  }

  /** Called at the end of a restoring, with the number of experiences learned. */
  protected void restored(int experiences) {}

  private void take(Variable variable, Growth growth, float[] saved) {
    int whole = variable.type().shape().size();
    int expected = growth.savedSize(variable);
    requireLength(variable.name(), saved.length, expected);
    if (expected == whole) {
      learner().restore(variable, saved);
      return;
    }
    float[] values =
        variable.equals(learner().variables().weights())
            ? context.initial().parameters().clone()
            : new float[whole];
    System.arraycopy(saved, 0, values, 0, growth.savedPart(variable));
    learner().restore(variable, values);
  }

  @Override
  public synchronized void close() {
    Learner there = learner;
    if (there != null) {
      there.close();
    }
  }

  /** What it started from. */
  protected final StrategyContext context() {
    return context;
  }

  /** The architecture. */
  protected final Network network() {
    return context.network();
  }

  /**
   * The network's state, with the initial weights when it is first asked for: who only adds up what
   * others saved needs neither.
   *
   * @throws AccreteException if there is not enough memory
   */
  protected final Learner learner() {
    Learner there = learner;
    if (there == null) {
      there =
          new Learner(context.backend(), context.network(), context.preprocessing(), importance);
      try {
        there.initialize(context.initial().parameters(), context.initial().moments());
      } catch (RuntimeException e) {
        there.close();
        throw e;
      }
      learner = there;
    }
    return there;
  }

  /** Runs the network; compiled when it is first asked for. */
  protected final Evaluator evaluator() {
    Evaluator compiled = evaluator;
    if (compiled == null) {
      compiled = new Evaluator(learner(), inferenceBatch);
      evaluator = compiled;
    }
    return compiled;
  }

  /** The array {@code name} of exactly {@code length} elements. */
  protected final long[] longs(StateReader state, String array, int length) {
    long[] values = state.longs(array);
    requireLength(array, values.length, length);
    return values;
  }

  /** Throws unless a saved array has the length it should have. */
  protected final void requireLength(String array, int actual, int expected) {
    if (actual != expected) {
      throw new AccreteException(
          "the saved state of "
              + name
              + " has "
              + actual
              + " elements in '"
              + array
              + "', expected "
              + expected
              + "; it was saved with another network or other settings");
    }
  }
}
