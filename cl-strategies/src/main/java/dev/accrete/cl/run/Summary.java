package dev.accrete.cl.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.accrete.cl.metrics.Saving;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The result of a run; {@code summary.json} is this record.
 *
 * @param schema version of this layout
 * @param scenario name of the stream
 * @param run which order
 * @param experiences length of the stream
 * @param data where the images come from
 * @param model architecture
 * @param weights where its first weights come from
 * @param imageSize height and width in pixels
 * @param seed the seed
 * @param backend what computed, such as {@code vector}
 * @param device the same in words
 * @param skipped images left out because they could not be decoded; empty if there were none
 * @param processPeakBytes the most memory the process of the last part of the run occupied
 * @param retraining what {@code cumulative} did; empty if it was not run
 * @param strategies the results, by name
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Summary(
    int schema,
    String scenario,
    int run,
    int experiences,
    String data,
    String model,
    String weights,
    int imageSize,
    long seed,
    String backend,
    String device,
    Optional<Skipped> skipped,
    Optional<Long> processPeakBytes,
    Optional<Retraining> retraining,
    Map<String, Result> strategies) {
  /** The present version. */
  public static final int SCHEMA = 1;

  /** Images left out because they could not be decoded. */
  public record Skipped(int train, int test) {}

  /**
   * Where re-training was measured and for how long.
   *
   * @param sampled whether it ran at some experiences only; savings then rest on interpolation
   * @param cumulativeAt the experiences at which it ran, counted from 1
   * @param epochs epochs it ran there
   * @param ruleEpochs epochs the rule of re-train and re-deploy asks for there (4 rising to 50);
   *     where fewer ran, the measured cost of a pass is multiplied up to these
   */
  public record Retraining(
      boolean sampled, List<Integer> cumulativeAt, List<Integer> epochs, List<Integer> ruleEpochs) {
    /** Copies the lists. */
    public Retraining {
      cumulativeAt = List.copyOf(cumulativeAt);
      epochs = List.copyOf(epochs);
      ruleEpochs = List.copyOf(ruleEpochs);
    }

    /** Whether fewer epochs ran than the rule asks for. */
    public boolean capped() {
      return !epochs.equals(ruleEpochs);
    }
  }

  /**
   * One strategy.
   *
   * @param finalAccuracy on the test set after the last experience, 0..1; empty if nothing was
   *     tested
   * @param averageAccuracy mean over the stream; empty if nothing was tested
   * @param forgetting see {@link dev.accrete.cl.metrics.Forgetting}; empty if no class was tested
   *     twice since it was seen
   * @param worstFall see {@link dev.accrete.cl.metrics.AccuracyCurve#worstFall}; empty if nothing
   *     was tested
   * @param groupAccuracy final accuracy on each group of the test set
   * @param trainMacs multiply-accumulates of all training
   * @param trainSeconds wall-clock seconds of all training
   * @param peakBytes most bytes held at a time in training
   * @param stateSha256 digest of the final state: equal for runs that ended in the same bits
   * @param savings against re-training; empty for re-training itself
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Result(
      OptionalDouble finalAccuracy,
      OptionalDouble averageAccuracy,
      OptionalDouble forgetting,
      OptionalDouble worstFall,
      Map<String, Double> groupAccuracy,
      long trainMacs,
      double trainSeconds,
      long peakBytes,
      String stateSha256,
      Optional<Savings> savings) {}

  /**
   * Both accountings.
   *
   * @param seed counted in epochs and images held, as in the published claim
   * @param measured from what was measured; empty if re-training was not run
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Savings(Seed seed, Optional<Measured> measured) {}

  /** Savings counted in epochs (compute) and training images held (memory). */
  public record Seed(Saving compute, Saving memory) {}

  /** Savings in multiply-accumulates (compute), seconds, and peak bytes (memory). */
  public record Measured(StreamSaving compute, StreamSaving seconds, StreamSaving memory) {}

  /**
   * One measured saving.
   *
   * @param average mean over the experiences, of the need at the last one
   * @param last at the last experience
   * @param stream over the whole stream
   */
  public record StreamSaving(double average, double last, double stream) {}
}
