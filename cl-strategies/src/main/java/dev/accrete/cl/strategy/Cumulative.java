package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Variable;
import dev.accrete.nn.Variables;
import java.util.Arrays;
import java.util.List;

/**
 * Re-train and re-deploy: keeps every image, and at an experience trains the network again from the
 * initial weights on all of them, for epochs that rise linearly over the stream. Everything else is
 * as in the first experience of a stream. Where {@link Retraining#at} leaves an experience out, its
 * images are kept and the network stays as it was.
 */
final class Cumulative extends SequentialStrategy {
  private static final String IMAGES = "images";
  private static final String READY = "ready";
  private static final String SEEN = "seen";

  private final NetworkTrainer trainer;
  private final SeenClasses seen;
  private int[] images = new int[0];
  private boolean ready;

  Cumulative(StrategyContext context, Hyperparameters settings) {
    super(Strategies.CUMULATIVE, context, settings);
    trainer = new NetworkTrainer(learner(), settings, context.seed());
    seen = new SeenClasses(network().classes());
  }

  @Override
  Trained train(Experience experience, ImageSet train, Work work, Progress progress) {
    LabelledImages added = LabelledImages.of(network(), train, experience.images());
    int kept = images.length;
    int[] joined = Arrays.copyOf(images, kept + added.count());
    System.arraycopy(added.indices(), 0, joined, kept, added.count());
    LabelledImages all = LabelledImages.of(network(), train, joined);
    int index = experience.index();
    Retraining schedule = hyperparameters().retrain();
    boolean trains = schedule.trainsAt(index);
    int epochs = 0;
    if (trains) {
      Phase first = hyperparameters().first();
      epochs = schedule.epochs(index, first.epochs(), context().experiences());
      retrain(index, all, first.withEpochs(epochs), work, progress);
    } else {
      work.holds(learner().bytes() + all.bytes());
    }
    images = joined;
    ready = trains;
    return new Trained(all.count(), epochs);
  }

  private void retrain(int index, LabelledImages all, Phase phase, Work work, Progress progress) {
    learner().initialize(context().initialWeights(), context().initialMoments());
    trainer.train(
        index, all, Recipe.everything(), phase, NetworkTrainer.Renorm.RISING, work, progress);
    trainer.release();
    seen.clear();
    seen.add(all);
  }

  @Override
  public boolean ready() {
    return ready;
  }

  @Override
  boolean[] seen() {
    return seen.toArray();
  }

  @Override
  void saveState(StateWriter state) {
    state.put(IMAGES, Arrays.stream(images).asLongStream().toArray());
    state.put(READY, new long[] {ready ? 1 : 0});
    state.put(SEEN, seen.toLongs());
  }

  @Override
  void restoreState(StateReader state) {
    images = Arrays.stream(state.longs(IMAGES)).mapToInt(Math::toIntExact).toArray();
    ready = longs(state, READY, 1)[0] != 0;
    seen.restore(longs(state, SEEN, network().classes()));
  }

  @Override
  List<Variable> stateVariables() {
    Variables v = learner().variables();
    return List.of(v.weights(), v.moments());
  }
}
