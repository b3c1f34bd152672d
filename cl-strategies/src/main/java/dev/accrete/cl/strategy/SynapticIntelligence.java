package dev.accrete.cl.strategy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Selection;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Network;
import dev.accrete.nn.SparseImportance;
import dev.accrete.nn.SparseVariables;
import dev.accrete.nn.TrainingSpec;
import dev.accrete.nn.Variables;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Synaptic intelligence (Zenke, Poole and Ganguli 2017) as AR1 uses it (Maltoni and Lomonaco 2019):
 * what a weight contributed to the fall of the loss is its importance, and importance holds it back
 * in later experiences. Whatever trains below the head has importance, but no parameter of a
 * normalization; if sparse, only some of it.
 */
public final class SynapticIntelligence implements Part {
  private static final Set<Role> WITHOUT_IMPORTANCE =
      EnumSet.of(Role.HEAD, Role.NORM_SCALE, Role.NORM_SHIFT);
  private static final Logger LOG = LoggerFactory.getLogger(SynapticIntelligence.class);
  private static final String BITS = "importantBits";

  private final SynapticSettings settings;
  private final Freezing freezing;
  private @Nullable Learner learner;

  /** Importance of what {@code freezing} lets train. */
  public SynapticIntelligence(SynapticSettings settings, Freezing freezing) {
    this.settings = settings;
    this.freezing = freezing;
  }

  private boolean isOff() {
    return settings.penalty() == Penalty.NONE;
  }

  private boolean isAnchored() {
    return settings.penalty() == Penalty.QUADRATIC;
  }

  private boolean isSynaptic(boolean first, Parameter parameter) {
    return freezing.trains(first, parameter) && !WITHOUT_IMPORTANCE.contains(parameter.role());
  }

  /**
   * Importance acts from the second experience on, and so only on what trains then: nothing else
   * need have any.
   */
  @Override
  public Optional<SparseImportance> importance(Network network, long seed) {
    SynapticSettings.Sparsity sparsity = settings.sparsity();
    if (isOff() || !sparsity.isSparse()) {
      return Optional.empty();
    }
    return Optional.of(
        new SparseImportance(
            sparsity.density(),
            sparsity.selection(),
            sparsity.sparse(),
            p -> isSynaptic(false, p),
            isAnchored(),
            seed));
  }

  @Override
  public void attach(Learner owner) {
    learner = owner;
    if (isAnchored()) {
      owner.anchor();
    }
  }

  @Override
  public void contribute(boolean first, TrainingSpec.Builder step) {
    step.synaptic(p -> !isOff() && isSynaptic(first, p))
        .penalty(settings.penalty())
        .trajectory(settings.trajectory())
        .importanceMax(settings.max())
        .strength(settings.strength());
  }

  /** The path of this experience begins. */
  @Override
  public void begin(Border border) {
    border.learner().beginExperience();
  }

  /** Turns the experience's path into importance. */
  @Override
  public void end(Border border) {
    if (isOff()) {
      return;
    }
    Learner to = border.learner();
    Predicate<Parameter> synaptic = p -> isSynaptic(border.isFirst(), p);
    Optional<SparseVariables> logged = border.isFirst() ? sparse() : Optional.empty();
    if (logged.isPresent()) {
      double retained =
          to.updateImportanceMeasuring(
              settings.scale(), settings.damping(), settings.max(), synaptic);
      LOG.info(
          "{} of {} weights keep {}% of all importance",
          logged.get().count(),
          to.network().parameters().count(),
          String.format(Locale.ROOT, "%.1f", 100 * retained));
    } else {
      to.updateImportance(settings.scale(), settings.damping(), settings.max(), synaptic);
    }
    if (isAnchored()) {
      border.learner().anchor();
    }
  }

  @Override
  public List<Variable> variables(Variables v) {
    if (isOff()) {
      return List.of();
    }
    return v.sparse()
        .map(SparseVariables::packed)
        .orElseGet(
            () ->
                isAnchored()
                    ? List.of(v.cumulative(), v.importance(), v.anchors())
                    : List.of(v.cumulative(), v.importance()));
  }

  private Optional<SparseVariables> sparse() {
    return learner == null ? Optional.empty() : learner.variables().sparse();
  }

  @Override
  public void save(StateWriter state) {
    sparse()
        .ifPresent(
            chosen ->
                state.put(BITS, WordBytes.of(owner().store().readInts(chosen.bits()))));
  }

  @Override
  public void restore(StateReader state) {
    sparse().ifPresent(chosen -> restore(WordBytes.words(state.bytes(BITS)), chosen));
  }

  private void restore(int[] saved, SparseVariables chosen) {
    int words = chosen.bits().type().shape().size();
    int count = Selection.count(saved);
    if (saved.length > words || count > chosen.count()) {
      throw new AccreteException(
          "the saved state gives "
              + count
              + " weights importance where "
              + chosen.count()
              + " may have it; it was saved with another si.density or another network");
    }
    int[] bits = Arrays.copyOf(saved, words);
    owner().store().write(chosen.bits(), bits);
    owner().store().write(chosen.before(), Selection.before(bits));
  }

  private Learner owner() {
    return Objects.requireNonNull(learner, "attach comes first");
  }
}
