package dev.accrete.production.daily;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.cl.metrics.RetrainSchedule;
import dev.accrete.cl.strategy.Cost;
import dev.accrete.core.Backend;
import java.util.Map;

/**
 * What re-training every night would cost. One epoch over some images is really run, twice, the
 * second time measured; a night then costs that times its images times its epochs, which rise from
 * 4 to 50 over the stream by the published rule.
 *
 * @param macs multiply-accumulates of an image-pass
 * @param cpuSeconds processor time of an image-pass
 * @param rule epochs of each night
 */
record RetrainMeter(double macs, double cpuSeconds, RetrainSchedule rule) {
  private static final int FIRST_EPOCHS = 4;
  private static final int WARM_UP = 2;

  /**
   * Measures.
   *
   * @param images enough for some mini-batches
   * @param nights days of the stream
   */
  static RetrainMeter measure(
      LearnerConfig like, ImageSet images, int nights, Backend backend, CpuClock clock) {
    LearnerConfig config =
        new LearnerConfig(
            like.architecture(),
            like.imageSize(),
            "cumulative",
            Map.of("first.epochs", "1", "cumulative.max-epochs", "1"),
            images.classNames(),
            0,
            like.weights(),
            like.seed(),
            1);
    Cost cost = new Cost(0, 0, 0, 1, 0, 0);
    double seconds = 0;
    for (int i = 0; i < WARM_UP; i++) {
      try (ContinualLearner learner = ContinualLearner.create(config, backend)) {
        double before = clock.seconds();
        cost = learner.learn(images);
        seconds = clock.seconds() - before;
      }
    }
    return new RetrainMeter(
        (double) cost.macs() / cost.imagesSeen(),
        seconds / cost.imagesSeen(),
        new RetrainSchedule(nights, FIRST_EPOCHS, RetrainSchedule.LAST_EPOCHS));
  }

  /** Epochs of the night after a day, counted from 0. */
  int epochs(int day) {
    return rule.epochs(day);
  }

  /** Image-passes of that night. */
  long passes(int day, int images) {
    return (long) epochs(day) * images;
  }
}
