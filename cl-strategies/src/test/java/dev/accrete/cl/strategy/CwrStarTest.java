package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Backend;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Shape;
import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.GlobalAverage;
import dev.accrete.nn.layer.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CwrStarTest {
  private static final ImageSet TRAIN = TinyStream.images(TinyStream.CLASSES, 40, 1);
  private static final List<Experience> STREAM =
      TinyStream.experiences(TRAIN, 10, new int[] {0, 3}, new int[] {1}, new int[] {3, 4});

  private final Backend backend = TinyStream.backend();

  /** Three classes on two features, so that the head is worked out by hand. */
  private static Network twoFeatures() {
    return Network.of(
        "two",
        Shape.of(3, 8, 8),
        List.of(
            Sequence.normalized(Convolution.of("conv1", 2, 3, 1, 1)), new GlobalAverage("pool")),
        "head",
        3);
  }

  @Test
  void consolidatesAsWorkedOutByHand() {
    Network network = twoFeatures();
    ImageSet set = TinyStream.images(3, 40, 5);
    try (Learner learner = new Learner(backend, network, Preprocessing.centred(3))) {
      learner.initialize(network.initialWeights(1), network.initialMoments());
      ConsolidatedHead head = new ConsolidatedHead(ConsolidateHead.Rule.CWR_STAR);
      head.attach(learner);

      // Four images of class 0 and sixteen of class 2; the head trained to known rows.
      Border first = border(learner, set, 4, 0, 16);
      head.begin(first);
      assertThat(row(learner, network)).containsOnly(0f);
      write(learner, network, 1, 3, 50, 60, 5, 7);
      head.end(first);
      // globavg = (1 + 3 + 5 + 7) / 4 = 4; nothing past, so the rows are w - 4.
      assertBank(learner, -3, -1, 0, 0, 1, 3);
      assertThat(row(learner, network)).containsExactly(-3, -1, 0, 0, 1, 3);
      assertThat(head.seen()).containsExactly(true, false, true);

      // Nine images of class 1 and four of class 2.
      Border second = border(learner, set, 0, 9, 4);
      head.begin(second);
      assertThat(row(learner, network)).containsExactly(0, 0, 0, 0, 1, 3);
      write(learner, network, 70, 80, 2, 4, 6, 8);
      head.end(second);
      // globavg = 5. Class 1 is new: (-3, -1). Class 2: p = sqrt(16 / 4) = 2, so
      // (1 * 2 + 6 - 5) / 3 = 1 and (3 * 2 + 8 - 5) / 3 = 3.
      assertBank(learner, -3, -1, -3, -1, 1, 3);
      assertThat(learner.snapshot(learner.variables().past())).containsExactly(4, 9, 20);

      // One image of class 0 alone: p = sqrt(4 / 1) = 2, globavg = 1.5.
      Border third = border(learner, set, 1, 0, 0);
      head.begin(third);
      assertThat(row(learner, network)).containsExactly(-3, -1, 0, 0, 0, 0);
      write(learner, network, 6, -3, 0, 0, 0, 0);
      head.end(third);
      // (-3 * 2 + 6 - 1.5) / 3 = -0.5 and (-1 * 2 - 3 - 1.5) / 3 = -13 / 6.
      assertBank(learner, -0.5f, -13 / 6f, -3, -1, 1, 3);
      assertThat(learner.snapshot(learner.variables().past())).containsExactly(5, 9, 20);
    }
  }

  private static Border border(Learner learner, ImageSet set, int... perClass) {
    List<Integer> indices = new ArrayList<>();
    for (int c = 0; c < perClass.length; c++) {
      for (int i = 0; i < perClass[c]; i++) {
        indices.add(c * 40 + i);
      }
    }
    ImageSet images = set.subset(indices.stream().mapToInt(Integer::intValue).toArray());
    return new Border(
        0, learner, LabelledImages.of(learner.network(), images), Optional.empty(), new Work());
  }

  private static float[] row(Learner learner, Network network) {
    Parameter head = network.head();
    float[] weights = learner.snapshot(learner.variables().weights());
    return Arrays.copyOfRange(weights, head.offset(), head.offset() + head.size());
  }

  private static void write(Learner learner, Network network, float... head) {
    learner.store().write(learner.variables().weights(), network.head().offset(), head, 0, 6);
  }

  private static void assertBank(Learner learner, float... expected) {
    assertThat(learner.snapshot(learner.variables().bank()))
        .containsExactly(expected, within(1e-6f));
  }

  @Test
  void everythingBelowTheHeadIsFrozenAfterTheFirstExperience() {
    Network network = TinyStream.network(TinyStream.CLASSES);
    StrategyContext context = TinyStream.context(backend, network);
    try (Strategy strategy =
        TinyStream.quick("cwr-star", 3).create(context)) {
      strategy.learn(STREAM.get(0), ProgressListener.NONE);
      MapState first = MapState.of(strategy);
      assertThat(first.floats("moments")).isNotEqualTo(context.initial().moments());
      strategy.learn(STREAM.get(1), ProgressListener.NONE);
      strategy.learn(STREAM.get(2), ProgressListener.NONE);
      MapState third = MapState.of(strategy);
      assertThat(third.floats("moments")).isEqualTo(first.floats("moments"));
      assertThat(third.floats("bank")).isNotEqualTo(first.floats("bank"));
      for (Parameter parameter : network.parameters().all()) {
        if (parameter.role() != Role.HEAD) {
          int to = parameter.offset() + parameter.size();
          assertThat(Arrays.copyOfRange(third.floats("weights"), parameter.offset(), to))
              .as(parameter.name())
              .isEqualTo(Arrays.copyOfRange(first.floats("weights"), parameter.offset(), to));
        }
      }
    }
  }

  @Test
  void theFrozenNetworkRunsOncePerImageHoweverManyEpochs() {
    long one = macsOfSecondExperience(1);
    long five = macsOfSecondExperience(5);
    long perEpoch = (five - one) / 4;
    assertThat((five - one) % 4).isZero();
    // One mini-batch of 16 rows: head forward and weight gradient, 16 x 6 x 16 each.
    assertThat(perEpoch).isEqualTo(2L * 16 * TinyStream.CLASSES * 16);
    assertThat(one - perEpoch).isGreaterThan(10 * perEpoch);
  }

  private long macsOfSecondExperience(int epochs) {
    Network network = TinyStream.network(TinyStream.CLASSES);
    try (Strategy strategy =
        TinyStream.quick("cwr-star", 3, "later.epochs", Integer.toString(epochs))
            .create(TinyStream.context(backend, network))) {
      strategy.learn(STREAM.get(0), ProgressListener.NONE);
      return strategy.learn(STREAM.get(1), ProgressListener.NONE).macs();
    }
  }
}
