package dev.accrete.cl.strategy;

import dev.accrete.core.op.SgdSynaptic;

/**
 * Synaptic intelligence as AR1* uses it; see {@link dev.accrete.core.op.SynapticImportance}.
 *
 * @param penalty how importance acts on a step; {@code NONE} switches it off
 * @param trajectory what is multiplied with a step to give the path integral
 * @param scale c, by which an experience's contribution is scaled
 * @param damping xi, added to the squared path
 * @param max Fmax, the largest importance
 * @param strength lambda of the {@code QUADRATIC} penalty
 */
public record SynapticSettings(
    SgdSynaptic.Penalty penalty,
    SgdSynaptic.Trajectory trajectory,
    float scale,
    float damping,
    float max,
    float strength) {
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
          1e5f);

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
    return new SynapticSettings(other, trajectory, scale, damping, max, strength);
  }

  /** These settings with another path integral. */
  public SynapticSettings withTrajectory(SgdSynaptic.Trajectory other) {
    return new SynapticSettings(penalty, other, scale, damping, max, strength);
  }

  /** These settings with another c. */
  public SynapticSettings withScale(float c) {
    return new SynapticSettings(penalty, trajectory, c, damping, max, strength);
  }

  /** These settings with another xi. */
  public SynapticSettings withDamping(float xi) {
    return new SynapticSettings(penalty, trajectory, scale, xi, max, strength);
  }

  /** These settings with another Fmax. */
  public SynapticSettings withMax(float fMax) {
    return new SynapticSettings(penalty, trajectory, scale, damping, fMax, strength);
  }

  /** These settings with another lambda. */
  public SynapticSettings withStrength(float lambda) {
    return new SynapticSettings(penalty, trajectory, scale, damping, max, lambda);
  }
}
