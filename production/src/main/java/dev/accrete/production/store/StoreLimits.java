package dev.accrete.production.store;

import dev.accrete.production.policy.IngestPolicy;
import dev.accrete.production.policy.Policy;

/**
 * What a store keeps and lets in.
 *
 * @param regressionShare share of good images that is never learned, 0 to below 1
 * @param quarantineShare a day is refused if more than this share of its images is set aside
 * @param nearDistance bits in which the perceptual hashes of near duplicates differ at most; -1
 *     looks for exact duplicates alone, as frames of one video want it
 * @param blankSpread an image is blank if no channel deviates by more grey levels
 * @param keptLearners learner states kept beside those of the aliases
 * @param keptModels model files kept beside those of the aliases
 */
public record StoreLimits(
    double regressionShare,
    double quarantineShare,
    int nearDistance,
    double blankSpread,
    int keptLearners,
    int keptModels) {
  private static final int BITS = 64;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the value that is out of range
   */
  public StoreLimits {
    require(regressionShare >= 0 && regressionShare < 1, "regression share", regressionShare);
    require(quarantineShare >= 0 && quarantineShare <= 1, "quarantine share", quarantineShare);
    require(nearDistance >= -1 && nearDistance <= BITS, "near distance", nearDistance);
    require(blankSpread >= 0 && blankSpread <= 255, "blank spread", blankSpread);
    require(keptLearners >= 0, "number of kept learners", keptLearners);
    require(keptModels >= 0, "number of kept models", keptModels);
  }

  private static void require(boolean condition, String name, double value) {
    if (!condition) {
      throw new IllegalArgumentException("a " + name + " of " + value + " is out of range");
    }
  }

  /** What the default policy says. */
  public static StoreLimits defaults() {
    return of(Policy.DEFAULT);
  }

  /** What a policy says. */
  public static StoreLimits of(Policy policy) {
    IngestPolicy ingest = policy.ingest();
    return new StoreLimits(
        ingest.regressionShare(),
        ingest.maxQuarantineShare(),
        ingest.nearDuplicates().orElse(-1),
        ingest.blankSpread(),
        policy.retention().learnerStates(),
        policy.retention().models());
  }

  /** The same with another share of images that is never learned. */
  public StoreLimits withRegressionShare(double share) {
    return new StoreLimits(
        share, quarantineShare, nearDistance, blankSpread, keptLearners, keptModels);
  }

  /** The same with another share of images that may be set aside. */
  public StoreLimits withQuarantineShare(double share) {
    return new StoreLimits(
        regressionShare, share, nearDistance, blankSpread, keptLearners, keptModels);
  }

  /** The same with another distance of near duplicates. */
  public StoreLimits withNearDistance(int bits) {
    return new StoreLimits(
        regressionShare, quarantineShare, bits, blankSpread, keptLearners, keptModels);
  }

  /** The same with other numbers of versions whose files are kept. */
  public StoreLimits keeping(int learners, int models) {
    return new StoreLimits(
        regressionShare, quarantineShare, nearDistance, blankSpread, learners, models);
  }
}
