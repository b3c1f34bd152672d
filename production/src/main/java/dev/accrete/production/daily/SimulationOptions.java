package dev.accrete.production.daily;

import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.cl.run.RunConfig;
import dev.accrete.production.policy.Policy;
import java.util.List;
import java.util.Map;

/**
 * What is simulated.
 *
 * @param days of the stream, from its first; at most 391
 * @param framesEvery every so manieth frame of a sequence arrives: a day has 300 of them at 1
 * @param testEvery days between two tests of the champion
 * @param strategy of the store's learner
 * @param noise share of labels that are wrong when they arrive
 * @param asymmetric whether a wrong label is always the next class's, instead of any other's
 * @param review whether somebody looks at every label that review suspects, before the day is
 *     learned, and corrects it if it is wrong
 * @param retrainEvery days from one re-training to the next; 0: never
 * @param run which order of the stream
 * @param seed of labels that go wrong
 * @param loadAndQuery whether every candidate is also tried in a process of its own
 */
public record SimulationOptions(
    int days,
    int framesEvery,
    int testEvery,
    String strategy,
    Map<String, String> settings,
    double noise,
    boolean asymmetric,
    boolean review,
    int retrainEvery,
    int run,
    long seed,
    boolean loadAndQuery) {
  /** Days of the published stream. */
  public static final int ALL_DAYS = 391;

  private static final String MODEL = "mobilenet-v1:0.5";
  private static final int IMAGE_SIZE = 64;
  private static final int TEST_FRAMES_EVERY = 20;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the option, its value and its range
   */
  public SimulationOptions {
    settings = Map.copyOf(settings);
    require("--days", days, 1, ALL_DAYS);
    require("--frames-every", framesEvery, 1, 100);
    require("--test-every", testEvery, 1, ALL_DAYS);
    require("--noise", noise, 0, 0.9);
    require("--retrain-every", retrainEvery, 0, ALL_DAYS);
  }

  private static void require(String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          option + " is " + value + ", must be at least " + least + " and at most " + most);
    }
  }

  /** All days, every fifth frame, clean labels, no re-training. */
  public static SimulationOptions defaults() {
    return new SimulationOptions(
        ALL_DAYS, 5, 10, "analytic", Map.of(), 0, false, false, 0, 0, 0, false);
  }

  /** The same with the first days alone, and every so manieth frame of theirs. */
  public SimulationOptions shortened(int firstDays, int everyFrame) {
    return new SimulationOptions(
        firstDays,
        everyFrame,
        testEvery,
        strategy,
        settings,
        noise,
        asymmetric,
        review,
        retrainEvery,
        run,
        seed,
        loadAndQuery);
  }

  /** What the store learns with. */
  public LearnerConfig learner() {
    return LearnerConfig.of(MODEL, IMAGE_SIZE, strategy).withSettings(settings);
  }

  /** Frames of one video are near duplicates of each other; only equal files are left out. */
  Policy policy() {
    return Policy.parse(
        "ingest:\n  duplicate-distance: off\ngate:\n  load-and-query: " + loadAndQuery + "\n",
        "simulation");
  }

  /** The stream as the research command runs it. */
  RunConfig stream(String backend, int threads) {
    return RunConfig.defaults()
        .with(
            Map.ofEntries(
                Map.entry("scenario", "nicv2-391"),
                Map.entry("run", run),
                Map.entry("first", days),
                Map.entry("data", "sim"),
                Map.entry("model", MODEL),
                Map.entry("imageSize", IMAGE_SIZE),
                Map.entry("framesEvery", framesEvery),
                Map.entry("testFramesEvery", TEST_FRAMES_EVERY),
                Map.entry("strategies", List.of(strategy)),
                Map.entry("backend", backend),
                Map.entry("threads", threads)));
  }
}
