package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Variable;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.nn.Cut;
import dev.accrete.nn.LatentBank;
import dev.accrete.nn.Network;
import dev.accrete.nn.SparseImportance;
import dev.accrete.nn.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A strategy composed of parts: what its head does, what it freezes, what it holds back, what it
 * replays, and how it trains. Most published strategies for streams are one of these and a few
 * lines.
 *
 * <p>The first experience trains everything and lets the limits of batch renormalization rise;
 * later ones train what the {@link Freezing} leaves, and where that cuts the network, on latents
 * computed once. The solver starts anew with every experience, so momentum is no part of the state.
 */
public final class Composition extends SequentialStrategy {
  private final Builder parts;
  private final NetworkTrainer trainer;
  private final Optional<LatentTraining> latents;

  /** What trains above a cut. */
  private record LatentTraining(LatentExtractor source, LatentTrainer trainer, LatentMemory memory) {}

  private Composition(Builder parts) {
    super(
        parts.name,
        parts.context,
        parts.settings,
        parts.solver.inferenceBatch(),
        parts.importance());
    this.parts = parts;
    try {
      parts.all().forEach(part -> part.attach(learner()));
      trainer = new NetworkTrainer(learner(), parts.solver, this::spec, context().seed());
      latents = parts.freezing.cut().map(this::latentTraining);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private LatentTraining latentTraining(Cut cut) {
    LatentExtractor source = new LatentExtractor(learner(), cut, parts.solver.inferenceBatch());
    LatentMemory memory =
        parts
            .replay
            .map(LatentReplay::memory)
            .orElseGet(() -> LatentMemory.none(learner(), cut.latent()));
    LatentTrainer above =
        new LatentTrainer(learner(), cut, source, parts.solver, this::spec, context().seed());
    return new LatentTraining(source, above, memory);
  }

  /** A composition that begins as fine-tuning with the published solver. */
  public static Builder named(String name, StrategyContext context, Record settings) {
    return new Builder(name, context, settings);
  }

  private TrainingSpec spec(boolean first, Phase phase, int rows) {
    TrainingSpec.Builder step =
        TrainingSpec.builder(network(), rows)
            .norm(parts.solver.norm())
            .multiplier(p -> p.role() == Role.HEAD ? phase.headMultiplier() : 1)
            .weightDecay(parts.solver.weightDecay())
            .synaptic(p -> false)
            .penalty(SgdSynaptic.Penalty.NONE)
            .momentum(parts.solver.momentum(), false);
    parts.all().forEach(part -> part.contribute(first, step));
    return step.build();
  }

  @Override
  protected Trained train(
      int index, LabelledImages images, Work work, ProgressListener progress) {
    boolean first = index == 0;
    Phase phase = first ? parts.first : parts.later;
    Optional<float[]> replayed =
        parts.replay.map(replay -> replay.memory().countByClass(network().classes()));
    int held = images.count() + parts.replay.map(replay -> replay.memory().size()).orElse(0);
    Border border = new Border(index, learner(), images, replayed, work);
    parts.all().forEach(part -> part.begin(border));
    if (first || latents.isEmpty()) {
      trainer.train(index, images, first, phase, work, progress);
      latents.ifPresent(
          above -> {
            trainer.release(); // it will not be needed again
            parts.replay.ifPresent(
                replay -> replay.remember(index, images, work, above.source()));
          });
    } else {
      LatentTraining above = latents.get();
      LatentBank fresh =
          above.trainer().train(index, images, above.memory(), phase, work, progress);
      parts.replay.ifPresent(replay -> replay.remember(index, images, fresh, learner()));
    }
    parts.all().reversed().forEach(part -> part.end(border));
    return new Trained(held, phase.epochs());
  }

  @Override
  protected boolean[] seen() {
    return parts.head.seen();
  }

  @Override
  protected List<Variable> stateVariables() {
    List<Variable> state =
        new ArrayList<>(List.of(learner().variables().weights(), learner().variables().moments()));
    parts.all().forEach(part -> state.addAll(part.variables(learner().variables())));
    return state;
  }

  @Override
  protected void saveState(StateWriter state) {
    parts.all().forEach(part -> part.save(state));
  }

  @Override
  protected void restoreState(StateReader state) {
    parts.all().forEach(part -> part.restore(state));
  }

  /** For tests: what gives latents. */
  LatentExtractor source() {
    return latents.orElseThrow().source();
  }

  /** For tests: what is replayed. */
  LatentMemory memory() {
    return parts.replay.orElseThrow().memory();
  }

  /** Names the parts. */
  public static final class Builder {
    private final String name;
    private final StrategyContext context;
    private final Record settings;
    private final List<Part> others = new ArrayList<>();
    private Solver solver = Solver.PUBLISHED;
    private Phase first = Phase.FIRST;
    private Phase later = Phase.FIRST;
    private HeadPolicy head = new PlainHead();
    private Freezing freezing = Freezing.none();
    private Optional<LatentReplay> replay = Optional.empty();

    private Builder(String name, StrategyContext context, Record settings) {
      this.name = name;
      this.context = context;
      this.settings = settings;
    }

    /** How steps are made. */
    public Builder solver(Solver chosen) {
      solver = chosen;
      return this;
    }

    /** How long and how fast the first experience and the later ones train. */
    public Builder phases(Phase ofFirst, Phase ofLater) {
      first = ofFirst;
      later = ofLater;
      return this;
    }

    /** What becomes of the head's rows. */
    public Builder head(HeadPolicy policy) {
      head = policy;
      return this;
    }

    /** What trains after the first experience. */
    public Builder freezing(Freezing rule) {
      freezing = rule;
      return this;
    }

    /**
     * What is replayed; the {@link #freezing} has to be below the same cut.
     *
     * @throws IllegalArgumentException when built, if it is not
     */
    public Builder replay(LatentReplay memory) {
      replay = Optional.of(memory);
      return this;
    }

    /** A penalty, or anything else that contributes to steps or acts at the borders. */
    public Builder with(Part part) {
      others.add(part);
      return this;
    }

    private List<Part> all() {
      List<Part> all = new ArrayList<>(List.of(head, freezing));
      replay.ifPresent(all::add);
      all.addAll(others);
      return all;
    }

    private Optional<SparseImportance> importance() {
      return all().stream()
          .map(part -> part.importance(context.network(), context.seed()))
          .flatMap(Optional::stream)
          .findFirst();
    }

    /**
     * The strategy.
     *
     * @throws dev.accrete.core.AccreteException if there is not enough memory
     */
    public Composition build() {
      Network network = context.network();
      boolean cut = freezing.cut().map(c -> c.latent().equals(replay.map(LatentReplay::cut)
              .map(Cut::latent).orElse(c.latent()))).orElse(replay.isEmpty());
      if (!cut) {
        throw new IllegalArgumentException(
            name + " replays latents of " + network + " that it does not freeze: cut both alike");
      }
      return new Composition(this);
    }
  }
}
