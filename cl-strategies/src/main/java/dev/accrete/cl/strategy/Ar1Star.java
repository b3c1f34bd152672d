package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Variable;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.nn.Variables;
import java.util.List;

/**
 * AR1* (Lomonaco, Maltoni, Pellegrini, "Rehearsal-Free Continual Learning over Small Non-I.I.D.
 * Batches", CVPRW 2020): a CWR* head over a network that batch renormalization keeps trainable on
 * mini-batches of one or two classes, and that synaptic intelligence keeps from forgetting.
 *
 * <p>The first experience trains everything. From the second on, the first convolution and all
 * depthwise ones are frozen. The solver starts anew with every experience, so momentum is no part
 * of the state. With {@code norm = batch} this is the control in which renormalization is plain
 * batch normalization and all else is equal.
 */
final class Ar1Star extends SequentialStrategy {
  private final NetworkTrainer trainer;
  private final ConsolidatedHead head;
  private final Recipe firstRecipe;
  private final Recipe laterRecipe;

  Ar1Star(String name, StrategyContext context, Hyperparameters settings) {
    super(name, context, settings);
    Penalty penalty = settings.synaptic().penalty();
    trainer = new NetworkTrainer(learner(), settings, context.seed());
    head = new ConsolidatedHead(learner(), settings.headRule());
    firstRecipe = Recipe.everything().withPenalty(penalty);
    laterRecipe = Recipe.spatialFrozen(network(), penalty);
    if (penalty == Penalty.QUADRATIC) {
      learner().anchor();
    }
  }

  @Override
  Trained train(Experience experience, ImageSet train, Work work, Progress progress) {
    LabelledImages images = LabelledImages.of(network(), train, experience.images());
    boolean first = experience.index() == 0;
    Recipe recipe = first ? firstRecipe : laterRecipe;
    Phase phase = phase(experience.index());
    head.begin(images);
    learner().beginExperience();
    trainer.train(
        experience.index(),
        images,
        recipe,
        phase,
        first ? NetworkTrainer.Renorm.RISING : NetworkTrainer.Renorm.CONSTANT,
        work,
        progress);
    remember(recipe);
    head.end(images);
    return new Trained(images.count(), phase.epochs());
  }

  /** Turns the experience's path into importance. */
  private void remember(Recipe recipe) {
    SynapticSettings synaptic = hyperparameters().synaptic();
    if (synaptic.penalty() == Penalty.NONE) {
      return;
    }
    learner()
        .updateImportance(synaptic.scale(), synaptic.damping(), synaptic.max(), recipe.synaptic());
    if (synaptic.penalty() == Penalty.QUADRATIC) {
      learner().anchor();
    }
  }

  @Override
  boolean[] seen() {
    return head.seen();
  }

  @Override
  List<Variable> stateVariables() {
    Variables v = learner().variables();
    return switch (hyperparameters().synaptic().penalty()) {
      case NONE -> List.of(v.weights(), v.moments(), v.bank(), v.past());
      case GRADIENT_SCALE ->
          List.of(v.weights(), v.moments(), v.bank(), v.past(), v.cumulative(), v.importance());
      case QUADRATIC ->
          List.of(
              v.weights(),
              v.moments(),
              v.bank(),
              v.past(),
              v.cumulative(),
              v.importance(),
              v.anchors());
    };
  }
}
