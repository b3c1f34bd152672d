package dev.accrete.spark;

import dev.accrete.cl.learner.LearnerConfig;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A {@link LearnerConfig} that can be sent to executors. */
record LearnerRecipe(
    String architecture,
    int imageSize,
    String strategy,
    TreeMap<String, String> settings,
    ArrayList<String> classes,
    int room,
    String weights,
    long seed,
    int horizon)
    implements Serializable {

  /** A configuration whose learners know these classes from the start, in this order. */
  static LearnerRecipe of(LearnerConfig config, List<String> classes) {
    return new LearnerRecipe(
        config.architecture(),
        config.imageSize(),
        config.strategy(),
        new TreeMap<>(config.settings()),
        new ArrayList<>(classes),
        config.room(),
        config.weights(),
        config.seed(),
        config.horizon());
  }

  LearnerConfig config() {
    return new LearnerConfig(
        architecture,
        imageSize,
        strategy,
        Map.copyOf(settings),
        classes,
        room,
        weights,
        seed,
        horizon);
  }
}
