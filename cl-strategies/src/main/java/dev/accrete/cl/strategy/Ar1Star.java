package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Selection;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.nn.SparseImportance;
import dev.accrete.nn.SparseVariables;
import dev.accrete.nn.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AR1* (Lomonaco, Maltoni, Pellegrini, "Rehearsal-Free Continual Learning over Small Non-I.I.D.
 * Batches", CVPRW 2020): a CWR* head over a network that batch renormalization keeps trainable on
 * mini-batches of one or two classes, and that synaptic intelligence keeps from forgetting.
 *
 * <p>The first experience trains everything. From the second on, the first convolution and all
 * depthwise ones are frozen. The solver starts anew with every experience, so momentum is no part
 * of the state. With {@code si.density} below 1 only some weights keep their importance. With
 * {@code norm = batch} this is the control in which renormalization is plain batch normalization
 * and all else is equal.
 */
final class Ar1Star extends SequentialStrategy {
  private static final Logger LOG = LoggerFactory.getLogger(Ar1Star.class);
  private static final String BITS = "importantBits";

  private final NetworkTrainer trainer;
  private final ConsolidatedHead head;
  private final Recipe firstRecipe;
  private final Recipe laterRecipe;

  Ar1Star(String name, StrategyContext context, Hyperparameters settings) {
    super(name, context, settings, sparseImportance(context, settings.synaptic()));
    Penalty penalty = settings.synaptic().penalty();
    trainer = new NetworkTrainer(learner(), settings, context.seed());
    head = new ConsolidatedHead(learner(), settings.headRule());
    firstRecipe = Recipe.everything().withPenalty(penalty);
    laterRecipe = Recipe.spatialFrozen(network(), penalty);
    if (penalty == Penalty.QUADRATIC) {
      learner().anchor();
    }
  }

  /**
   * Importance acts from the second experience on, and so only on what trains then: nothing else
   * need have any.
   */
  private static Optional<SparseImportance> sparseImportance(
      StrategyContext context, SynapticSettings synaptic) {
    SynapticSettings.Sparsity sparsity = synaptic.sparsity();
    if (synaptic.penalty() == Penalty.NONE || !sparsity.isSparse()) {
      return Optional.empty();
    }
    return Optional.of(
        new SparseImportance(
            sparsity.density(),
            sparsity.selection(),
            sparsity.criterion(),
            Recipe.spatialFrozen(context.network(), synaptic.penalty()).synaptic(),
            synaptic.penalty() == Penalty.QUADRATIC,
            context.seed()));
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
    remember(recipe, experience.index());
    head.end(images);
    return new Trained(images.count(), phase.epochs());
  }

  /** Turns the experience's path into importance. */
  private void remember(Recipe recipe, int experience) {
    SynapticSettings synaptic = hyperparameters().synaptic();
    if (synaptic.penalty() == Penalty.NONE) {
      return;
    }
    Predicate<Parameter> important = recipe.synaptic();
    Optional<SparseVariables> logged =
        learner()
            .variables()
            .sparse()
            .filter(s -> experience == 0 || experience + 1 == context().experiences());
    if (logged.isPresent()) {
      double retained =
          learner()
              .updateImportanceMeasuring(
                  synaptic.scale(), synaptic.damping(), synaptic.max(), important);
      log(logged.get(), retained);
    } else {
      learner().updateImportance(synaptic.scale(), synaptic.damping(), synaptic.max(), important);
    }
    if (synaptic.penalty() == Penalty.QUADRATIC) {
      learner().anchor();
    }
  }

  private void log(SparseVariables sparse, double retained) {
    LOG.info(
        "{}: {} of {} weights keep {}% of all importance",
        name(),
        sparse.count(),
        network().parameters().count(),
        String.format(Locale.ROOT, "%.1f", 100 * retained));
  }

  @Override
  boolean[] seen() {
    return head.seen();
  }

  @Override
  List<Variable> stateVariables() {
    Variables v = learner().variables();
    List<Variable> state = new ArrayList<>(List.of(v.weights(), v.moments(), v.bank(), v.past()));
    Penalty penalty = hyperparameters().synaptic().penalty();
    if (penalty != Penalty.NONE) {
      v.sparse()
          .ifPresentOrElse(
              sparse -> state.addAll(sparse.packed()),
              () -> {
                state.addAll(List.of(v.cumulative(), v.importance()));
                if (penalty == Penalty.QUADRATIC) {
                  state.add(v.anchors());
                }
              });
    }
    return state;
  }

  @Override
  void saveState(StateWriter state) {
    learner()
        .variables()
        .sparse()
        .ifPresent(
            sparse -> state.put(BITS, WordBytes.of(learner().store().readInts(sparse.bits()))));
  }

  @Override
  void restoreState(StateReader state) {
    learner().variables().sparse().ifPresent(sparse -> restore(state.bytes(BITS), sparse));
  }

  private void restore(byte[] saved, SparseVariables sparse) {
    requireLength(BITS, saved.length, Math.toIntExact(sparse.bits().type().bytes()));
    int[] bits = WordBytes.words(saved);
    int count = Selection.count(bits);
    if (count > sparse.count()) {
      throw new AccreteException(
          "the saved state of "
              + name()
              + " gives "
              + count
              + " weights importance where "
              + sparse.count()
              + " may have it; it was saved with another si.density");
    }
    learner().store().write(sparse.bits(), bits);
    learner().store().write(sparse.before(), Selection.before(bits));
  }
}
