package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Backend;
import dev.accrete.nn.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the strategies are for, on a stream of one class at a time. */
class ForgettingTest {
  private static final ImageSet TRAIN = TinyStream.images(TinyStream.CLASSES, 60, 1);
  private static final ImageSet TEST = TinyStream.images(TinyStream.CLASSES, 20, 2);
  private static final List<Experience> STREAM =
      TinyStream.experiences(
          TRAIN,
          20,
          new int[] {0, 2, 4},
          new int[] {1},
          new int[] {3},
          new int[] {5},
          new int[] {0},
          new int[] {2},
          new int[] {1},
          new int[] {4});

  private final Backend backend = TinyStream.backend();
  private final Network network = TinyStream.network(TinyStream.CLASSES);

  /** All with the same learning rates and epochs, so that the strategy makes the difference. */
  private double finalAccuracy(String name) {
    Hyperparameters quick = TinyStream.quick(name, STREAM.size());
    Hyperparameters settings =
        quick.toBuilder()
            .first(quick.first().withEpochs(10))
            .later(quick.later().withEpochs(8).withLearningRate(0.05f))
            .retrain(new Retraining(4, 4, List.of(STREAM.size())))
            .build();
    try (Strategy strategy =
        Strategies.create(name, TinyStream.context(backend, network, STREAM.size()), settings)) {
      for (Experience experience : STREAM) {
        strategy.learn(experience, TRAIN, Progress.NONE);
      }
      return TinyStream.accuracy(strategy, TEST);
    }
  }

  @Test
  void ar1AndItsKinKeepWhatNaiveForgets() {
    double naive = finalAccuracy(Strategies.NAIVE);
    double ar1 = finalAccuracy(Strategies.AR1_STAR);
    double replay = finalAccuracy(Strategies.AR1_FREE);
    double cwr = finalAccuracy(Strategies.CWR_STAR);
    double slda = finalAccuracy(Strategies.SLDA);
    double cumulative = finalAccuracy(Strategies.CUMULATIVE);
    String all =
        "naive "
            + naive
            + ", ar1-star "
            + ar1
            + ", ar1-free "
            + replay
            + ", cwr-star "
            + cwr
            + ", slda "
            + slda
            + ", cumulative "
            + cumulative;
    assertThat(ar1).as(all).isGreaterThan(naive + 0.25);
    assertThat(replay).as(all).isGreaterThan(naive + 0.25);
    assertThat(cwr).as(all).isGreaterThan(naive + 0.25);
    assertThat(slda).as(all).isGreaterThan(naive + 0.25);
    assertThat(cumulative).as(all).isGreaterThan(0.9);
  }
}
