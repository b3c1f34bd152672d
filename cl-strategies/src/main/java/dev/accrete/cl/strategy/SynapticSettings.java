package dev.accrete.cl.strategy;

import dev.accrete.cl.settings.Nested;
import dev.accrete.cl.settings.Setting;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.nn.SparseImportance;

/**
 * Synaptic intelligence as AR1* uses it; see {@link dev.accrete.core.op.SynapticImportance}.
 *
 * @param penalty how importance acts on a step; {@code NONE} switches it off
 * @param trajectory what is multiplied with a step to give the path integral
 * @param scale c, by which an experience's contribution is scaled
 * @param damping xi, added to the squared path
 * @param max Fmax, the largest importance
 * @param strength lambda of the {@code QUADRATIC} penalty
 * @param sparsity which weights keep their importance from one experience to the next
 */
public record SynapticSettings(
    @Setting("how importance acts on a step") SgdSynaptic.Penalty penalty,
    @Setting("what is multiplied with a step to give the path integral")
        SgdSynaptic.Trajectory trajectory,
    @Setting(value = "c: scale of an experience's contribution", min = 0) float scale,
    @Setting(value = "xi: added to the squared path", above = 0) float damping,
    @Setting(value = "Fmax: the largest importance", above = 0) float max,
    @Setting(value = "lambda of the quadratic penalty", min = 0) float strength,
    @Nested Sparsity sparsity) {
  /**
   * Which weights keep their importance; see {@link SparseImportance}.
   *
   * @param density the share that does, in (0, 1]; 1 = importance is dense
   * @param selection whether weights compete within their layer or with all others
   * @param sparse which are chosen: those of the highest importance, or as controls some drawn by
   *     lot or those of the largest magnitude
   */
  public record Sparsity(
      @Setting(value = "share of the weights that keep their importance", above = 0, max = 1)
          double density,
      @Setting("which weights compete for it") SparseImportance.Grouping selection,
      @Setting("which are chosen") SparseImportance.Criterion sparse) {
    /** All weights. */
    public static final Sparsity DENSE =
        new Sparsity(1, SparseImportance.Grouping.GLOBAL, SparseImportance.Criterion.TOP);

    /** Whether any weight is left out. */
    boolean isSparse() {
      return density < 1;
    }
  }

  /**
   * The published values: c = 0.5, xi = 1e-7, Fmax = 0.001, importance scales the gradient. Only
   * lambda is ours: at the later learning rate of 1e-4 a step pulls a weight of full importance 1%
   * of the way back to its anchor, before momentum.
   */
  public static final SynapticSettings PUBLISHED =
      new SynapticSettings(
          SgdSynaptic.Penalty.GRADIENT_SCALE,
          SgdSynaptic.Trajectory.TASK_GRADIENT,
          0.5f,
          1e-7f,
          0.001f,
          1e5f,
          Sparsity.DENSE);
}
