package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Variable;
import dev.accrete.nn.Variables;
import java.util.List;

/** Plain fine-tuning: everything trains on whatever comes, and nothing guards what was learned. */
final class Naive extends SequentialStrategy {
  private static final String SEEN = "seen";

  private final NetworkTrainer trainer;
  private final Recipe recipe = Recipe.everything();
  private final SeenClasses seen;

  Naive(StrategyContext context, Hyperparameters settings) {
    super(Strategies.NAIVE, context, settings);
    trainer = new NetworkTrainer(learner(), settings, context.seed());
    seen = new SeenClasses(network().classes());
  }

  @Override
  Trained train(Experience experience, ImageSet train, Work work, Progress progress) {
    LabelledImages images = LabelledImages.of(network(), train, experience.images());
    int index = experience.index();
    Phase phase = phase(index);
    trainer.train(
        index,
        images,
        recipe,
        phase,
        index == 0 ? NetworkTrainer.Renorm.RISING : NetworkTrainer.Renorm.CONSTANT,
        work,
        progress);
    seen.add(images);
    return new Trained(images.count(), phase.epochs());
  }

  @Override
  boolean[] seen() {
    return seen.toArray();
  }

  @Override
  void saveState(StateWriter state) {
    state.put(SEEN, seen.toLongs());
  }

  @Override
  void restoreState(StateReader state) {
    seen.restore(longs(state, SEEN, network().classes()));
  }

  @Override
  List<Variable> stateVariables() {
    Variables v = learner().variables();
    return List.of(v.weights(), v.moments());
  }
}
