package dev.accrete.cl.strategy;

import dev.accrete.cl.metrics.RetrainSchedule;
import java.util.List;

/**
 * When and for how long {@code cumulative} trains again from the start.
 *
 * @param lastEpochs epochs at the last experience of the stream; between it and the first
 *     experience's epochs they rise linearly
 * @param maxEpochs cap on the epochs of one re-training, to fit a budget; reported with every cost
 * @param at numbers of the experiences to train at, counted from 1; empty = all of them
 */
public record Retraining(int lastEpochs, int maxEpochs, List<Integer> at) {
  /** Means that no cap is set. */
  public static final int UNCAPPED = Integer.MAX_VALUE;

  /** The published rule: up to 50 epochs, at every experience. */
  public static final Retraining PUBLISHED =
      new Retraining(RetrainSchedule.LAST_EPOCHS, UNCAPPED, List.of());

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public Retraining {
    at = at.stream().distinct().sorted().toList();
    Ranges.require(lastEpochs >= 1, "cumulative.last-epochs", lastEpochs, "at least 1");
    Ranges.require(maxEpochs >= 1, "cumulative.max-epochs", maxEpochs, "at least 1");
    Ranges.require(
        at.isEmpty() || at.getFirst() >= 1, "cumulative.at", at, "numbers counted from 1");
  }

  /** Whether to train at experience {@code index}, counted from 0. */
  public boolean trainsAt(int index) {
    return at.isEmpty() || at.contains(index + 1);
  }

  /**
   * Epochs of the re-training at experience {@code index}, counted from 0.
   *
   * @param firstEpochs epochs at the first experience
   * @param experiences experiences of the whole stream
   */
  public int epochs(int index, int firstEpochs, int experiences) {
    int linear = new RetrainSchedule(experiences, firstEpochs, lastEpochs).epochs(index);
    return Math.min(maxEpochs, linear);
  }
}
