package dev.accrete.app;

import dev.accrete.cl.run.RunConfig;
import java.util.List;
import java.util.Map;

/** What {@code accrete demo} runs: the whole of a stream, small enough for two slow cores. */
final class DemoSettings {
  /** Every 20th frame: 15 of a sequence, 6,000 in all. */
  private static final int FRAMES_EVERY = 20;

  /** 225 test images, one or two of every test sequence. */
  private static final int TEST_FRAMES_EVERY = 200;

  /** Re-training is the dear part: at these experiences and the last, */
  private static final List<Integer> CUMULATIVE_AT = List.of(1, 196);

  /** and for no more than this many epochs. */
  private static final int CUMULATIVE_EPOCHS = 2;

  /** The published 128 images a step are for sequences of 300; ours have 15. */
  private static final int MINI_BATCH = 16;

  /**
   * Ten times the published rates, for both alike: a twentieth of the frames leaves 4 steps of an
   * experience where the published stream takes 12.
   */
  private static final String AR1_LEARNING_RATE = "1e-3";

  private static final String NAIVE_LEARNING_RATE = "3.5e-4";

  /** A fifth of the published memory, for a twentieth of the frames. */
  private static final int LATENTS = 300;

  private DemoSettings() {}

  /** All 391 experiences of NICv2-391 in three or four minutes. */
  static RunConfig standard() {
    return RunConfig.defaults()
        .with(
            Map.ofEntries(
                Map.entry("scenario", "nicv2-391"),
                Map.entry(
                    "strategies",
                    List.of("analytic", "ar1-star", "ar1-free", "naive", "slda", "cumulative")),
                Map.entry("data", "sim"),
                Map.entry("model", "mobilenet-v1:0.5"),
                Map.entry("imageSize", 64),
                Map.entry("framesEvery", FRAMES_EVERY),
                Map.entry("testFramesEvery", TEST_FRAMES_EVERY),
                Map.entry("testEvery", 20),
                Map.entry("checkpointEvery", 10),
                Map.entry("cumulativeAt", CUMULATIVE_AT),
                Map.entry(
                    "hyper",
                    Map.of(
                        "mini-batch", Integer.toString(MINI_BATCH),
                        "ar1-star:later.learning-rate", AR1_LEARNING_RATE,
                        "naive:later.learning-rate", NAIVE_LEARNING_RATE,
                        "ar1-free:replay.memory", Integer.toString(LATENTS),
                        "slda:inference-batch", Integer.toString(MINI_BATCH),
                        "analytic:inference-batch", Integer.toString(MINI_BATCH),
                        "cumulative:cumulative.max-epochs", Integer.toString(CUMULATIVE_EPOCHS)))));
  }

  /** The same in miniature, to show that everything works: less than a minute. */
  static RunConfig smallest() {
    return standard()
        .with(
            Map.of(
                "scenario", "nicv2-79",
                "first", 12,
                "framesEvery", 60,
                "testFramesEvery", 900,
                "testEvery", 2,
                "checkpointEvery", 1,
                "cumulativeAt", List.of(1)));
  }
}
