package com.example;

import dev.accrete.cl.data.DataSpec;
import dev.accrete.cl.data.FrameSource;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.cl.scenario.Batch;
import dev.accrete.cl.scenario.CoreOptions;
import dev.accrete.cl.scenario.FrameScenario;
import dev.accrete.cl.scenario.Scenarios;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Learns a few days of the simulated CORe50, one after the other, and exports the model. */
public final class TenLines {
  public static void main(String[] arguments) {
    CoreOptions few = CoreOptions.DEMO.withFramesEvery(20).withTestEvery(300);
    FrameScenario stream = Scenarios.parse("nicv2-391").overCore50(few, 0).first(5);
    FrameSource frames = DataSpec.simulated().open().frames();
    ImageSet train = frames.images("train", stream.trainFrames(), 64);
    ImageSet test = frames.images("test", stream.testFrames(), 64);

    LearnerConfig config =
        LearnerConfig.of("mobilenet-v1:0.5", 64, "ar1-star")
            .withRoom(50)
            .withSettings(Map.of("mini-batch", "24"));
    try (Backend backend = Backends.create("auto", BackendOptions.defaults());
        ContinualLearner learner = ContinualLearner.create(config, backend)) {
      for (Batch day : stream.batches()) {
        learner.learn(train.subset(day.images())); // one day's batch
        List<String> predicted = learner.predict(test);
        System.out.printf(
            "day %d: knows %d classes, names %d of %d pictures of all 50 right%n",
            learner.days(), learner.classes().size(), right(test, predicted), test.size());
      }
      learner.model().save(Path.of(arguments[0])); // predicts by itself
    }
  }

  private static long right(ImageSet test, List<String> predicted) {
    return IntStream.range(0, test.size())
        .filter(i -> predicted.get(i).equals(test.classNames().get(test.label(i))))
        .count();
  }
}
