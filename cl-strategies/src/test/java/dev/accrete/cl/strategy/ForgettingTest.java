package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Backend;
import dev.accrete.nn.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    Map<String, String> equal = new LinkedHashMap<>();
    ConfiguredStrategy<?> quick = TinyStream.quick(name, STREAM.size());
    Map.of(
            "first.epochs", "10",
            "later.epochs", "8",
            "later.learning-rate", "0.05",
            "cumulative.last-epochs", "4",
            "cumulative.at", Integer.toString(STREAM.size()))
        .forEach(
            (setting, value) -> {
              if (quick.schema().has(setting)) {
                equal.put(setting, value);
              }
            });
    try (Strategy strategy = quick.with(equal).create(TinyStream.context(backend, network))) {
      for (Experience experience : STREAM) {
        strategy.learn(experience, ProgressListener.NONE);
      }
      return TinyStream.accuracy(strategy, TEST);
    }
  }

  @Test
  void ar1AndItsKinKeepWhatNaiveForgets() {
    double naive = finalAccuracy("naive");
    double ar1 = finalAccuracy("ar1-star");
    double replay = finalAccuracy("ar1-free");
    double cwr = finalAccuracy("cwr-star");
    double slda = finalAccuracy("slda");
    double cumulative = finalAccuracy("cumulative");
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
