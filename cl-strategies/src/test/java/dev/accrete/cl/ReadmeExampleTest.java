package dev.accrete.cl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.SimulatedCore50;
import dev.accrete.cl.scenario.CoreOptions;
import dev.accrete.cl.scenario.Batch;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.cl.scenario.FrameScenario;
import dev.accrete.cl.scenario.Scenarios;
import dev.accrete.cl.strategy.Strategies;
import dev.accrete.cl.strategy.Strategy;
import dev.accrete.cl.strategy.StrategyContext;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.nn.Backbones;
import dev.accrete.nn.MobileNetV1;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.Weights;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The ten lines of the README, on the first experiences of a thinned stream. */
class ReadmeExampleTest {
  @Test
  void runsAsWritten() {
    CoreOptions few = CoreOptions.STANDARD.withFramesEvery(100).withTestEvery(2000);
    FrameScenario scenario = Scenarios.parse("nicv2-391").overCore50(few, 0).first(2);
    SimulatedCore50 source = new SimulatedCore50();
    ImageSet trainImages = source.images("train", scenario.trainFrames(), 64);
    ImageSet testImages = source.images("test", scenario.testFrames(), 64);
    try (Backend backend = Backends.create("auto", BackendOptions.defaults())) {
      Network network = MobileNetV1.of(0.5, 50, 64);
      Weights start = Backbones.find(network).orElseThrow().weights(network, 1);
      StrategyContext context =
          new StrategyContext(backend, network, Preprocessing.imageNet(), start, 1);
      try (Strategy model = Strategies.configure("ar1-star", 391).create(context)) {
        for (Batch today : scenario.batches()) {
          model.learn(Experience.of(today, trainImages), (done, total) -> {}); // one day's images
          int[] predicted = model.predict(testImages, scenario.test());
          assertThat(predicted).hasSameSizeAs(scenario.test());
          assertThat(Arrays.stream(predicted)).allMatch(label -> label >= 0 && label < 50);
        }
      }
    }
  }
}
