package dev.accrete.cl.strategy;

import dev.accrete.cl.metrics.RetrainSchedule;
import dev.accrete.cl.settings.Setting;
import java.util.List;

/**
 * When and for how long re-training happens.
 *
 * @param lastEpochs epochs at the last experience of the stream; between it and the first
 *     experience's epochs they rise linearly
 * @param maxEpochs cap on the epochs of one re-training, to fit a budget; reported with every cost
 * @param at numbers of the experiences to train at, counted from 1; empty = all of them
 * @param horizon experiences over which the epochs rise; later ones have the epochs of the last
 * @param schedule how the learning rate of a training runs
 */
public record Retraining(
    @Setting(value = "epochs at the last experience", min = 1, max = 100000) int lastEpochs,
    @Setting(value = "cap on the epochs of one re-training", min = 1, unset = "none") int maxEpochs,
    @Setting(value = "experiences to train at, counted from 1", min = 1, unset = "all")
        List<Integer> at,
    @Setting(value = "experiences over which the epochs rise", min = 1) int horizon,
    @Setting("how the learning rate of a training runs") Annealing schedule) {
  /** Means that no cap is set. */
  public static final int UNCAPPED = Integer.MAX_VALUE;

  /** Copies the list, sorted. */
  public Retraining {
    at = at.stream().distinct().sorted().toList();
  }

  /** The published rule: up to 50 epochs, at every experience. */
  public static Retraining published(int horizon) {
    return new Retraining(
        RetrainSchedule.LAST_EPOCHS, UNCAPPED, List.of(), horizon, Annealing.CONSTANT);
  }

  /** Whether to train at experience {@code index}, counted from 0. */
  public boolean trainsAt(int index) {
    return at.isEmpty() || at.contains(index + 1);
  }

  /**
   * Epochs of the re-training at experience {@code index}, counted from 0.
   *
   * @param firstEpochs epochs at the first experience
   */
  public int epochs(int index, int firstEpochs) {
    RetrainSchedule rule = new RetrainSchedule(horizon, firstEpochs, lastEpochs);
    return Math.min(maxEpochs, rule.epochs(Math.min(index, horizon - 1)));
  }
}
