package dev.accrete.production.daily;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a day of a simulated production cost and gave.
 *
 * @param number from 1
 * @param outcome where it ended
 * @param learned training images that the champion knows afterwards
 * @param received good images so far, those held out included
 * @param accuracy of the champion on test images that are in no day, where it was tested; images of
 *     classes that have not come yet count as wrong
 * @param looked labels that review suspected and somebody looked at
 * @param corrected how many of them were wrong
 * @param macs multiply-accumulates of learning
 * @param cpuSeconds processor time of the whole day: taking in, learning, judging, promoting
 * @param wallSeconds the same by the clock
 * @param bytes held by the store afterwards
 * @param learnerBytes of them what the next update needs: the learner's state and the day's pixels
 * @param retrainEpochs epochs of a re-training that night by the published rule
 * @param retrainMacs multiply-accumulates of it
 * @param retrainCpuSeconds processor time of it
 * @param retrainBytes pixels of everything, which it needs
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record StoryDay(
    int number,
    DayOutcome outcome,
    int learned,
    int received,
    OptionalDouble accuracy,
    int looked,
    int corrected,
    long macs,
    double cpuSeconds,
    double wallSeconds,
    long bytes,
    long learnerBytes,
    int retrainEpochs,
    long retrainMacs,
    double retrainCpuSeconds,
    long retrainBytes) {

  /** Sums over days. */
  record Sums(long macs, double cpuSeconds, long retrainMacs, double retrainCpuSeconds) {
    static Sums of(List<StoryDay> days) {
      return new Sums(
          days.stream().mapToLong(StoryDay::macs).sum(),
          days.stream().mapToDouble(StoryDay::cpuSeconds).sum(),
          days.stream().mapToLong(StoryDay::retrainMacs).sum(),
          days.stream().mapToDouble(StoryDay::retrainCpuSeconds).sum());
    }
  }
}
