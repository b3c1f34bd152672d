package dev.accrete.cl.strategy;

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
    SgdSynaptic.Penalty penalty,
    SgdSynaptic.Trajectory trajectory,
    float scale,
    float damping,
    float max,
    float strength,
    Sparsity sparsity) {
  /**
   * Which weights keep their importance; see {@link SparseImportance}.
   *
   * @param density the share that does, in (0, 1]; 1 = importance is dense
   * @param selection whether weights compete within their layer or with all others
   * @param criterion which are chosen: those of the highest importance, or as controls some drawn
   *     by lot or those of the largest magnitude
   */
  public record Sparsity(
      double density, SparseImportance.Grouping selection, SparseImportance.Criterion criterion) {
    /** All weights. */
    public static final Sparsity DENSE =
        new Sparsity(1, SparseImportance.Grouping.GLOBAL, SparseImportance.Criterion.TOP);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public Sparsity {
      Ranges.require(density > 0 && density <= 1, "si.density", density, "in (0, 1]");
    }

    /** Whether any weight is left out. */
    boolean isSparse() {
      return density < 1;
    }

    /** This with another density. */
    public Sparsity withDensity(double share) {
      return new Sparsity(share, selection, criterion);
    }

    /** This with other competitors. */
    public Sparsity withSelection(SparseImportance.Grouping grouping) {
      return new Sparsity(density, grouping, criterion);
    }

    /** This with another criterion. */
    public Sparsity withCriterion(SparseImportance.Criterion other) {
      return new Sparsity(density, selection, other);
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

  /** No synaptic intelligence. */
  public static final SynapticSettings NONE = PUBLISHED.withPenalty(SgdSynaptic.Penalty.NONE);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public SynapticSettings {
    Ranges.require(scale >= 0, "si.scale", scale, "at least 0");
    Ranges.require(damping > 0, "si.damping", damping, "positive");
    Ranges.require(max > 0, "si.max", max, "positive");
    Ranges.require(strength >= 0, "si.strength", strength, "at least 0");
  }

  /** These settings with another penalty. */
  public SynapticSettings withPenalty(SgdSynaptic.Penalty other) {
    return new SynapticSettings(other, trajectory, scale, damping, max, strength, sparsity);
  }

  /** These settings with another path integral. */
  public SynapticSettings withTrajectory(SgdSynaptic.Trajectory other) {
    return new SynapticSettings(penalty, other, scale, damping, max, strength, sparsity);
  }

  /** These settings with another c. */
  public SynapticSettings withScale(float c) {
    return new SynapticSettings(penalty, trajectory, c, damping, max, strength, sparsity);
  }

  /** These settings with another xi. */
  public SynapticSettings withDamping(float xi) {
    return new SynapticSettings(penalty, trajectory, scale, xi, max, strength, sparsity);
  }

  /** These settings with another Fmax. */
  public SynapticSettings withMax(float fMax) {
    return new SynapticSettings(penalty, trajectory, scale, damping, fMax, strength, sparsity);
  }

  /** These settings with another lambda. */
  public SynapticSettings withStrength(float lambda) {
    return new SynapticSettings(penalty, trajectory, scale, damping, max, lambda, sparsity);
  }

  /** These settings with another sparsity. */
  public SynapticSettings withSparsity(Sparsity other) {
    return new SynapticSettings(penalty, trajectory, scale, damping, max, strength, other);
  }
}
