package com.example;

import dev.accrete.cl.settings.Nested;
import dev.accrete.cl.settings.Setting;
import dev.accrete.cl.strategy.*;
import dev.accrete.core.Variable;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.nn.TrainingSpec;
import dev.accrete.nn.Variables;
import java.util.List;

/** Elastic weight consolidation (Kirkpatrick et al. 2017), one penalty for all experiences so far. */
public final class Ewc implements StrategyProvider<Ewc.Settings> {
  public record Settings(
      @Nested Solver solver, @Nested("first.") Phase first, @Nested("later.") Phase later,
      @Setting(value = "strength of the pull to earlier weights", min = 0) float lambda,
      @Setting(value = "part of old importance that stays", min = 0, max = 1) float decay) {}

  @Override public String name() { return "ewc"; }
  @Override public String label() { return "EWC"; }
  @Override public String description() { return "pulls weights back by their Fisher information"; }
  @Override public int colour() { return 7; }

  @Override public Settings defaults(int horizon) {
    Phase later = Phase.later(horizon).withLearningRate(1e-4f);
    return new Settings(Solver.PUBLISHED, Phase.FIRST, later, 100, 0.9f);
  }

  @Override public Strategy create(StrategyContext context, Settings settings) {
    return Composition.named(name(), context, settings)
        .solver(settings.solver()).phases(settings.first(), settings.later())
        .with(new Consolidation(settings)).build();
  }

  @Override public long expectedWork(Settings settings, int index, int images, long held) {
    return (long) images * (index == 0 ? settings.first() : settings.later()).epochs();
  }

  private record Consolidation(Settings settings) implements Part {
    @Override public void contribute(boolean first, TrainingSpec.Builder step) {
      step.synaptic(p -> true).penalty(Penalty.QUADRATIC).strength(settings.lambda());
    }

    /** Adds the diagonal of the Fisher information: the mean of each image's squared gradient. */
    @Override public void end(Border border) {
      Variable importance = border.learner().variables().importance();
      float[] fisher = border.learner().snapshot(importance);
      for (int i = 0; i < fisher.length; i++) fisher[i] *= settings.decay();
      border.forEachGradient(1, g -> {
        for (int i = 0; i < g.length; i++) fisher[i] += g[i] * g[i] / border.images().count();
      });
      border.learner().restore(importance, fisher);
      border.learner().anchor();
    }

    @Override public List<Variable> variables(Variables all) {
      return List.of(all.importance(), all.anchors());
    }
  }
}
