package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Variable;
import dev.accrete.nn.Cut;
import dev.accrete.nn.Variables;
import java.util.List;

/**
 * CWR* (Lomonaco et al. 2020): the first experience trains everything; from the second on the
 * network below the head is frozen, moving moments included. Its features of an image are then the
 * same in every epoch, so they are computed once and the head alone is trained on them.
 */
final class CwrStar extends SequentialStrategy {
  private final NetworkTrainer trainer;
  private final LatentTrainer headTrainer;
  private final LatentMemory nothing;
  private final ConsolidatedHead head;

  CwrStar(StrategyContext context, Hyperparameters settings) {
    super(Strategies.CWR_STAR, context, settings);
    trainer = new NetworkTrainer(learner(), settings, context.seed());
    Cut cut = network().cutBelowHead();
    nothing = LatentMemory.none(learner(), cut.latent());
    headTrainer =
        new LatentTrainer(
            learner(),
            cut,
            new LatentExtractor(learner(), cut, settings.inferenceBatch()),
            Recipe.headAlone(),
            settings,
            context.seed());
    head = new ConsolidatedHead(learner(), settings.headRule());
  }

  @Override
  Trained train(Experience experience, ImageSet train, Work work, Progress progress) {
    LabelledImages images = LabelledImages.of(network(), train, experience.images());
    int index = experience.index();
    Phase phase = phase(index);
    head.begin(images);
    if (index == 0) {
      trainer.train(
          index, images, Recipe.everything(), phase, NetworkTrainer.Renorm.RISING, work, progress);
      trainer.release();
    } else {
      headTrainer.train(index, images, nothing, phase, work, progress);
    }
    head.end(images);
    return new Trained(images.count(), phase.epochs());
  }

  @Override
  boolean[] seen() {
    return head.seen();
  }

  @Override
  List<Variable> stateVariables() {
    Variables v = learner().variables();
    return List.of(v.weights(), v.moments(), v.bank(), v.past());
  }
}
